"""The outside of an image file: where it ends, whether its own checksums hold, how it was compressed.

Decoders forgive here: libjpeg fills up a scan that breaks off, and Pillow does not check the sums of PNG's image
data. Damage inside a JPEG scan that still decodes is not seen.
"""

import re
import zlib
from collections.abc import Callable
from mmap import ACCESS_READ, mmap
from pathlib import Path

from shared.imaging.formats import JPEG, PNG, sniff

END_OF_IMAGE, START_OF_SCAN = 0xD9, 0xDA
STANDALONE = frozenset({0x01, 0xD8, *range(0xD0, 0xD8)})
# ITU-T T.81 B.1.1.2: inside and between scans only tables, comments, application data, DNL and the end may follow
AFTER_FIRST_SCAN = frozenset({0xC4, 0xCC, END_OF_IMAGE, START_OF_SCAN, 0xDB, 0xDC, 0xDD, 0xFE, *range(0xE0, 0xF0)})
_MARKER = re.compile(rb"\xff+([^\x00\xd0-\xd7\xff])")  # stuffed zeros and restarts belong to the scan
_LUMINANCE_SUM = 3688  # of the table in T.81 K.1, which IJG quality 50 uses as it is


class Undecodable(Exception):
    """The file is no page: `fault` is one of measurement.Fault, `detail` what the decoder said."""

    def __init__(self, fault: str, detail: str) -> None:
        super().__init__(detail)
        self.fault = fault
        self.detail = detail


def after_end(path: Path, media_type: str) -> tuple[int, bool]:
    """Count the bytes behind the image's end, and say whether they begin another image.

    Looks at JPEG and PNG, whose end is marked; gives (0, False) for the others. Raises Undecodable when there is
    no end or a checksum does not hold.
    """
    find_end = ENDS.get(media_type)
    if find_end is None:
        return 0, False
    with path.open("rb") as file, mmap(file.fileno(), 0, access=ACCESS_READ) as content:
        end = find_end(content)
        return len(content) - end, sniff(content[end : end + 64]) is not None


def jpeg_end(content: mmap) -> int:
    """Walk the markers of a JPEG (ITU-T T.81 annex B) and give the offset behind its end. Raises Undecodable."""
    at, is_in_scan = 2, False
    while found := _MARKER.search(content, at):
        marker = found[1][0]
        if marker == END_OF_IMAGE:
            return found.end()
        if is_in_scan and marker not in AFTER_FIRST_SCAN:
            raise Undecodable("unreadable", f"a broken scan: marker {marker:02x} inside it")
        is_in_scan = is_in_scan or marker == START_OF_SCAN
        length = 0 if marker in STANDALONE else int.from_bytes(content[found.end() : found.end() + 2])
        at = found.end() + length
    raise Undecodable("truncated", "the JPEG has no end")


def png_end(content: mmap) -> int:
    """Walk the chunks of a PNG (ISO/IEC 15948 §5) and give the offset behind the last. Raises Undecodable."""
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
            if kind == b"IEND":
                return behind
            at = behind
    raise Undecodable("truncated", "the PNG has no end")


ENDS: dict[str, Callable[[mmap], int]] = {JPEG: jpeg_end, PNG: png_end}


def png_sample_bits(head: bytes) -> int:
    """Give the bits of a sample as the PNG header says (ISO/IEC 15948 §11.2.2)."""
    return head[24] if len(head) > 24 else 8


def jpeg_quality_of(luminance: list[int]) -> int:
    """Estimate the quality setting, 1 to 100, from the sum of the first quantisation table.

    Exact for encoders that scale the tables of T.81 K.1 as the IJG library does, a likeness for others.
    """
    scale = sum(luminance) * 100 / _LUMINANCE_SUM
    quality = (200 - scale) / 2 if scale <= 100 else 5000 / scale
    return round(min(100.0, max(1.0, quality)))
