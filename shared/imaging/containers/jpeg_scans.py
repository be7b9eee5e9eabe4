"""What is wrong inside the scans of a JPEG that decodes: holes, restarts out of order, too little or too much data."""

import math
from collections.abc import Iterator
from mmap import mmap

from shared.imaging.containers.jpeg_counting import count_flaws
from shared.imaging.containers.jpeg_layout import BASELINE, Layout, Scan
from shared.imaging.containers.runs import runs_of
from shared.imaging.measurement import Flaw

VALUE_BITS = 0x0F  # how many bits of a value follow a code
STANDARD_FIRST_CODES = ((0x01,), (0x01, 0x00))  # of T.81 K.3: grey, and colour


def flaws_of(content: "mmap | bytes", layout: Layout) -> Iterator[Flaw]:
    """Look into every scan."""
    for scan in layout.scans:
        yield from holes_in(content, scan)
        yield from restart_flaws(layout, scan)
    yield from count_flaws(content, layout)


def holes_in(content: "mmap | bytes", scan: Scan) -> Iterator[Flaw]:
    """Find a run of one byte that the scan's codes cannot mean.

    A flat area repeats its blocks' codes. Zeros are such a repetition only where the code of zeros is one that is
    followed by no bits, as "nothing changes" (size 0); in the tables of T.81 K.3 it is the coefficient -1, sixty of
    which in each of many blocks no page has. Another byte repeats only for codes of 2, 4 or 8 bits a block, which
    needs tables made for flat pages.
    """
    if scan.is_plain_bits:
        return  # of them a page may have any number alike
    flat = all(symbol & VALUE_BITS == 0 for symbol in scan.first_codes)
    for at, byte in runs_of(content, scan.start, scan.end):
        if (byte == 0 and not flat) or (byte != 0 and scan.is_for_any and scan.first_codes in STANDARD_FIRST_CODES):
            yield Flaw(kind="hole", detail=f"the byte {byte:02x} over and over from byte {at} on")
            return


def restart_flaws(layout: Layout, scan: Scan) -> Iterator[Flaw]:
    """Compare the restarts of a scan with their order, and with how many its frame needs."""
    frame = layout.frame
    if any(number != place % 8 for place, number in enumerate(scan.restarts)):
        yield Flaw(kind="damaged", detail="restarts of the JPEG are out of order")
    elif frame and frame.kind in BASELINE and len(layout.scans) == 1:
        across, down = frame.unit
        units = math.ceil(frame.width / (8 * across)) * math.ceil(frame.height / (8 * down))
        needed = (units - 1) // scan.restart_interval if scan.restart_interval else 0
        if frame.height and len(scan.restarts) != needed:
            yield Flaw(kind="damaged", detail=f"{len(scan.restarts)} restarts in the JPEG instead of {needed}")
