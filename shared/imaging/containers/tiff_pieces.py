"""The strips or tiles of a TIFF: as many as its size needs, each inside the file, none over another."""

import struct
import zlib
from collections.abc import Iterator
from itertools import pairwise
from math import ceil

from shared.imaging.containers.runs import LEAST_RUN, runs_of, zero_run
from shared.imaging.containers.tiff_directories import Directory, TiffFile
from shared.imaging.measurement import Flaw
from shared.imaging.outside import Undecodable

WIDTH, HEIGHT, BITS, COMPRESSION, SAMPLES, ROWS, PLANES = 256, 257, 258, 259, 277, 278, 284
STRIPS, STRIP_SIZES, TILES, TILE_SIZES, TILE_WIDTH, TILE_HEIGHT = 273, 279, 324, 325, 322, 323
OLD_JPEG, OLD_JPEG_LENGTH = 513, 514
PLAIN, LZW, JPEG, DEFLATE, OLD_DEFLATE = 1, 5, 7, 8, 32946
PACKED = frozenset({LZW, DEFLATE, OLD_DEFLATE, 34712, 34887, 34925, 50000, 50001})
LEAST_ZEROS = {2: 8, 3: 8, 4: 8, 32773: 160}
SEPARATE = 2
MOST_FILLING = 4096  # bytes: a writer may fill up a page of memory


class Pieces:
    """The strips or tiles of an image, with what one of them holds unpacked."""

    def __init__(self, file: TiffFile, directory: Directory) -> None:
        self.width, self.height = file.one(directory, WIDTH), file.one(directory, HEIGHT)
        self.compression = file.one(directory, COMPRESSION, PLAIN)
        self.is_tiled = TILES in directory.tags
        offsets, sizes = (TILES, TILE_SIZES) if self.is_tiled else (STRIPS, STRIP_SIZES)
        self.offsets = file.numbers(directory.tags.get(offsets))
        self.sizes = file.numbers(directory.tags.get(sizes))
        bits = file.numbers(directory.tags.get(BITS)) or (1,)
        samples = file.one(directory, SAMPLES, 1)
        self.planes = samples if file.one(directory, PLANES, 1) == SEPARATE else 1
        self.bits = bits[0] * (1 if self.planes > 1 else samples)
        rows = file.one(directory, ROWS, self.height) or self.height
        self.across = file.one(directory, TILE_WIDTH) if self.is_tiled else self.width
        self.down = file.one(directory, TILE_HEIGHT) if self.is_tiled else min(rows, self.height)
        self.photometric = file.one(directory, 262)
        self.subsampled = self.photometric == 6 and self.compression not in (JPEG, 6)

    @property
    def needed(self) -> int:
        """How many there must be."""
        if not self.across or not self.down:
            return 0
        return self.planes * ceil(self.width / self.across) * ceil(self.height / self.down)

    def unpacked(self, place: int) -> int:
        """Give the bytes that one holds unpacked: the last strip may be shorter."""
        return (self.across * self.bits + 7) // 8 * self.rows(place)

    def rows(self, place: int) -> int:
        """Give the rows of pixels that one holds."""
        if self.is_tiled:
            return self.down
        each = ceil(self.height / self.down)
        return self.down if place % each < each - 1 else self.height - self.down * (each - 1)


def pieces_end(file: TiffFile, directory: Directory) -> int:
    """Give where the last strip or tile of an image ends, as far as that can be read."""
    try:
        pieces = Pieces(file, directory)
        ends = [offset + size for offset, size in zip(pieces.offsets, pieces.sizes, strict=False)]
        old = file.one(directory, OLD_JPEG) + file.one(directory, OLD_JPEG_LENGTH)
    except (Undecodable, struct.error):
        return 0
    return max(old, *ends) if ends else old


def piece_flaws(file: TiffFile, directory: Directory) -> Iterator[Flaw]:
    """Compare the strips or tiles of an image with its size and with the file. Raises Undecodable."""
    pieces = Pieces(file, directory)
    if pieces.width <= 0 or pieces.height <= 0:
        raise Undecodable("unreadable", "the TIFF does not say its size")
    if not pieces.offsets or len(pieces.offsets) < pieces.needed:
        if OLD_JPEG in directory.tags:
            return
        raise Undecodable("truncated", f"the TIFF has {len(pieces.offsets)} of {pieces.needed} strips or tiles")
    yield from place_flaws(file, pieces)
    yield from content_flaws(file, pieces)


