"""Sectors of zeros in pixels that are not packed: what a disk gives back for a sector that it lost.

Black in a page begins and ends anywhere. Zeros from the first byte of a sector to the last of one, and not in the
rows above and below or for longer than a row, are no part of a page: chance puts both ends there once in 262,144.
"""

from collections.abc import Iterator

import numpy as np

from shared.imaging.containers.tiff_directories import TiffFile
from shared.imaging.containers.tiff_pieces import PLAIN, Pieces
from shared.imaging.measurement import Flaw

SECTOR = 512


def sector_flaws(file: TiffFile, pieces: Pieces) -> Iterator[Flaw]:
    """Find the first such stretch."""
    if pieces.compression != PLAIN or not pieces.offsets or not pieces.sizes:
        return
    row = (pieces.across * pieces.bits + 7) // 8
    begin, end = min(pieces.offsets), max(at + size for at, size in zip(pieces.offsets, pieces.sizes, strict=False))
    for start, stop in zero_sectors(file, begin, min(end, len(file.content))):
        ends_there = file.content[start - 1] != 0 and (stop >= end or file.content[stop] != 0)
        middle, span = (start + stop) // 2, 32
        beside = [file.content[at - span : at + span] for at in (middle - row, middle + row) if begin + span < at < end]
        if ends_there and (stop - start > row or all(any(near) for near in beside)):
            yield Flaw(kind="hole", detail=f"zeros from byte {start} to {stop}, where sectors begin and end")
            return


def zero_sectors(file: TiffFile, begin: int, end: int) -> Iterator[tuple[int, int]]:
    """Give where runs of whole sectors of zeros begin and end."""
    first = -(-begin // SECTOR)
    count = max(0, end // SECTOR - first)
    sectors = np.frombuffer(file.content, np.uint8, count * SECTOR, first * SECTOR).reshape(count, SECTOR)
    maybe = np.flatnonzero((sectors[:, 0] == 0) & (sectors[:, 255] == 0) & (sectors[:, 511] == 0))
    empty = maybe[~sectors[maybe].any(axis=1)]
    for run in np.split(empty, np.flatnonzero(np.diff(empty) != 1) + 1):
        if len(run):
            yield (first + int(run[0])) * SECTOR, (first + int(run[-1]) + 1) * SECTOR
