"""Tones that jump in the middle of a row of blocks and stay so: a changed bit in a JPEG's data does that.

Each block's mean is coded as the difference to the one before it, row after row. So from the damage on everything is
lighter, darker or tinted by one amount, and where the shift begins and one row of blocks later are steps to the row
above that together make exactly one row's length. An edge of the page's own content is straight or slanted, but never
ends and begins again in the same column of the next row of blocks.
"""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from shared.imaging.measurement import Flaw

CANDIDATES = 6
LEAST_COLUMNS = 24
LEAST_SCORE = 2.5


def shift_flaws(blocks: NDArray[np.uint8], unit: tuple[int, int]) -> Iterator[Flaw]:
    """Look for such a jump in the mean tones of a page's blocks; `unit` is what is coded together, in blocks."""
    score, at, step = shift_of(blocks, unit)
    if score > LEAST_SCORE:
        yield Flaw(kind="shifted", detail=f"tones jump by {step:.0f} from row {at} of blocks on")


def shift_of(blocks: NDArray[np.uint8], unit: tuple[int, int]) -> tuple[float, int, float]:
    """Give how clear the clearest jump is (over 1 is one), the row of blocks it begins in, and its height in tones."""
    across, down = unit
    tones = blocks.astype(np.int16)
    columns = tones.shape[1] // across
    if columns < LEAST_COLUMNS or tones.shape[0] < 4 * down:
        return 0.0, 0, 0.0
    steps = (tones[down::down] - tones[down - 1 : -1 : down])[:, : columns * across]
    steps = steps.reshape(len(steps), columns, across, -1).mean(axis=2)
    best = (0.0, 0, 0.0)
    for channel in channels_of(steps):
        best = max(best, clearest(channel.ravel(), columns))
    return best


def channels_of(steps: NDArray[np.floating]) -> Iterator[NDArray[np.floating]]:
    """Give steps of lightness and of the two tints."""
    if steps.shape[2] == 1:
        yield steps[:, :, 0]
        return
    blue, green, red = np.moveaxis(steps, 2, 0)
    yield green
    yield blue - green
    yield red - green


def clearest(steps: NDArray[np.floating], columns: int) -> tuple[float, int, float]:
    """Find the window of one row's length whose steps are most alike and unlike those round it."""
    limit = 3 * float(np.median(np.abs(steps))) + 1
    sums = np.concatenate([[0.0], np.cumsum(np.clip(steps, -limit, limit))])
    means = np.abs(sums[columns:] - sums[:-columns])
    best = (0.0, 0, 0.0)
    for _ in range(CANDIDATES):
        at = int(np.argmax(means))
        means[max(0, at - columns // 2) : at + columns // 2] = 0
        best = max(best, judged(steps, at, columns))
    return best


def judged(steps: NDArray[np.floating], at: int, columns: int) -> tuple[float, int, float]:
    """Say how clear a jump at a place is."""
    window = steps[at : at + columns]
    step = float(np.median(window))
    parts = [float(np.median(part)) for part in np.array_split(window, 6)]
    spread = float(np.median(np.abs(window - step)))
    around = [steps[max(0, at - columns // 3) : at], steps[at + columns : at + columns + columns // 3]]
    beside = max((abs(float(np.median(part))) for part in around if len(part) > 4), default=0.0)
    uneven = max(abs(part - step) for part in parts)
    column = at % columns
    if min(column, columns - column) < columns // 20 + 2:
        return 0.0, 0, 0.0
    noise = 1.0 + spread + 1.5 * uneven + 2 * beside
    return abs(step) / noise, at // columns + 1, step
