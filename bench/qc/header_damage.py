"""Ways in which the header of an image breaks: another size, depth, place or table than the file was written with.

Each gives a file as it is where its format has no such field. Sums are put right again.
"""

import struct
import zlib
from random import Random

from shared.imaging.containers.tiff_directories import LETTERS, TiffFile
from shared.imaging.formats import JPEG, PNG, TIFF, sniff

WIDTH, HEIGHT, BITS, STRIPS, SIZES = 256, 257, 258, 273, 279
FRAMES = (b"\xff\xc0\x00", b"\xff\xc1\x00", b"\xff\xc2\x00")


def another_size(content: bytes, chance: Random) -> bytes:
    """Make a page an eighth to a half wider, narrower, higher or lower in its header."""
    factor = chance.choice((0.5, 0.75, 0.875, 1.125, 1.25, 1.5))
    side = chance.randrange(2)
    match sniff(content):
        case "image/jpeg":
            at = frame_at(content) + (7, 5)[side]
            return with_number(content, at, ">H", factor)
        case "image/png":
            return with_png_sum(with_number(content, 16 + 4 * side, ">I", factor))
        case "image/jp2":
            boxed = with_number(content, content.index(b"ihdr") + (8, 4)[side], ">I", factor)
            return with_number(boxed, content.index(b"\xff\x4f\xff\x51") + (8, 12)[side], ">I", factor)
    return with_tag(content, (WIDTH, HEIGHT)[side], 0, factor)


def another_depth(content: bytes, chance: Random) -> bytes:
    """Say another number of bits a sample."""
    match sniff(content):
        case "image/jpeg":
            return with_byte(content, frame_at(content) + 4, chance.choice((4, 12, 16)))
        case "image/png":
            return with_png_sum(with_byte(content, 24, chance.choice((1, 2, 4, 16))))
        case "image/jp2":
            return with_byte(content, content.index(b"\xff\x4f\xff\x51") + 42, chance.choice((3, 11, 15)))
    return with_tag(content, BITS, 0, chance.choice((0.5, 2)))


def another_table(content: bytes, chance: Random) -> bytes:
    """Turn one bit in one of a JPEG's tables of quantisation or codes."""
    if sniff(content) != JPEG:
        return content
    found = [at for kind in (b"\xff\xdb", b"\xff\xc4") for at in places_of(content, kind)]
    at = chance.choice(found)
    length = int.from_bytes(content[at + 2 : at + 4])
    where = at + 4 + chance.randrange(min(length - 2, 100))
    return with_byte(content, where, content[where] ^ 1 << chance.randrange(8))


def another_place(content: bytes, chance: Random) -> bytes:
    """Let one strip of a TIFF lie elsewhere, or one of its boxes, parts or chunks have another length."""
    match sniff(content):
        case "image/jpeg":
            at = content.index(chance.choice((b"\xff\xdb", b"\xff\xc4", b"\xff\xe0")))
            return with_byte(content, at + 3, content[at + 3] ^ 1 << chance.randrange(6))
        case "image/png":
            at = content.index(b"IDAT") - 4
            return with_number(content, at, ">I", chance.choice((0.5, 0.9, 1.1)))
        case "image/jp2":
            at = content.index(chance.choice((b"jp2h", b"ihdr", b"colr", b"jp2c"))) - 4
            return content[:at] + bytes((0, chance.randrange(64), 0, chance.randrange(1, 200))) + content[at + 4 :]
    tag = chance.choice((STRIPS, SIZES))
    return with_tag(content, tag, chance.random(), chance.choice((0.5, 0.9, 1.02, 1.1)))


def directory_circle(content: bytes, _chance: Random) -> bytes:
    """Let the directory of a TIFF follow itself."""
    if sniff(content) != TIFF:
        return content
    file = TiffFile(content)
    first = file.first_offset()
    end = file.directory(first).ends_at
    letter = "Q" if file.is_big else "I"
    packed = struct.pack(file.order + letter, first)
    return content[: end - len(packed)] + packed + content[end:]


def packed_again(content: bytes, chance: Random) -> bytes:
    """Turn a bit in the packed pixels of a PNG and put the chunk's sum right."""
    if sniff(content) != PNG:
        return content
    at = content.index(b"IDAT")
    length = int.from_bytes(content[at - 4 : at])
    where = at + 4 + chance.randrange(length)
    changed = with_byte(content, where, content[where] ^ 1 << chance.randrange(8))
    total = zlib.crc32(changed[at : at + 4 + length])
    return changed[: at + 4 + length] + struct.pack(">I", total) + changed[at + 8 + length :]


def frame_at(content: bytes) -> int:
    """Find a JPEG's frame."""
    return next(at for kind in FRAMES if (at := content.find(kind)) >= 0)


def places_of(content: bytes, marker: bytes) -> list[int]:
    """Find the segments of a kind before a JPEG's data."""
    data, found, at = content.find(b"\xff\xda"), [], content.find(marker)
    while 0 <= at < data:
        found.append(at)
        at = content.find(marker, at + 2)
    return found


def with_byte(content: bytes, at: int, byte: int) -> bytes:
    """Put a byte in place of another."""
    return content[:at] + bytes((byte,)) + content[at + 1 :]


def with_number(content: bytes, at: int, form: str, factor: float) -> bytes:
    """Make a number larger or smaller."""
    number = struct.unpack_from(form, content, at)[0]
    size = struct.calcsize(form)
    return content[:at] + struct.pack(form, max(1, round(number * factor))) + content[at + size :]


def with_tag(content: bytes, number: int, which: float, factor: float) -> bytes:
    """Make one of the values of a TIFF's tag larger or smaller; `which` goes from 0 to 1."""
    if sniff(content) != TIFF:
        return content
    file = TiffFile(content)
    tag = file.directory(file.first_offset()).tags[number]
    form = file.order + LETTERS[tag.kind]
    return with_number(content, tag.at + int(which * tag.count) * struct.calcsize(form), form, factor)


def with_png_sum(content: bytes) -> bytes:
    """Put the sum of a PNG's header right."""
    return content[:29] + struct.pack(">I", zlib.crc32(content[12:29])) + content[33:]
