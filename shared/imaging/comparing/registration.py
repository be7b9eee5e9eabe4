"""Lay one page over another: how must it be shifted, turned and scaled so that most of their ink meets?"""

import cv2
import numpy as np
from numpy.typing import NDArray

from shared.imaging.comparing.layout import Layout, Map, Place

Turn = NDArray[np.float64]  # 2 x 3: where a place of one page lies on the other

FIRST, FIRST_REACH, FIRST_GRID = 24, 15, (5, 6)  # patches searched after a guess: cells a side, and cells round it
FEW, MOST = 10, 0.7  # so many are searched first; if most of them agree, that is enough
THEN, THEN_REACH, THEN_GRID = 18, 3, (7, 9)  # and once they are roughly placed
LEAST_COUNT, LEAST_FEW, LEAST_SHARE = 3, 0.3, 0.45  # of patches, the few and all, that must agree on one way


def registered(one: Layout, other: Layout, frame: int, sense: int) -> Turn | None:
    """Lay `other` over `one`, beginning where their frames meet; None if their patches do not agree on a way."""
    guess = meeting(one, other, frame, sense)
    patches = one.patches(FIRST, FIRST_GRID)
    few = patches[:: max(1, len(patches) // FEW)]
    over = laid(other.ink, guess, one.ink)
    step, share = agreed(one, over, few)
    if share < MOST and len(few) < len(patches):
        if share < LEAST_FEW:
            return None
        step, share = agreed(one, over, patches)
    return None if step is None or share < LEAST_SHARE else refined(one, other, joined(guess, step))


def meeting(one: Layout, other: Layout, frame: int, sense: int) -> Turn:
    """Guess how two pages lie on each other: as their frames do."""
    here, there = one.frames[frame], other.frames[frame]
    scale = sense * there.reach / here.reach
    return np.array([[scale, 0, there.x - scale * here.x], [0, scale, there.y - scale * here.y]])


def agreed(one: Layout, over: Map, patches: list[Place]) -> tuple[Turn | None, float]:
    """Better a guess, by which `over` was laid, by where patches are found; with it the share of them that agree."""
    here, there, likeness = found(one.ink, over, patches, FIRST, FIRST_REACH)
    clear = likeness > 0.4
    if int(clear.sum()) < LEAST_COUNT:
        return None, 0.0
    cv2.setRNGSeed(1)
    step, agrees = cv2.estimateAffinePartial2D(
        here[clear], there[clear], method=cv2.RANSAC, ransacReprojThreshold=2.5, maxIters=300
    )
    count = int(np.sum(agrees))
    return (np.asarray(step, np.float64), count / len(patches)) if count >= LEAST_COUNT else (None, 0.0)


def refined(one: Layout, other: Layout, rough: Turn) -> Turn:
    """Better a rough placing by smaller patches; sides may stretch differently, as scanners' do."""
    patches = one.patches(THEN, THEN_GRID)
    here, there, likeness = found(one.ink, laid(other.ink, rough, one.ink), patches, THEN, THEN_REACH)
    clear = likeness > 0.5
    if int(clear.sum()) < 4:
        return rough
    cv2.setRNGSeed(1)
    step, agrees = cv2.estimateAffine2D(
        here[clear], there[clear], method=cv2.RANSAC, ransacReprojThreshold=1.2, maxIters=200
    )
    return joined(rough, step) if int(np.sum(agrees)) >= 4 else rough


def found(
    ink: Map, over: Map, patches: list[Place], size: int, reach: int
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Find each patch of a page nearby on the page laid over it: middles here and there, and how alike they are."""
    height, width = ink.shape
    there: list[tuple[float, float, float]] = []
    for x, y in patches:
        left, top = max(0, x - reach), max(0, y - reach)
        nearby = over[top : min(height, y + size + reach), left : min(width, x + size + reach)]
        likeness = cv2.matchTemplate(nearby, ink[y : y + size, x : x + size], cv2.TM_CCOEFF_NORMED)
        _, best, _, (across, down) = cv2.minMaxLoc(likeness)
        beside, below = vertex(likeness[down], across), vertex(likeness[:, across], down)
        there.append((left + across + beside + size / 2, top + down + below + size / 2, best))
    table = np.array(there, np.float64).reshape(-1, 3)
    here = np.array(patches, np.float64).reshape(-1, 2) + size / 2
    return here, table[:, :2], table[:, 2]


def vertex(line: cv2.typing.MatLike, best: int) -> float:
    """Say how far beside the best of a line its true peak lies, by a parabola."""
    if not 0 < best < len(line) - 1:
        return 0.0
    before, at, after = (float(value) for value in line[best - 1 : best + 2])
    bend = before - 2 * at + after
    return 0.5 * (before - after) / bend if bend < 0 else 0.0


def laid(ink: Map, turn: Turn, over: Map) -> Map:
    """Lay a page's ink over another page."""
    size = (over.shape[1], over.shape[0])
    return np.asarray(cv2.warpAffine(ink, turn, size, flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP), np.float32)


def finer(turn: Turn, one: Layout, other: Layout) -> Turn:
    """Give a turn of the fine cells of two pages for that of their coarse ones."""
    there, here = scale(other), scale(one)
    return np.asarray((there @ np.vstack([turn, (0.0, 0.0, 1.0)]) @ np.linalg.inv(here))[:2], np.float64)


def scale(page: Layout) -> Turn:
    """Say where the middles of a page's coarse cells lie among its fine ones."""
    (height, width), (high, wide) = page.sizes
    across, down = width / wide, height / high
    return np.array([[across, 0, (across - 1) / 2], [0, down, (down - 1) / 2], [0, 0, 1.0]])


def joined(first: Turn, step: cv2.typing.MatLike) -> Turn:
    """Put a step before a turn: where `step` sends a place, `first` goes on from."""
    return np.asarray(first @ np.vstack([step, (0.0, 0.0, 1.0)]), np.float64)
