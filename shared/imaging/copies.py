"""The two pictures people look at, made from the decoded page: a reading copy and a thumbnail."""

from pathlib import Path

from PIL import Image

from shared.imaging.measuring import grey_of
from shared.imaging.spool import READING_COPY, THUMBNAIL

LONGEST_READING, LONGEST_THUMBNAIL = 2000, 300


def write_copies(image: Image.Image, folder: Path) -> Image.Image:
    """Write both as JPEG, long side at most 2000 and 300 pixels; gives the reading copy."""
    copy = shrunk(plain(image), LONGEST_READING)
    copy.info = {}  # nothing of the file's metadata may reach the copies
    copy.save(folder / READING_COPY, "JPEG", quality=80)
    shrunk(copy, LONGEST_THUMBNAIL).save(folder / THUMBNAIL, "JPEG", quality=75)
    return copy


def shrunk(image: Image.Image, longest: int) -> Image.Image:
    """Give an image whose long side is at most `longest` pixels; a smaller one is given as it is."""
    scale = longest / max(image.size)
    if scale >= 1:
        return image
    size = max(1, round(image.width * scale)), max(1, round(image.height * scale))
    return image.resize(size, Image.Resampling.BILINEAR, reducing_gap=2.0)


def plain(image: Image.Image) -> Image.Image:
    """Give a page in RGB where it has colours, else in grey; what is transparent shows white paper."""
    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        coloured = image.convert("RGBA")
        paper = Image.new("RGB", image.size, "white")
        paper.paste(coloured, mask=coloured.getchannel("A"))
        return paper
    if image.mode in ("L", "RGB"):
        return image
    return image.convert("RGB") if image.mode in ("CMYK", "P", "YCbCr", "HSV") else grey_of(image)
