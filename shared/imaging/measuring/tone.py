"""Where the dark, the middle and the light of the paper lie, and whether it was exposed too much or too little."""

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from shared.imaging.measuring.odds import logistic
from shared.imaging.measuring.page import Page, Pixels

BLACK, WHITE = 2, 253  # what lies at or beyond them is clipped
BURNT = 252  # in the lightest channel: yellow paper burns out in red first
STROKES = 32  # tones darker than the middle is ink
DARKER_HALF = 0.1  # of the ink is as dark as what is called its tone
LEAST_INK, PALEST = 0.0005, 160
DARK = 128
DARKEST, LEAST_DRAWN = 0.01, 0.0001  # of a page

# Overexposed: most of the paper, ink left out, is one plateau at white; the paler the ink, the surer, for light that
# burns paper lifts ink too. A print on clean white paper keeps grain below white on most of it. Rounded from logistic
# fits that each left one source of pages out, and were alike.
BURNING, INK, START = 10.0, 0.03, -8.0
# Light lifts ink off black. Where much of the ink lies at black all the same, a program set both ends, as in all pages
# of two tones: they say nothing of the light, and no more is said of them than what is known of any page.
AT_BLACK, SET_BY_PROGRAM, TWO_TONES = 5, (0.3, 0.45), (0.5, 0.65)
ROWS = 24
UNTOLD = -1.4
NO_INK_TOLD = 0.0  # a white page without ink is for the search for blank pages to tell
# Underexposed: the lightest of the paper is dark. Sound carbon copies and photographs of pages keep 145 or more.
DIM, DIM_STEP, CRUSHED = 110, 10.0, 6.0


@dataclass(frozen=True, slots=True)
class Tones:
    """Percentiles of tone, 0 (black) to 255, of the paper alone; shares 0 to 1 at either end; contrast 0 to 1."""

    p01: int
    p50: int
    p99: int
    clipped_dark: float
    clipped_light: float
    overexposed_probability: float
    underexposed_probability: float
    contrast: float


def tones_of(page: Page) -> Tones:
    """Measure every STEP-th pixel of the reduced page where it is paper; all of them where there is none."""
    on_paper = page.paper.mask.astype(np.uint8)
    mask = on_paper if on_paper.any() else np.ones_like(on_paper)
    counts = counted(page.sampled_grey, mask)
    summed = np.cumsum(counts)
    p01, p50, p99 = (tone_at(summed, share) for share in (0.01, 0.5, 0.99))
    dark, light = float(summed[BLACK] / summed[-1]), float(1 - summed[WHITE - 1] / summed[-1])
    is_grey = page.reduced.mode == "L"
    lightest = counts if is_grey else counted(lightest_of(page.sampled), mask)
    over = too_much_light(page, lightest, counts, p50)
    under = (DIM - p99) / DIM_STEP + CRUSHED * dark
    return Tones(
        p01,
        p50,
        p99,
        round(dark, 4),
        round(light, 4),
        round(logistic(over), 5),
        round(logistic(under), 5),
        round((p99 - tone_at(summed, ink_quantile(page))) / 255, 4),
    )


def ink_quantile(page: Page) -> float:
    """Give the share of the page below whose tone ink lies: a hundredth, or half of the ink where there is less."""
    share = page.ink_share
    return min(DARKEST, share / 2) if share > LEAST_DRAWN else DARKEST


def lightest_of(colours: Pixels) -> Pixels:
    """Give the lightest channel of each pixel."""
    red, green, blue = cv2.split(colours)
    return np.asarray(cv2.max(cv2.max(red, green), blue), np.uint8)


def counted(tones: Pixels, mask: Pixels) -> NDArray[np.float64]:
    """Count how often each tone comes where the mask says so."""
    height, width = min(tones.shape[0], mask.shape[0]), min(tones.shape[1], mask.shape[1])
    part = np.ascontiguousarray(tones[:height, :width])
    counts = cv2.calcHist([part], [0], np.ascontiguousarray(mask[:height, :width]), [256], [0, 256])
    return np.asarray(counts, dtype=np.float64).ravel()


def too_much_light(page: Page, lightest: NDArray[np.float64], counts: NDArray[np.float64], middle: int) -> float:
    """Give the logarithm of the odds of overexposure by how often each tone comes, in the lightest channel and grey."""
    paper = lightest[max(1, tone_at(np.cumsum(lightest), 0.5) - STROKES) :].sum()
    burnt = float(lightest[BURNT:].sum() / max(1.0, paper))
    ink = ink_tone(counts, middle)
    odds = START + BURNING * burnt + INK * (ink if ink is not None else PALEST)
    if ink is None:
        return min(odds, NO_INK_TOLD)
    by_program = float(np.interp(at_black(counts), SET_BY_PROGRAM, (0, 1)))
    if odds > UNTOLD:
        by_program = max(by_program, float(np.interp(at_black(counted_in_full(page)), TWO_TONES, (0, 1))))
    return (1 - by_program) * odds + by_program * min(odds, UNTOLD)


def at_black(counts: NDArray[np.float64]) -> float:
    """Give how much of the dark is black."""
    return float(counts[: AT_BLACK + 1].sum() / max(1.0, counts[:DARK].sum()))


def counted_in_full(page: Page) -> NDArray[np.float64]:
    """Count how often each tone comes in some rows of full pixels on the paper: reduced, two tones are many."""
    width, height = page.image.size
    mask = page.paper.mask.astype(np.uint8)
    counts = np.zeros(256)
    for share in np.linspace(0.05, 0.95, ROWS):
        on_paper = cv2.resize(mask[int(share * len(mask))][None], (width, 1), interpolation=cv2.INTER_NEAREST)
        row = int(share * height)
        counts += counted(page.grey_at((0, row, width, row + 1)), np.asarray(on_paper, np.uint8))
    return counts


def ink_tone(counts: NDArray[np.float64], middle: int) -> int | None:
    """Give how dark the darker part of the ink is; None for a page without ink."""
    summed = np.cumsum(counts)
    darker = max(1, middle - STROKES)
    if summed[darker - 1] <= LEAST_INK * summed[-1]:
        return None
    return min(PALEST, tone_at(summed[:darker], DARKER_HALF))


def tone_at(counts: NDArray[np.floating[Any] | np.integer[Any]], share: float) -> int:
    """Give the tone below which a share of pixels lies; `counts` is a histogram summed up."""
    return int(np.searchsorted(counts, share * float(counts[-1])))
