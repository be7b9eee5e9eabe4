"""The outside of an image file: where it ends, whether its own sums and counts hold.

Decoders forgive here: libjpeg fills up a scan that breaks off, libtiff a strip, and neither Pillow nor OpenJPEG
minds holes in compressed data. A changed sample that leaves every count right is seen by nothing but a digest.
"""

from collections.abc import Callable, Sequence
from mmap import ACCESS_READ, mmap
from pathlib import Path

from shared.imaging.containers.jp2 import walk_jp2
from shared.imaging.containers.jpeg import walk_jpeg
from shared.imaging.containers.png import walk_png
from shared.imaging.containers.tiff import walk_tiff
from shared.imaging.formats import JP2, JPEG, PNG, TIFF
from shared.imaging.outside import Outside

WALKS: dict[str, Callable[[mmap], Outside]] = {JPEG: walk_jpeg, PNG: walk_png, TIFF: walk_tiff, JP2: walk_jp2}
_LUMINANCE_SUM = 3688  # of the table in T.81 K.1, which IJG quality 50 uses as it is


def outside_of(path: Path, media_type: str) -> Outside:
    """Walk a file from its first byte to its last. Raises Undecodable when it breaks off or contradicts itself."""
    with path.open("rb") as file:
        return WALKS[media_type](mmap(file.fileno(), 0, access=ACCESS_READ))


def png_sample_bits(head: bytes) -> int:
    """Give the bits of a sample as the PNG header says (ISO/IEC 15948 §11.2.2)."""
    return head[24] if len(head) > 24 else 8


def jpeg_quality_of(luminance: Sequence[int]) -> int:
    """Estimate the quality setting, 1 to 100, from the sum of the first quantisation table.

    Exact for encoders that scale the tables of T.81 K.1 as the IJG library does, a likeness for others.
    """
    scale = sum(luminance) * 100 / _LUMINANCE_SUM
    quality = (200 - scale) / 2 if scale <= 100 else 5000 / scale
    return round(min(100.0, max(1.0, quality)))
