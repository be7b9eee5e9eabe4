"""A small learned reader that tells how upright the text in a window is (taught by bench/qc/teach_orientation.py).

Three layers of convolutions, then the mean and the greatest of every feature along the line, weighed. The weights are
data; running them takes only multiplications of matrices.
"""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Weights = Mapping[str, Floats]

WEIGHTS = Path(__file__).with_name("upright.npz")
AT_ONCE = 32  # windows whose features stay in the processor's cache: twice as fast as all
LAYERS = ((5, 5, 2), (3, 3, 2), (4, 3, 1))  # rows and columns a feature sees, and the step to the next


@cache
def weights() -> Weights:
    """Load the weights once."""
    with np.load(WEIGHTS) as shipped:
        return {name: shipped[name].astype(np.float32) for name in shipped.files}


def seen_by(maps: Floats, rows: int, columns: int, step: int) -> Floats:
    """Lay out what every feature of the next layer sees.

    From (features, count, down, across) to (rows * columns * features, count, down, across).
    """
    features, count, height, width = maps.shape
    down, across = (height - rows) // step + 1, (width - columns) // step + 1
    seen = np.empty((rows, columns, features, count, down, across), np.float32)
    for row in range(rows):
        for column in range(columns):
            seen[row, column] = maps[:, :, row : row + step * down : step, column : column + step * across : step]
    return seen.reshape(-1, count, down, across)


def uprightness_of(windows: Floats, learned: Weights) -> Floats:
    """Give the log odds that the text in each window is upright."""
    few = [odds_of(windows[start : start + AT_ONCE], learned) for start in range(0, len(windows), AT_ONCE)]
    return np.concatenate(few) if few else np.zeros(0, np.float32)


def odds_of(windows: Floats, learned: Weights) -> Floats:
    """Read some windows at once."""
    maps = windows.astype(np.float32, copy=False)[None]
    for number, layer in enumerate(LAYERS):
        seen = seen_by(maps, *layer)
        weighed = learned[f"kernels{number}"].T @ seen.reshape(len(seen), -1)
        weighed += learned[f"offsets{number}"][:, None]
        maps = np.maximum(weighed, 0, out=weighed).reshape(-1, *seen.shape[1:])
    along = maps[:, :, 0]
    pooled = np.concatenate([along.mean(axis=2), along.max(axis=2)])
    odds: Floats = learned["weighing"] @ pooled + learned["offset"]
    return odds
