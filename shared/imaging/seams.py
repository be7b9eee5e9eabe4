"""Tones that jump in the middle of a row of a JPEG's blocks and stay so: a changed bit in its data does that.

Each block's mean is coded as the difference to the one before it, row after row. So from the damage on everything is
lighter, darker or tinted by one amount: the steps to the row above begin in some column, and end in the same column of
the next row of blocks. An edge of the page's own content is straight or slanted but never does that.
"""

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from shared.imaging.measurement import Flaw
from shared.imaging.outside import BlockCoding
from shared.imaging.row_ends import clearest_end

Steps = NDArray[np.float64]
Found = tuple[float, int]  # how clear, and where
LEAST_COLUMNS, LEAST_ROWS = 24, 4
CANDIDATES = 6
TINTS = (0, 2)  # red and blue, against green
UNITS = 1.6  # flat paper steps by one unit of its coding wherever it is between two
LEAST_SCORE = 1.4  # whole pages stay below 1.12, of some 2500 files in twenty ways of writing
LEAST_END_SCORE = 1.0  # and these below 0.77
ROUND = 3  # a third of a row before and after a jump must be without steps


def seam_flaws(image: Image.Image, coding: BlockCoding) -> Iterator[Flaw]:
    """Look for such a jump in a page that was decoded of a JPEG and not turned."""
    if image.mode not in ("L", "RGB"):
        return
    seam, end = clearest_seam(image, coding)
    if seam[0] > LEAST_SCORE:
        yield Flaw(kind="shifted", detail=f"tones jump in the middle of pixel row {seam[1]} and stay so")
    elif end[0] > LEAST_END_SCORE:
        yield Flaw(kind="shifted", detail=f"tones jump in the middle of pixel row {end[1]} up to a restart")


def clearest_seam(image: Image.Image, coding: BlockCoding) -> tuple[Found, Found]:
    """Give how clear the clearest jump is, and its row: of those that stay, and of those that end at a restart."""
    down, columns = coding.down, image.width // coding.across
    stays, ends = (0.0, 0), (0.0, 0)
    if columns < LEAST_COLUMNS or image.height < LEAST_ROWS * down:
        return stays, ends
    for kind, steps in enumerate(unit_steps(image, coding)):
        least = UNITS * (coding.tint if kind else coding.lightness)
        score, at, step = clearest(steps.ravel(), columns, least)
        row, column = at // columns + 1, at % columns
        longer = (row, column, columns) if 2 * column < columns else (row + 1, 0, column)
        can_stay = not coding.rows or row % coding.rows < coding.rows - 1
        if (
            score > max(LEAST_SCORE, stays[0])
            and can_stay
            and is_alike(shift_inside(image, coding, kind, (-1,), *longer), step)
        ):
            stays = score, row * down
        score, row, column, step = clearest_end(steps, coding.rows, least)
        part = row, column, columns
        if score > max(LEAST_END_SCORE, ends[0]) and is_alike(shift_inside(image, coding, kind, (-1, 1), *part), step):
            ends = score, row * down
    return stays, ends


def is_alike(shift: float, step: float) -> bool:
    """Say whether whole units differ as their edges do: a stroke or a soft border that lies along them does not."""
    return abs(shift - step) < abs(step) / 2


def shift_inside(  # noqa: PLR0913 - where, and beside what
    image: Image.Image, coding: BlockCoding, kind: int, beside: tuple[int, ...], row: int, first: int, end: int
) -> float:
    """Give how much the tones all over a row's units, from `first` to `end`, differ from those of rows beside it."""
    down, top = coding.down, (row - 1) * coding.down
    part = image.crop((first * coding.across, top, end * coding.across, min(image.height, top + 3 * down)))
    pixels = np.asarray(part)[:, ::2].astype(np.int16)
    tones = pixels if pixels.ndim == 2 else pixels[..., 1]
    if kind:
        tones = pixels[..., TINTS[kind - 1]] - tones
    units = {offset: np.median(tones[(1 + offset) * down : (2 + offset) * down], axis=0) for offset in (0, *beside)}
    return float(np.median(units[0] - np.mean([units[offset] for offset in beside], axis=0)))


def unit_steps(image: Image.Image, coding: BlockCoding) -> Iterator[Steps]:
    """Give the middle of the steps over each unit's upper edge, from the second row of units on."""
    across, columns = coding.across, image.width // coding.across
    for steps in steps_over_edges(image, coding.down):
        units = np.sort(steps[:, : columns * across // 2].reshape(len(steps), columns, across // 2), axis=2)
        yield units[:, :, across // 4 - 1 : across // 4 + 1].mean(axis=2)


def steps_over_edges(image: Image.Image, down: int) -> Iterator[NDArray[Any]]:
    """Give how much tones change over the edges between rows of blocks: lightness, then two tints.

    Lightness is what the step is more than those beside it, so that a stroke of ink is none. Tints are coded at half
    the size and smoothed, and seen over two pixels each way.
    """
    above2, above, below, below2 = (rows_of(image, down, down + offset) for offset in (-2, -1, 0, 1))
    if image.mode == "L":
        yield edge_step(above2, above, below, below2)
        return
    yield edge_step(above2[..., 1], above[..., 1], below[..., 1], below2[..., 1])
    for tint in TINTS:
        yield (below2[..., tint] - below2[..., 1]) - (above2[..., tint] - above2[..., 1])


def edge_step(*rows: NDArray[np.int16]) -> NDArray[np.int16]:
    """Give the step between the middle two of four rows, less the mean of the steps beside it."""
    above2, above, below, below2 = rows
    step: NDArray[np.int16] = below - above - ((above - above2) + (below2 - below)) // 2
    return step


def rows_of(image: Image.Image, period: int, first: int) -> NDArray[np.int16]:
    """Take every second pixel of every so manyth row, from `first` to one period before the end."""
    count, width = (image.height - 2) // period - 1, image.width // 2
    top = first - period // 2
    box = (0, top, 2 * width, top + count * period)
    return np.asarray(image.resize((width, count), Image.Resampling.NEAREST, box=box)).astype(np.int16)


def clearest(steps: Steps, columns: int, least: float) -> tuple[float, int, float]:
    """Find the stretch of one row's length whose steps are most alike and unlike those round it."""
    limit = 3 * float(np.median(np.abs(steps))) + 1
    sums = np.concatenate([[0.0], np.cumsum(np.clip(steps, -limit, limit))])
    means = np.abs(sums[columns:] - sums[:-columns])
    best = (0.0, 0, 0.0)
    for _ in range(CANDIDATES):
        at = int(np.argmax(means))
        means[max(0, at - columns // 2) : at + columns // 2] = 0
        best = max(best, (clearness(steps, at, columns, least), at, float(np.median(steps[at : at + columns]))))
    return best


def clearness(steps: Steps, at: int, columns: int, least: float) -> float:
    """Compare a jump, if it is no less than that, with how much it varies, and with the steps before and after it."""
    column = at % columns
    if min(column, columns - column) < columns // 20 + 2:
        return 0.0  # a straight edge of the page itself
    stretch = steps[at : at + columns]
    step = float(np.median(stretch))
    if abs(step) < least:
        return 0.0
    spread = float(np.median(np.abs(stretch - step)))
    uneven = max(abs(float(np.median(part)) - step) for part in np.array_split(stretch, 6))
    around = (steps[max(0, at - columns // ROUND) : at], steps[at + columns : at + columns + columns // ROUND])
    beside = max((abs(float(np.median(part))) for part in around if len(part) > 4), default=0.0)
    return abs(step) / (1.0 + spread + 1.5 * uneven + 2 * beside)