def place_flaws(file: TiffFile, pieces: Pieces) -> Iterator[Flaw]:
    """Look at where they lie. Raises Undecodable when one reaches behind the file's end."""
    if len(pieces.offsets) != pieces.needed or len(pieces.sizes) not in (0, pieces.needed):
        yield Flaw(kind="odd_structure", detail=f"{len(pieces.offsets)} strips or tiles instead of {pieces.needed}")
    spans = sorted({(offset, offset + size) for offset, size in zip(pieces.offsets, pieces.sizes, strict=False)})
    if spans and max(end for _, end in spans) > len(file.content):
        raise Undecodable("truncated", "a strip or tile reaches behind the end of the TIFF")
    if any(size == 0 for size in pieces.sizes):
        yield Flaw(kind="data_missing", detail="a strip or tile of the TIFF is empty")
    if any(end > start for (_, end), (start, _) in pairwise(spans)) or len(spans) < len(pieces.sizes):
        yield Flaw(kind="odd_structure", detail="strips or tiles of the TIFF lie over each other")
    if not pieces.is_tiled and any(one > other for one, other in pairwise(pieces.offsets)) and pieces.planes == 1:
        yield Flaw(kind="odd_structure", detail="strips of the TIFF are out of order")


def content_flaws(file: TiffFile, pieces: Pieces) -> Iterator[Flaw]:
    """Look into them: lengths and sums where they have some, else runs that packed data does not hold."""
    if pieces.compression == PLAIN and not pieces.subsampled:
        yield from plain_flaws(pieces)
    elif pieces.compression in (DEFLATE, OLD_DEFLATE):
        yield from deflate_flaws(file, pieces)
    elif pieces.compression in PACKED or pieces.compression in LEAST_ZEROS:
        yield from hole_flaws(file, pieces)


def plain_flaws(pieces: Pieces) -> Iterator[Flaw]:
    """Compare the lengths of pixels that are not packed. Raises Undecodable."""
    for place, size in enumerate(pieces.sizes[: pieces.needed]):
        wanted = pieces.unpacked(place)
        if size < wanted:
            raise Undecodable("truncated", f"strip or tile {place} has {size} of {wanted} bytes")
        if size - wanted > max(MOST_FILLING, pieces.unpacked(place) // pieces.rows(place)) and size != pieces.unpacked(
            0
        ):
            yield Flaw(kind="data_left", detail=f"strip or tile {place} has {size} bytes instead of {wanted}")
            return


def hole_flaws(file: TiffFile, pieces: Pieces) -> Iterator[Flaw]:
    """Find runs of one byte in packed data.

    Of zeros in facsimile data, where they stand for nothing but its end, and in PackBits, whose plain stretches are of
    128 bytes at most and hold no runs if their writer is not lazy.
    """
    least = LEAST_ZEROS.get(pieces.compression, LEAST_RUN)
    for at, size in zip(pieces.offsets, pieces.sizes, strict=False):
        end = at + size if pieces.compression in PACKED else at + len(file.content[at : at + size].rstrip(b"\0"))
        zeros = zero_run(file.content, at, end, least)
        if zeros is not None or (pieces.compression in PACKED and any(runs_of(file.content, at, end))):
            yield Flaw(kind="hole", detail=f"one byte over and over in packed data, near byte {zeros or at}")
            return


def deflate_flaws(file: TiffFile, pieces: Pieces) -> Iterator[Flaw]:
    """Unpack each, which proves its own sum, and compare its length. Raises Undecodable."""
    spans = [(at, at + size) for at, size in zip(pieces.offsets, pieces.sizes, strict=False)]
    for place, (start, end) in enumerate(spans[: pieces.needed]):
        wanted, packed = pieces.unpacked(place), zlib.decompressobj()
        try:
            length = len(packed.decompress(file.content[start:end], wanted + 1))
            while not packed.eof and packed.unconsumed_tail and length <= wanted:
                length += len(packed.decompress(packed.unconsumed_tail, wanted + 1))
        except zlib.error as broken:
            raise Undecodable("unreadable", f"strip or tile {place}: {broken}"[:300]) from broken
        if length < wanted:
            raise Undecodable("truncated", f"strip or tile {place} holds {length} of {wanted} bytes")
        if not packed.eof:
            yield Flaw(kind="data_left" if length > wanted else "data_missing", detail=f"strip or tile {place}")
            return
