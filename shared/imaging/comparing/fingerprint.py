"""The fingerprint of a page: where its ink lies, a bit a cell, packed into a short string.

It is read by services that must not trust who wrote it: whatever the string, unpacking it takes little and never fails.
"""

import base64
import binascii
import zlib

import numpy as np
from numpy.typing import NDArray

VERSION = "1"  # the first letter of every fingerprint; others are not comparable
LONG_SIDE = 320  # cells, about 0.9 mm each of an A4 page
LEAST_SIDE = 24

Cells = NDArray[np.bool_]


def packed(ink: Cells) -> str:
    """Give the fingerprint of a page whose inked cells are given."""
    height, width = ink.shape
    bits = height.to_bytes(2) + width.to_bytes(2) + np.packbits(ink).tobytes()
    return VERSION + base64.b85encode(zlib.compress(bits, 6)).decode("ascii")


def unpacked(fingerprint: str) -> Cells | None:
    """Give the inked cells of a page; None for what is no fingerprint of this version."""
    if not fingerprint.startswith(VERSION):
        return None
    most = 4 + (LONG_SIDE * LONG_SIDE + 7) // 8
    try:
        bits = zlib.decompressobj().decompress(base64.b85decode(fingerprint[1:]), most + 1)
    except (ValueError, binascii.Error, zlib.error):
        return None
    height, width = int.from_bytes(bits[:2]), int.from_bytes(bits[2:4])
    if not (min(height, width) >= LEAST_SIDE and max(height, width) <= LONG_SIDE):
        return None
    if len(bits) != 4 + (height * width + 7) // 8:
        return None
    return np.unpackbits(np.frombuffer(bits[4:], np.uint8), count=height * width).reshape(height, width).astype(bool)
