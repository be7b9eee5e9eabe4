"""Decode a file to its last row, or say why not; runs only inside the sandbox."""

import warnings
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageFile, UnidentifiedImageError

from shared.imaging.formats import JPEG, PNG, sniff

FORMATS = ("TIFF", "JPEG", "PNG", "JPEG2000")
MOST_PIXELS = 450_000_000  # A0 at 400 dpi is 248 million
Image.MAX_IMAGE_PIXELS = None  # our own limit below is checked before any row is decoded
ImageFile.LOAD_TRUNCATED_IMAGES = False


class Undecodable(Exception):
    """The file is no page: `fault` is one of measurement.Fault, `detail` what the decoder said."""

    def __init__(self, fault: str, detail: str) -> None:
        super().__init__(detail)
        self.fault = fault
        self.detail = detail


@dataclass(frozen=True)
class Decoded:
    """A decoded page and what its container said."""

    image: Image.Image
    media_type: str
    dpi: tuple[float, float] | None
    frame_count: int
    bytes_after_end: int


def decode(path: Path, memory: int) -> Decoded:
    """Decode the first image of a file whole. `memory` bounds the decoded size in bytes. Raises Undecodable."""
    with path.open("rb") as file:
        media_type = sniff(file.read(64))
    if media_type is None:
        raise Undecodable("not_an_image", "the first bytes are those of no known format")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return decoded(path, media_type, memory)
    except Undecodable:
        raise
    except UnidentifiedImageError as unknown:
        raise Undecodable("unreadable", "the header cannot be read") from unknown
    except MemoryError as full:
        raise Undecodable("too_large", "the image does not fit into the memory it is given") from full
    except Exception as broken:
        fault = "truncated" if "truncated" in str(broken).lower() else "unreadable"
        raise Undecodable(fault, f"{type(broken).__name__}: {broken}"[:300]) from broken


def decoded(path: Path, media_type: str, memory: int) -> Decoded:
    """Open, check the header against the limits, decode every row."""
    with Image.open(path, formats=FORMATS) as image:
        pixels = image.width * image.height
        if pixels > MOST_PIXELS or pixels * 4 > memory // 2:
            raise Undecodable("too_large", f"{image.width} × {image.height} pixels")  # noqa: RUF001 - the sign of size
        dpi = resolution_of(image)
        after = bytes_after_end(path, media_type)
        image.load()
        whole = image.copy()
        whole.info = {}
        return Decoded(whole, media_type, dpi, frames_of(image), after)


def resolution_of(image: Image.Image) -> tuple[float, float] | None:
    """Give the resolution tag in dots per inch, if there is a usable one."""
    dpi = image.info.get("dpi")
    try:
        x, y = float(dpi[0]), float(dpi[1])  # type: ignore[index]
    except (TypeError, ValueError, IndexError, ZeroDivisionError):
        return None
    return (x, y) if 1 < x < 20_000 and 1 < y < 20_000 else None


def frames_of(image: Image.Image) -> int:
    """Count images in the file, 1 or 2: more than one is all that matters, and chains of them may loop."""
    try:
        image.seek(1)
    except (EOFError, OSError, ValueError, SyntaxError, KeyError, TypeError):
        return 1
    return 2


def bytes_after_end(path: Path, media_type: str) -> int:
    """Count what follows a JPEG's or PNG's end mark. Raises Undecodable when there is no end.

    Pillow does not see the decoder's warning for a JPEG whose scan breaks off and is filled up, so its end mark
    must be found behind its start of scan.
    """
    if media_type not in (JPEG, PNG):
        return 0
    content = path.read_bytes()
    if media_type == PNG:
        end = content.rfind(b"IEND")
        return 0 if end < 0 else len(content) - end - 8
    start_of_scan = content.rfind(b"\xff\xda")
    end = content.find(b"\xff\xd9", start_of_scan)
    if start_of_scan < 0 or end < 0:
        raise Undecodable("truncated", "the JPEG has no end")
    return len(content) - end - 2
