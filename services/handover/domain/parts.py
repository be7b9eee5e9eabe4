"""The numbered parts of a delivery: packages in their order, together no larger than was agreed."""

from collections.abc import Iterable, Iterator


def parts_of(sizes: Iterable[int], part_size: int) -> Iterator[int]:
    """Give the part of each package, from 1: a new part begins where the present one would grow too large.

    A package that is larger by itself has a part of its own, since no package is cut.
    """
    part, filled = 1, 0
    for size in sizes:
        if filled and filled + size > part_size:
            part, filled = part + 1, 0
        filled += size
        yield part
