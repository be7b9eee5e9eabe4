"""The codeblocks of a JPEG 2000: does the decoder of each come to its end where its bytes end?

Arithmetic codes mean something whatever they are. But from a changed bit on other symbols are read, which take another
number of bytes: the codeblock's symbols are all read and bytes are left, or its bytes are used up long before. OpenJPEG
compares this only in codestreams whose header promises a predictable termination (ISO/IEC 15444-1 table A.19), so the
copy that it decodes here promises that; the promise changes no pixel.
"""

import re
from mmap import mmap

import cv2
import numpy as np
from numpy.typing import NDArray

from shared.imaging.containers.jp2 import Box, boxes_of, first_tile_part
from shared.imaging.hearing import hearing
from shared.imaging.measurement import Flaw

CODING_STYLE = b"\xff\x52"
PREDICTABLE = 0x10
OTHER_ENDS = 0x01 | 0x04 | 0x40  # raw passes, each pass ended by itself, high throughput: their ends are not compared
LEFT = re.compile(r"PTERM check failure: (\d+) remaining")
LACKING = re.compile(r"PTERM check failure: (\d+) synthesized")
MOST_LEFT = 8  # encoders leave none, some may leave the few bytes of a careless cut
MOST_LACKING = 300  # OpenJPEG, told how large a file may be, cuts a block or two too short: by 217, in 848 files
MOST_LACKING_LOSSLESS = 32  # it does not where nothing is left out; by 8 where little is
MOST_HEARD = 4 << 20

cv2.setNumThreads(1)


def decoded_jp2(content: "mmap | bytes") -> tuple[NDArray[np.uint8] | None, tuple[Flaw, ...]]:
    """Give grey or RGB pixels, None if another decoder must, and what is wrong inside. Raises Undecodable."""
    code = next(box for box in boxes_of(content, 0, len(content)) if box.kind == b"jp2c")
    at = coding_style_at(content, code)
    if at is None or content[at + 12] & OTHER_ENDS:
        return None, ()
    promising = np.frombuffer(content, np.uint8).copy()
    promising[at + 12] |= PREDICTABLE
    with hearing(MOST_HEARD) as heard:
        try:
            pixels = cv2.imdecode(promising, cv2.IMREAD_UNCHANGED)
        except cv2.error:
            return None, ()
    most = MOST_LACKING_LOSSLESS if is_lossless(content, at, pixels) else MOST_LACKING
    flaws = codeblock_flaws(heard.lines, most)
    if pixels is None or not is_plain(content, code) or pixels.ndim not in (2, 3) or pixels.shape[2:] not in ((), (3,)):
        return None, flaws
    shown = cv2.cvtColor(pixels, cv2.COLOR_BGR2RGB) if pixels.ndim == 3 else pixels
    return shown.astype(np.uint8, copy=False), flaws


def is_plain(content: "mmap | bytes", code: Box) -> bool:
    """Say whether each component has 8 bits, no sign, and a sample for each pixel (ISO/IEC 15444-1 A.5.1)."""
    parts = code.start + 42
    count = int.from_bytes(content[parts - 2 : parts])
    return content[parts : parts + 3 * count] == b"\x07\x01\x01" * count


def coding_style_at(content: "mmap | bytes", code: Box) -> int | None:
    """Find the codestream's coding style in its main header. Raises Undecodable."""
    at, end = code.start + 2, first_tile_part(content, code)
    while at < end:
        if content[at : at + 2] == CODING_STYLE:
            return at
        at += 2 + int.from_bytes(content[at + 2 : at + 4])
    return None


def is_lossless(content: "mmap | bytes", style: int, pixels: "cv2.typing.MatLike | None") -> bool:
    """Say whether nothing was left out, by the wavelet (A.20: 1 is reversible) and a size that only this asks."""
    return pixels is not None and content[style + 13] == 1 and 4 * len(content) > pixels.nbytes


def codeblock_flaws(said: tuple[str, ...], most_lacking: int) -> tuple[Flaw, ...]:
    """Weigh what the decoder said of the ends of codeblocks."""
    left = max((int(number) for line in said for number in LEFT.findall(line)), default=0)
    lacking = max((int(number) for line in said for number in LACKING.findall(line)), default=0)
    if left > MOST_LEFT:
        return (Flaw(kind="damaged", detail=f"{left} bytes of a codeblock are not used"),)
    if lacking > most_lacking:
        return (Flaw(kind="damaged", detail=f"a codeblock needs {lacking} bytes more than it has"),)
    return ()
