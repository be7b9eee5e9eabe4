"""The fingerprint of a page: how much ink lies in each cell, in four shades, packed into a short string.

It is read by services that must not trust who wrote it: whatever the string, unpacking it takes little and never fails.
"""

import base64
import binascii
import zlib

import numpy as np
from numpy.typing import NDArray

VERSION = "2"  # the first letter of every fingerprint; others are not comparable
LONG_SIDE = 400  # cells, about 0.75 mm each of an A4 page
LEAST_SIDE = 24
DARKEST = 3  # the shade of a cell that is as dark as ink is on this part of the page

Shades = NDArray[np.uint8]
Ink = NDArray[np.float32]


def packed(shades: Shades) -> str:
    """Give the fingerprint of a page whose cells have these shades, 0 to DARKEST."""
    height, width = shades.shape
    packer = zlib.compressobj(6, strategy=zlib.Z_RLE)
    content = height.to_bytes(2) + width.to_bytes(2) + shades.tobytes()
    return VERSION + base64.b85encode(packer.compress(content) + packer.flush()).decode("ascii")


def unpacked(fingerprint: str) -> Ink | None:
    """Give the ink of a page's cells, 0 to 1; None for what is no fingerprint of this version."""
    if not fingerprint.startswith(VERSION):
        return None
    most = 4 + LONG_SIDE * LONG_SIDE
    try:
        content = zlib.decompressobj().decompress(base64.b85decode(fingerprint[1:]), most + 1)
    except (ValueError, binascii.Error, zlib.error):
        return None
    height, width = int.from_bytes(content[:2]), int.from_bytes(content[2:4])
    if not (min(height, width) >= LEAST_SIDE and max(height, width) <= LONG_SIDE):
        return None
    shades = np.frombuffer(content[4:], np.uint8)
    if len(shades) != height * width or shades.max() > DARKEST:
        return None
    return (shades.reshape(height, width) / np.float32(DARKEST)).astype(np.float32)
