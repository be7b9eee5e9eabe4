"""Decode a JPEG's codes once more, at an eighth of its size, to see whether they last exactly to its last block.

The decoder is told of one row of blocks more than there is. In a whole file the data runs out in the first of them:
what comes after it stays as grey as the decoder began it. Data that ends earlier, or goes on, tells of bits that were
changed, lost or put in anywhere before, which decoders pass over in silence because codes soon fall into step again.
"""

from collections.abc import Iterator
from mmap import mmap

import cv2
import numpy as np
from numpy.typing import NDArray

from shared.imaging.containers.jpeg_layout import BASELINE, PROGRESSIVE, Frame, Layout
from shared.imaging.hearing import hearing
from shared.imaging.measurement import Flaw

UNTOUCHED = 128
TALLEST = 65_500  # libjpeg's own limit
SAID_AT_THE_END, TOO_MUCH = "premature end of data", "extraneous bytes"
COMPONENTS = (1, 3)  # of others OpenCV makes no grey

cv2.setNumThreads(1)


def count_flaws(content: "mmap | bytes", layout: Layout) -> Iterator[Flaw]:
    """Compare the blocks that a JPEG's data holds with those of its frame.

    Only one scan without restarts is counted exactly. With restarts the decoder itself compares at each of them, and
    of several scans it tells at each end.
    """
    frame = layout.frame
    if frame is None or len(frame.sampling) not in COMPONENTS or frame.kind not in BASELINE | PROGRESSIVE:
        return
    unit = 8 * frame.unit[1]
    rows = -(-frame.height // unit)
    is_countable = len(layout.scans) == 1 and not layout.scans[0].restarts and frame.kind in BASELINE
    taller = (rows + 1) * unit if is_countable and 0 < (rows + 1) * unit <= TALLEST else frame.height
    blocks, said = decoded_blocks(content[: layout.end], frame, taller)
    flaws = told(said) if taller == frame.height else list(counted(blocks, said, frame))
    if any(flaw.kind == "data_missing" for flaw in flaws) and taller != frame.height:
        flaws = told(decoded_blocks(content[: layout.end], frame, frame.height)[1])  # it says whether it missed any
    yield from flaws


def told(said: tuple[str, ...]) -> list[Flaw]:
    """Weigh what the decoder complained of: too much data is odd, too little or none that can be read is damage."""
    return [Flaw(kind="data_left" if TOO_MUCH in line else "damaged", detail=line) for line in said[:1]]


def decoded_blocks(content: bytes, frame: Frame, height: int) -> tuple[NDArray[np.uint8] | None, tuple[str, ...]]:
    """Give the mean tones of a JPEG's blocks, and what the decoder complained of."""
    changed = bytearray(content)
    changed[frame.at + 5 : frame.at + 7] = height.to_bytes(2)
    flags = cv2.IMREAD_REDUCED_GRAYSCALE_8 | cv2.IMREAD_IGNORE_ORIENTATION  # colours are decoded too, but not kept
    with hearing() as heard:
        pixels = cv2.imdecode(np.frombuffer(changed, np.uint8), flags)
    if pixels is None:
        return None, heard.lines
    blocks: NDArray[np.uint8] = pixels.astype(np.uint8, copy=False)
    return blocks, tuple(line.removeprefix("Corrupt JPEG data: ") for line in heard.lines if "JPEG" in line)


def counted(blocks: NDArray[np.uint8] | None, said: tuple[str, ...], frame: Frame) -> Iterator[Flaw]:
    """Look at the row of blocks too many, and at the last that belong to the page."""
    if blocks is None:
        return
    across, down = frame.unit
    extra = blocks[-down:] == UNTOUCHED
    if said and not said[0].startswith(SAID_AT_THE_END):
        yield from told(said)
    elif not extra[:, across:].all():
        yield Flaw(kind="data_left", detail="the JPEG has more data than its size needs")
    elif extra.all():
        yield Flaw(kind="data_missing", detail="the JPEG's data ends before its last block")
