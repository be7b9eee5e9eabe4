"""A page as paper would take it and as a reader wants it; made inside the sandbox, of what was decoded there."""

import errno
import math
from pathlib import Path

from PIL import Image

from shared.imaging.decoding import Decoded
from shared.imaging.measurement import Measurement, Printed, Printing
from shared.imaging.plain import plain
from shared.imaging.resolution import true_resolution
from shared.imaging.spool import PRINT, READING_PAGE

QUALITIES = ((90, "4:4:4"), (80, "4:2:0"), (60, "4:2:0"))  # the next one where a picture outgrows what may be written
FINEST_READING = 300.0  # dots per inch: finer letters are read no better, only more slowly
MOST_READING = 40_000_000  # pixels
ASSUMED = 300.0


def printed(page: Decoded, asked: Printing, folder: Path) -> Measurement:
    """Write what is asked for, and say what it is."""
    resolution = true_resolution(page.dpi, *page.image.size)
    dpi = resolution.dpi or (ASSUMED, ASSUMED)
    is_bits = page.image.mode == "1"
    if asked.picture:
        write_bits(page.image, folder) if is_bits else write_picture(page.image, dpi, folder)
    reading_dpi = write_reading(page.image, min(dpi), folder) if asked.reading else None
    return Measurement(
        printed=Printed(
            width=page.image.width,
            height=page.image.height,
            dpi=dpi,
            dpi_source=resolution.source,
            is_bits=is_bits,
            reading_dpi=reading_dpi,
        )
    )


def write_bits(image: Image.Image, folder: Path) -> None:
    """Write a black and white page as rows of bits, 1 for black."""
    (folder / PRINT).write_bytes(image.tobytes("raw", "1;I"))


def write_picture(image: Image.Image, dpi: tuple[float, float], folder: Path) -> None:
    """Write a page as JPEG with its colour profile, as well as the room for it allows. Raises OSError."""
    shown = plain(image)
    profile = image.info.get("icc_profile") if shown.mode == image.mode else None
    shown.info = {}
    for quality, sampling in QUALITIES:
        try:
            told = tuple(min(round(each), 0xFFFF) for each in dpi)
            shown.save(folder / PRINT, "JPEG", quality=quality, subsampling=sampling, dpi=told, icc_profile=profile)
        except OSError as full:
            if full.errno != errno.EFBIG or quality == QUALITIES[-1][0]:
                raise
        else:
            return


def write_reading(image: Image.Image, dpi: float, folder: Path) -> int:
    """Write a grey page for the reader, no finer than it can use; gives its resolution."""
    grey = plain(image).convert("L")
    factor = min(1.0, FINEST_READING / dpi, math.sqrt(MOST_READING / (grey.width * grey.height)))
    if factor < 0.95:
        size = max(1, round(grey.width * factor)), max(1, round(grey.height * factor))
        grey = grey.resize(size, Image.Resampling.BOX, reducing_gap=2.0)
    else:
        factor = 1.0
    grey.save(folder / READING_PAGE, "PPM")
    return max(70, round(dpi * factor))
