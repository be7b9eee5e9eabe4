"""Long runs of one byte, which compressed data does not hold: what a lost sector or a copy that broke off leaves."""

from collections.abc import Iterator
from mmap import mmap

import numpy as np

LEAST_RUN = 48


def zero_run(content: "mmap | bytes", start: int, end: int, least: int = LEAST_RUN) -> int | None:
    """Give where a run of at least so many zero bytes begins, or None."""
    found = content.find(bytes(least), start, end)
    return found if found >= 0 else None


def runs_of(content: "mmap | bytes", start: int, end: int) -> Iterator[tuple[int, int]]:
    """Give runs of any byte of at least three quarters of LEAST_RUN: where each begins, roughly, and its byte.

    Looks at whole pieces of 16 bytes, two of which any run of 47 holds.
    """
    pieces = np.frombuffer(content, np.uint8, (end - start) // 16 * 16, start).reshape(-1, 16)
    ends_alike = np.flatnonzero((pieces[:, 0] == pieces[:, 15]) & (pieces[:, 0] == pieces[:, 7]))
    alike = ends_alike[(pieces[ends_alike] == pieces[ends_alike, :1]).all(axis=1)]
    for piece in alike[1:][(np.diff(alike) == 1) & (pieces[alike[1:], 0] == pieces[alike[:-1], 0])]:
        yield start + 16 * (int(piece) - 1), int(pieces[piece, 0])
