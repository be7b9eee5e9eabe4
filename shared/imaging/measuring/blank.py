"""Is there anything on the page?"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import ImageOps

from shared.imaging.measuring.crispness import seen_closely
from shared.imaging.measuring.page import Page
from shared.imaging.measuring.strokes import Strokes, strokes_of

ENOUGH = 600.0  # millimetres of writing in a tenth of the page: no need to look at the rest
BLACKENED = 80  # a ground so dark that ink cannot be seen on it
HALF = 20.0  # a page with as many millimetres of writing may as well be blank as not
CLEAR = 0.25
ASKED = (0.20, 0.55), (0.40, 0.08)  # from sharpness to the contrast of ink as sharp
NOTES_ASK = (0.20, 0.40), (0.40, 0.07)
DOUBT = 0.02
NEAR, NEXT, WORD, DOT = 6.0, 2.0, 25.0, 2.5  # millimetres
LETTER, SLIM = 1.2, 0.35  # millimetres high at least, and so thin beside its height
TANGLED = 1.8  # times as long as its way from corner to corner: a hair bends, it does not write
ALONE, IN_WORD = 0.25, 4.0
BY_FAR = 0.06
FEW = 48  # looking closely takes a twelfth of a millisecond each
CROWD = 200  # as many strokes fill a page, and are not asked for their company
PICTURE = 25.0  # millimetres
DRAWN, PEN, NOTE = 6.0, 1.2, 450.0  # millimetres: a pen's stroke is so long and so thin, a note so long in all


@dataclass(frozen=True, slots=True)
class Emptiness:
    """`ink_share` is the share of the page that is ink, `blank_probability` that there is nothing to read; 0 to 1."""

    ink_share: float
    blank_probability: float


def emptiness_of(page: Page) -> Emptiness:
    """Judge by the length of all strokes that somebody wrote or printed, dark or not."""
    written = written_length(page)
    if written < HALF and np.median(page.sampled_grey) < BLACKENED:  # a photostat: what is written is light
        dpi = page.dpi * page.factor if page.dpi else None
        written = written_length(Page(ImageOps.invert(page.image.convert("L")), dpi))
    return Emptiness(round(page.ink_share, 6), round(1 / (1 + (written / HALF) ** 2), 4))


def written_length(page: Page) -> float:
    """Give the millimetres of writing; of a full page only what its middle holds."""
    height = page.grey.shape[0]
    middle = length_in(strokes_of(page.tones, slice(height * 9 // 20, height * 11 // 20), page.millimetre))
    if middle > ENOUGH:
        return middle
    strokes = strokes_of(page.tones, slice(0, height), page.millimetre)
    strokes = strokes.only(is_writing(strokes))
    written = length_in(strokes)
    return written if written > ENOUGH else length_in(seen_closely(page, strokes, faintest_in(strokes)))


def faintest_in(strokes: Strokes) -> NDArray[np.intp]:
    """Give those faint strokes that are most likely written all the same, FEW at most."""
    _, lead = certainty_of(strokes)
    faint = np.flatnonzero(strokes.contrast < CLEAR)
    return np.asarray(faint[np.argsort(-lead[faint])[:FEW]], np.intp)


def length_in(strokes: Strokes) -> float:
    """Sum up what is written: all that is clear, and of the faint as much as it is not outweighed by faint dirt.

    Clear is what is dark, and a word that is darker by far than what shines through as crisply.
    """
    strokes = strokes.only(is_writing(strokes))
    sure, lead = certainty_of(strokes)
    is_sure = sure > 0.5  # what shines through is no company
    weights = np.full(len(sure), ALONE if len(sure) < CROWD else 1.0)
    weights[is_sure] = weight_of(strokes.only(is_sure))
    is_clear = (strokes.contrast >= CLEAR) | ((lead > BY_FAR) & (weights >= IN_WORD))
    certain = np.where(is_clear, 1.0, np.clip(lead / BY_FAR, 0, 1))  # grain makes tangles too
    written = strokes.length * sure * np.where(weights > 1, 1 + (weights - 1) * certain, weights)
    doubtful = float(np.sum(written[~is_clear]))
    share = doubtful / float(np.sum(strokes.length[~is_clear])) if doubtful else 0.0
    return float(np.sum(written[is_clear])) + doubtful * share


def weight_of(strokes: Strokes) -> NDArray[np.float64]:
    """Give 1 to what stands in company, less to a stroke alone, as hairs lie, and least to a dot in no line of others.

    Nobody writes a letter alone, and dust lies in no lines: letters of one size side by side, and a tangle that a pen
    drew without lifting, weigh most.
    """
    if len(strokes.x) > CROWD:
        return np.ones(len(strokes.x))
    across = np.abs(strokes.x[:, None] - strokes.x) - (strokes.width[:, None] + strokes.width) / 2
    down = np.abs(strokes.y[:, None] - strokes.y) - (strokes.height[:, None] + strokes.height) / 2
    higher, lower = (each(strokes.height[:, None], strokes.height) for each in (np.maximum, np.minimum))
    is_drawn = (strokes.height > LETTER) & (strokes.thickness < SLIM * strokes.height)
    beside = (across < lower) & (down < -lower / 2) & (higher < 2 * lower) & is_drawn[:, None] & is_drawn
    letters = np.count_nonzero(beside, axis=1) - is_drawn
    in_word = is_drawn & ((letters > 1) | ((letters[:, None] > 1) & beside).any(axis=0))
    longer = np.maximum(strokes.width, strokes.height)
    is_tangle = is_drawn & (strokes.length > TANGLED * strokes.across) & (longer > 2 * LETTER)
    company = np.count_nonzero((across < NEAR) & (down < NEAR / 2), axis=1) - 1
    in_line = np.count_nonzero(((across < NEXT) & (down < 0)) | ((down < NEXT) & (across < 0)), axis=1) - 1
    is_dot = (longer < DOT) & (strokes.thickness > 0.35 * longer) & (in_line < 2)
    alone = np.where((company > 0) | (strokes.length > WORD) | is_tangle, 1.0, ALONE)
    return np.where(in_word | is_tangle, IN_WORD * alone, np.where(is_dot, 0.05, alone))


def certainty_of(strokes: Strokes) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Say how surely each is ink of this side, 0 to 1: what shines through and what soaked in is soft and faint.

    Beside that, by how much each is darker than is asked of one as soft. The other side shines through as a whole: a
    little that is drawn out as by a pen is a note, though soft.
    """
    is_drawn = (strokes.length > DRAWN) & (strokes.thickness < PEN) & (strokes.contrast < CLEAR)
    is_note = is_drawn & (np.sum(strokes.length[is_drawn]) < NOTE)
    asked = np.where(is_note, np.interp(strokes.sharpness, *NOTES_ASK), np.interp(strokes.sharpness, *ASKED))
    lead = strokes.contrast - asked
    sure = 1 / (1 + np.exp(-np.clip(lead / DOUBT, -50, 50)))
    return np.where(is_picture(strokes), 1.0, sure), lead


def is_picture(strokes: Strokes) -> NDArray[np.bool_]:
    """Tell photographs by their size and their tangled outline; they may have neither sharp nor thin parts."""
    shorter = np.minimum(strokes.width, strokes.height)
    return (shorter > PICTURE) & (strokes.contrast > 0.18) & (strokes.length > 4 * strokes.across)


def is_writing(strokes: Strokes) -> NDArray[np.bool_]:
    """Leave out by their shapes specks of dust, holes and blots, folds, and the outline of a sheet."""
    longer, shorter = np.maximum(strokes.width, strokes.height), np.minimum(strokes.width, strokes.height)
    is_speck = longer < 1.0
    is_hole = (shorter > 3) & (shorter > 0.7 * longer) & (strokes.thickness > 0.36 * shorter)
    is_blot = strokes.thickness > 4
    is_fold = (strokes.across > 20) & (strokes.length < 1.12 * strokes.across)
    is_outline = (shorter > 140) & (strokes.length < 3.2 * strokes.across)
    at_side = strokes.beside > np.where(strokes.contrast < CLEAR, 0.0, 0.15)
    return is_picture(strokes) | ~(is_speck | is_hole | is_blot | is_fold | is_outline | at_side)
