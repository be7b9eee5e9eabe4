"""The chunks of a PNG (ISO/IEC 15948): their sums, their order, and whether their data holds exactly its rows."""

import zlib
from collections.abc import Iterator
from mmap import mmap

from shared.imaging.formats import sniff
from shared.imaging.measurement import Flaw
from shared.imaging.outside import Outside, Undecodable

SAMPLES = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}  # by colour type
PASSES = ((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2))
PIECE = 1 << 20
MOST_UNPACKED = 4 << 30  # beyond what any memory limit lets through


def walk_png(content: mmap) -> Outside:
    """Walk the chunks and unpack the rows once, to count them. Raises Undecodable."""
    data: list[tuple[int, int]] = []
    end, frames, has_frames_of_its_own = 8, 1, False
    kinds: list[bytes] = []
    for kind, at, behind in chunks(content):
        kinds.append(kind)
        end = behind
        if kind == b"IDAT":
            data.append((at, behind - 4))
        elif kind == b"acTL":
            frames = min(2, max(1, int.from_bytes(content[at : at + 4])))
        elif kind == b"fdAT":  # of an animation, which need not have the image data for its first frame
            has_frames_of_its_own = True
    header = content[16:29]
    if not kinds or kinds[0] != b"IHDR" or len(header) < 13:
        raise Undecodable("unreadable", "the PNG does not begin with its header")
    is_another = sniff(content[end : end + 64]) is not None
    flaws = [*order_flaws(kinds, header[9]), *row_flaws(content, data, bytes(header))]
    return Outside(len(content) - end, 2 if is_another or has_frames_of_its_own else frames, tuple(flaws))


def chunks(content: "mmap | bytes") -> Iterator[tuple[bytes, int, int]]:
    """Give kind, start of content and end of each chunk up to the last. Raises Undecodable."""
    at = 8
    with memoryview(content) as view:
        while at + 12 <= len(view):
            length, kind = int.from_bytes(view[at : at + 4]), bytes(view[at + 4 : at + 8])
            behind = at + 12 + length
            if behind > len(view):
                break
            with view[at + 4 : behind - 4] as summed:
                if zlib.crc32(summed) != int.from_bytes(view[behind - 4 : behind]):
                    raise Undecodable("unreadable", f"the checksum of a {kind!r} chunk does not hold")
            yield kind, at + 8, behind
            if kind == b"IEND":
                return
            at = behind
    raise Undecodable("truncated", "the PNG has no end")


def order_flaws(kinds: list[bytes], colour: int) -> Iterator[Flaw]:
    """Compare the order of chunks with what §5.6 asks."""
    places = [place for place, kind in enumerate(kinds) if kind == b"IDAT"]
    if kinds.count(b"IHDR") > 1:
        yield Flaw(kind="odd_structure", detail="the PNG has more than one header")
    if places and places[-1] - places[0] + 1 != len(places):
        yield Flaw(kind="odd_structure", detail="other chunks lie between the PNG's image data")
    if colour == 3 and b"PLTE" not in kinds[: places[0] if places else 0]:
        raise Undecodable("unreadable", "the PNG has no palette")


def row_flaws(content: "mmap | bytes", data: list[tuple[int, int]], header: bytes) -> Iterator[Flaw]:
    """Unpack the image data and compare its length, its own sum and its end with what the header asks."""
    wanted = rows_length(header)
    if wanted > MOST_UNPACKED:
        return
    packed = zlib.decompressobj()
    try:
        length = unpacked_length(content, data, packed, wanted)
    except zlib.error as broken:
        raise Undecodable("unreadable", f"the PNG's image data is broken: {broken}"[:300]) from broken
    if length < wanted:
        raise Undecodable("truncated", f"the PNG's image data ends after {length} of {wanted} bytes")
    if length > wanted or packed.unused_data:
        yield Flaw(kind="data_left", detail="the PNG has more image data than its size needs")
    elif not packed.eof:
        yield Flaw(kind="data_missing", detail="the PNG's image data ends without its checksum")


def unpacked_length(
    content: "mmap | bytes", data: list[tuple[int, int]], packed: "zlib._Decompress", wanted: int
) -> int:
    """Count the bytes unpacked, a piece at a time, until there are more than wanted. Raises zlib.error."""
    length = 0
    for start, end in data:
        for at in range(start, end, PIECE):
            piece = content[at : min(end, at + PIECE)]
            while piece and length <= wanted:
                length += len(packed.decompress(piece, 4 * PIECE))
                piece = packed.unconsumed_tail
    return length


def rows_length(header: bytes) -> int:
    """Give the bytes of all rows unpacked, each with its filter byte (§7.2), interlaced or not (§8.2)."""
    width, height = int.from_bytes(header[:4]), int.from_bytes(header[4:8])
    bits = header[8] * SAMPLES.get(header[9], 1)
    if not header[12]:
        return height * (1 + (width * bits + 7) // 8)
    total = 0
    for left, top, across, down in PASSES:
        columns, rows = -(-(width - left) // across), -(-(height - top) // down)
        if columns > 0 and rows > 0:
            total += rows * (1 + (columns * bits + 7) // 8)
    return total
