"""The tables of a JPEG: a value in them that no encoder writes was changed after it."""

from collections import Counter
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from shared.imaging.containers.jpeg_layout import BASELINE, Layout
from shared.imaging.measurement import Flaw

# T.81 K.1 and K.2, in the zigzag order of files; the second is 99 from its 28th value on but for one
LIGHTNESS = (
    "16 11 12 14 12 10 16 14 13 14 18 17 16 19 24 40 26 24 22 22 24 49 35 37 29 40 58 51 61 60 57 51 "
    "56 55 64 72 92 78 64 68 87 69 55 56 80 109 81 87 95 98 103 104 103 62 77 113 121 112 100 120 92 101 103 99"
)
TINT = "17 18 18 24 21 24 47 26 26 47" + " 99 66 56 66" + " 99" * 50
ZIGZAG = sorted(range(64), key=lambda at: (sum(divmod(at, 8)), at if sum(divmod(at, 8)) % 2 else -at))
FEW, LEAST_CHANGE, COARSE = 2, 2, 12
MOST_LENGTH = {0: 11, 1: 10}  # bits of a value of 8-bit pixels, by class of table (T.81 F.1.2)


def table_flaws(layout: Layout) -> Iterator[Flaw]:
    """Look into the tables; the first that is wrong is enough."""
    for number, table in layout.quantization.items():
        if is_changed(np.array(table)):
            yield Flaw(kind="damaged", detail=f"a value of the JPEG's quantisation table {number} was changed")
            return
    is_baseline = layout.frame is not None and layout.frame.kind in BASELINE
    for number, symbols in layout.symbols:
        if is_wrong(number >> 4, symbols, is_baseline):
            yield Flaw(kind="damaged", detail=f"a symbol of the JPEG's code table {number:02x} was changed")
            return


def is_changed(table: NDArray[np.int64]) -> bool:
    """Say whether a table is one of the IJG library but for a value or two, or has a value that stands out or is 0."""
    if (table == 0).any():
        return True
    for known in KNOWN:
        apart = np.abs(known - table)
        if 0 < np.count_nonzero(apart) <= FEW and apart[1:].max() >= LEAST_CHANGE and known.max() >= COARSE:
            return True
    grid = np.zeros(64, np.int64)
    grid[ZIGZAG] = table
    framed = np.pad(grid.reshape(8, 8), 1)
    around = np.max([framed[:-2, 1:-1], framed[2:, 1:-1], framed[1:-1, :-2], framed[1:-1, 2:]], axis=0)
    return bool((grid.reshape(8, 8) > 4 * around + 16).any())


def is_wrong(kind: int, symbols: bytes, is_baseline: bool) -> bool:
    """Say whether a table has a symbol twice, or one that codes of 8-bit pixels do not have."""
    if max(Counter(symbols).values(), default=0) > 1:
        return True
    return is_baseline and any(symbol & 15 > MOST_LENGTH.get(kind, 15) for symbol in symbols)


def scaled(table: str) -> NDArray[np.int64]:
    """Give a table at all qualities from 1 to 99, as the IJG library makes it."""
    quality = np.arange(1, 100)[:, None]
    percent = np.where(quality < 50, 5000 // quality, 200 - 2 * quality)
    values = np.array([int(value) for value in table.split()])
    return np.asarray(np.clip((values * percent + 50) // 100, 1, 255))


KNOWN = np.concatenate([scaled(LIGHTNESS), scaled(TINT)])
