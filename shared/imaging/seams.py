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

Steps = NDArray[np.float64]
BLOCK = 8
LEAST_COLUMNS, LEAST_ROWS = 24, 4
CANDIDATES = 6
LEAST_SCORE = 0.9  # whole pages stay below 0.8, of 160 in three ways of writing
ROUND = 3  # a third of a row before and after a jump must be without steps


def seam_flaws(image: Image.Image) -> Iterator[Flaw]:
    """Look for such a jump in a JPEG that was decoded and not turned."""
    layers: list[tuple[int, ...]] = getattr(image, "layer", [])
    if image.mode not in ("L", "RGB") or not layers:
        return
    across, down = (max(layer[side] for layer in layers) if len(layers) > 1 else 1 for side in (1, 2))
    score, row = clearest_seam(image, BLOCK * across, BLOCK * down)
    if score > LEAST_SCORE:
        yield Flaw(kind="shifted", detail=f"tones jump in the middle of pixel row {row} and stay so")


def clearest_seam(image: Image.Image, across: int, down: int) -> tuple[float, int]:
    """Give how clear the clearest jump is, and its row; blocks are coded together `across` by `down` pixels."""
    columns = image.width // across
    if columns < LEAST_COLUMNS or image.height < LEAST_ROWS * down:
        return 0.0, 0
    best = (0.0, 0)
    for steps in steps_over_edges(image, down):
        units = np.sort(steps[:, : columns * across // 2].reshape(len(steps), columns, across // 2), axis=2)
        middle = units[:, :, across // 4 - 1 : across // 4 + 1].mean(axis=2)
        score, at = clearest(middle.ravel(), columns)
        best = max(best, (score, (at // columns + 1) * down))
    return best


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
    for tint in (0, 2):
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


def clearest(steps: Steps, columns: int) -> tuple[float, int]:
    """Find the stretch of one row's length whose steps are most alike and unlike those round it."""
    limit = 3 * float(np.median(np.abs(steps))) + 1
    sums = np.concatenate([[0.0], np.cumsum(np.clip(steps, -limit, limit))])
    means = np.abs(sums[columns:] - sums[:-columns])
    best = (0.0, 0)
    for _ in range(CANDIDATES):
        at = int(np.argmax(means))
        means[max(0, at - columns // 2) : at + columns // 2] = 0
        best = max(best, (clearness(steps, at, columns), at))
    return best


def clearness(steps: Steps, at: int, columns: int) -> float:
    """Compare a jump with how much it varies along the row, and with the steps before and after it."""
    column = at % columns
    if min(column, columns - column) < columns // 20 + 2:
        return 0.0  # a straight edge of the page itself
    stretch = steps[at : at + columns]
    step = float(np.median(stretch))
    spread = float(np.median(np.abs(stretch - step)))
    uneven = max(abs(float(np.median(part)) - step) for part in np.array_split(stretch, 6))
    around = (steps[max(0, at - columns // ROUND) : at], steps[at + columns : at + columns + columns // ROUND])
    beside = max((abs(float(np.median(part))) for part in around if len(part) > 4), default=0.0)
    return abs(step) / (1.0 + spread + 1.5 * uneven + 2 * beside)
