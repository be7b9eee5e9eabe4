"""The boxes of a JP2 (ISO/IEC 15444-1 annex I) and the markers of its codestream (annex A)."""

from collections.abc import Iterator
from dataclasses import dataclass
from math import ceil
from mmap import mmap

import numpy as np

from shared.imaging.containers.runs import zero_run
from shared.imaging.formats import sniff
from shared.imaging.measurement import Flaw
from shared.imaging.outside import Outside, Undecodable

SIZE, TILE_PART, DATA, END = b"\xff\x51", b"\xff\x90", b"\xff\x93", b"\xff\xd9"
PACKET_START, PACKET_HEADER_END = 0x91, 0x92
KNOWN_SUPERBOXES = frozenset({b"jp2h", b"res ", b"asoc", b"uinf"})
VARIOUS = 255  # components of different depths (I.5.3.1)
LEAST_HOLE = 256  # packets without content are a zero byte each, so that runs of some length are usual


@dataclass(frozen=True, slots=True)
class Box:
    """A box: its kind, and where its content begins and ends."""

    kind: bytes
    start: int
    end: int


def walk_jp2(content: mmap) -> Outside:
    """Walk boxes and codestream to the end. Raises Undecodable."""
    boxes = list(boxes_of(content, 0, len(content)))
    kinds = [box.kind for box in boxes]
    if kinds[:2] != [b"jP  ", b"ftyp"] or b"jp2h" not in kinds:
        raise Undecodable("unreadable", "the JP2 does not begin with its boxes")
    if b"jp2c" not in kinds:
        raise Undecodable("truncated", "the JP2 has no codestream")
    code = boxes[kinds.index(b"jp2c")]
    flaws = [*header_flaws(content, boxes[kinds.index(b"jp2h")], code), *tile_flaws(content, code)]
    end = boxes[-1].end
    behind = len(content) - end
    is_another = sniff(content[end : end + 64]) is not None
    return Outside(behind, 2 if is_another or kinds.count(b"jp2c") > 1 else 1, tuple(flaws))


def boxes_of(content: "mmap | bytes", at: int, end: int) -> Iterator[Box]:
    """Give the boxes between two places; bytes at the end that are none are left. Raises Undecodable."""
    while at + 8 <= end:
        length, kind, head = int.from_bytes(content[at : at + 4]), bytes(content[at + 4 : at + 8]), 8
        if not all(32 <= letter < 127 for letter in kind):
            return
        if length == 1:
            length, head = int.from_bytes(content[at + 8 : at + 16]), 16
        elif length == 0:
            length = end - at
        if length < head:
            raise Undecodable("unreadable", f"a box {kind!r} of the JP2 has the length {length}")
        if at + length > end:
            raise Undecodable("truncated", f"a box {kind!r} of the JP2 reaches behind the end")
        yield Box(kind, at + head, at + length)
        at += length


def header_flaws(content: "mmap | bytes", header: Box, code: Box) -> Iterator[Flaw]:
    """Compare the size that the boxes say with that of the codestream. Raises Undecodable."""
    boxes = list(boxes_of(content, header.start, header.end))
    for box in boxes:
        if box.kind in KNOWN_SUPERBOXES:
            list(boxes_of(content, box.start, box.end))
    if not boxes or boxes[0].kind != b"ihdr":
        raise Undecodable("unreadable", "the JP2 has no image header")
    height, width = (int.from_bytes(content[boxes[0].start + at : boxes[0].start + at + 4]) for at in (0, 4))
    area = area_of(content, code)
    if (width, height) != (area[2] - area[0], area[3] - area[1]):
        raise Undecodable("unreadable", f"the JP2 says {width} by {height}, its codestream something else")
    depth, depths = content[boxes[0].start + 10], depths_of(content, code)
    if depth != VARIOUS and set(depths) != {depth}:
        yield Flaw(kind="damaged", detail="the JP2 says another depth than its codestream")
    if boxes[-1].end != header.end:
        yield Flaw(kind="odd_structure", detail="the JP2's header boxes do not fill their frame")


def depths_of(content: "mmap | bytes", code: Box) -> bytes:
    """Give the depth of each component, less one, and its sign as the uppermost bit (A.5.1)."""
    parts = code.start + 42
    return content[parts : parts + 3 * int.from_bytes(content[parts - 2 : parts])][::3]


def area_of(content: "mmap | bytes", code: Box) -> tuple[int, ...]:
    """Read left, top, right, bottom of the image, then width, height, left and top of tiles. Raises Undecodable."""
    at = code.start
    if content[at : at + 2] != b"\xff\x4f" or content[at + 2 : at + 4] != SIZE:
        raise Undecodable("unreadable", "the codestream does not begin with its size")
    right, bottom, left, top, *tiles = (int.from_bytes(content[at + 8 + 4 * n : at + 12 + 4 * n]) for n in range(8))
    if right <= left or bottom <= top or not tiles[0] or not tiles[1]:
        raise Undecodable("unreadable", "the codestream's size is empty")
    return (left, top, right, bottom, *tiles)


def tile_flaws(content: "mmap | bytes", code: Box) -> Iterator[Flaw]:
    """Go from tile-part to tile-part and see that each tile is there and the end too. Raises Undecodable."""
    _left, _top, right, bottom, width, height, tile_left, tile_top = area_of(content, code)
    expected = ceil((right - tile_left) / width) * ceil((bottom - tile_top) / height)
    seen, at = set[int](), first_tile_part(content, code)
    while content[at : at + 2] == TILE_PART:
        tile, length = int.from_bytes(content[at + 4 : at + 6]), int.from_bytes(content[at + 6 : at + 10])
        end = at + length if length else code.end - 2
        if end > code.end or length in range(1, 14) or tile >= expected:
            raise Undecodable("truncated", f"a part of tile {tile} reaches behind the codestream's end")
        seen.add(tile)
        yield from data_flaws(content, at, end)
        at = end
    if len(seen) < expected:
        raise Undecodable("truncated", f"the codestream has {len(seen)} of {expected} tiles")
    if content[at : at + 2] != END:
        raise Undecodable("truncated", "the codestream has no end")
    if at + 2 < code.end:
        yield Flaw(kind="data_left", detail=f"{code.end - at - 2} bytes follow the codestream's end in its box")


def first_tile_part(content: "mmap | bytes", code: Box) -> int:
    """Skip the main header. Raises Undecodable."""
    at = code.start + 2
    while content[at : at + 2] != TILE_PART:
        length = int.from_bytes(content[at + 2 : at + 4])
        if at + 4 > code.end or content[at] != 0xFF or length < 2:
            raise Undecodable("truncated", "the codestream has no tiles")
        at += 2 + length
    return at


def data_flaws(content: "mmap | bytes", start: int, end: int) -> Iterator[Flaw]:
    """Find bytes that compressed data never has: ff before more than 8f (§B.10.1, C.2), or hundreds of zeros."""
    begin = content.find(DATA, start, end)
    if begin < 0:
        raise Undecodable("unreadable", "a tile-part without data")
    pixels = np.frombuffer(content, np.uint8, end - begin - 2, begin + 2)
    follows = pixels[1:][pixels[:-1] == 0xFF]
    wrong = (follows > 0x8F) & (follows != PACKET_START) & (follows != PACKET_HEADER_END)
    if wrong.any():
        yield Flaw(kind="damaged", detail=f"{int(wrong.sum())} marks inside the data of a tile-part")
    elif (at := zero_run(content, begin + 2, end, LEAST_HOLE)) is not None:
        yield Flaw(kind="hole", detail=f"zeros over and over from byte {at} on")
