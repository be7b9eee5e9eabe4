"""Tones that jump in the middle of a row of a JPEG's blocks and come back at its end, where the coding starts anew.

Up to the restart everything is lighter, darker or tinted by one amount: the step over the upper edges of the blocks
is the opposite of the step over their lower edges, from some column to the end, and before it there is neither.
"""

import numpy as np
from numpy.typing import NDArray

Steps = NDArray[np.float64]
End = tuple[float, int, int, float]  # how clear it is, its row and column of units, the step
NONE: End = (0.0, 0, 0, 0.0)
CANDIDATES = 8
PARTS, FEW = 3, 4  # a line of text as high as a row of blocks ends before the page does
ROUND = 3  # a third of a row before the jump must be without steps


def clearest_end(steps: Steps, rows: int, least: float) -> End:
    """Give the clearest that is no less than such a step; the coding starts anew after every so many rows.

    `steps` are those over the upper edges of units, from the second row of units on; 0 rows say that it never starts.
    """
    if not rows or len(steps) < 2:
        return NONE
    last = np.arange(rows - 1, len(steps), rows)
    last = last[last > 0]
    if not len(last):
        return NONE
    upper, lower = steps[last - 1], -steps[last]
    limit = 3 * float(np.median(np.abs(steps))) + 1
    contrast, columns = jumps(np.clip((upper + lower) / 2, -limit, limit))
    best = NONE
    for row in np.argsort(contrast)[: -CANDIDATES - 1 : -1]:
        score, step = clearness(upper[row], lower[row], int(columns[row]))
        if abs(step) >= least:
            best = max(best, (score, int(last[row]), int(columns[row]), step))
    return best


def jumps(shifts: Steps) -> tuple[Steps, NDArray[np.intp]]:
    """Give for each row where the mean before and the mean behind differ most, and how much."""
    width = shifts.shape[1]
    least = width // 20 + 2
    before = np.cumsum(shifts, axis=1)[:, least - 1 : width - least]
    behind = shifts.sum(axis=1, keepdims=True) - before
    count = np.arange(least, width - least + 1)
    contrast = np.abs(behind / (width - count) - before / count) * np.sqrt(count * (width - count) / width)
    columns = np.argmax(contrast, axis=1)
    return contrast[np.arange(len(shifts)), columns], columns + least


def clearness(upper: Steps, lower: Steps, column: int) -> tuple[float, float]:
    """Compare a jump with how much it varies up to the row's end, and with the steps before it."""
    behind = upper[column:], lower[column:]
    step = float(np.median(np.concatenate(behind)))
    spread = float(np.median(np.abs(np.concatenate(behind) - step)))
    parts = [part for side in behind for part in (*np.array_split(side, PARTS), side[:FEW], side[-FEW:])]
    uneven = max(abs(float(np.median(part)) - step) for part in parts)
    start = max(0, column - len(upper) // ROUND)
    beside = max(abs(float(np.median(side[start:column]))) for side in (upper, lower))
    return abs(step) / (1.0 + spread + 1.5 * uneven + 2 * beside), step
