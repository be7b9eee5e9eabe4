"""The pictures people look at: two made from the page that was reduced for the measures, and parts they ask for."""

from pathlib import Path

from PIL import Image

from shared.imaging.spool import CUTTING, READING_COPY, THUMBNAIL

LONGEST_THUMBNAIL = 300


def write_copies(reduced: Image.Image, folder: Path) -> None:
    """Write both as JPEG: the reading copy as large as it is given, the thumbnail at most 300 pixels."""
    copy = reduced.copy()
    copy.info = {}  # nothing of the file's metadata may reach the copies
    copy.save(folder / READING_COPY, "JPEG", quality=80)
    thumbnail = copy
    thumbnail.thumbnail((LONGEST_THUMBNAIL, LONGEST_THUMBNAIL), Image.Resampling.BILINEAR, reducing_gap=2.0)
    thumbnail.save(folder / THUMBNAIL, "JPEG", quality=75)


def write_cutting(image: Image.Image, box: tuple[int, int, int, int], size: tuple[int, int], folder: Path) -> None:
    """Write a part of an image, in a size, as JPEG."""
    cut = image.crop(box)
    cut = cut if cut.size == size else cut.resize(size, Image.Resampling.BILINEAR, reducing_gap=2.0)
    cut.info = {}
    cut.save(folder / CUTTING, "JPEG", quality=85)
