"""Decode a file to its last row, or say why not; runs only inside the sandbox."""

import warnings
from contextlib import suppress
from dataclasses import dataclass, replace
from math import isfinite
from pathlib import Path

from PIL import Image, ImageFile, ImageOps, UnidentifiedImageError

from shared.imaging.container import jpeg_quality_of, outside_of, png_sample_bits
from shared.imaging.formats import JP2, PNG, TIFF, sniff
from shared.imaging.outside import Outside, Undecodable
from shared.imaging.rows import loaded
from shared.imaging.seams import seam_flaws
from shared.imaging.streaks import streak_flaws

FORMATS = ("TIFF", "JPEG", "PNG", "JPEG2000")
MOST_PIXELS = 450_000_000  # A0 at 400 dpi is 248 million
X_RESOLUTION = 282
BITS_PER_SAMPLE = 258  # TIFF 6.0 §8
ORIENTATION, UPRIGHT = 274, 1
BYTES_PER_PIXEL = {"1": 1, "L": 1, "P": 1, "I;16": 2, "I;16B": 2, "I;16L": 2}
HIDDEN_BITS = {"1": 1, "I;16": 16, "I;16B": 16, "I;16L": 16, "I": 32, "F": 32}
Image.MAX_IMAGE_PIXELS = None  # demand_room below is stricter, and as early
ImageFile.LOAD_TRUNCATED_IMAGES = False


@dataclass(frozen=True)
class Decoded:
    """A decoded page and what its container said; `sample_bits` are those of the file, not of the decoder."""

    image: Image.Image
    media_type: str
    dpi: tuple[float, float] | None
    sample_bits: int
    outside: Outside
    jpeg_quality: int | None
    complaints: tuple[str, ...]
    is_turned: bool = False
    has_color_profile: bool = False


def decode(path: Path, memory: int) -> Decoded:
    """Decode the first image of a file whole; `memory` is what it may take, in bytes. Raises Undecodable."""
    with path.open("rb") as file:
        head = file.read(64)
    media_type = sniff(head)
    if media_type is None:
        raise Undecodable("not_an_image", "the first bytes are those of no known format")
    try:
        # A warning tells of broken metadata on pages that are perfectly readable: it is kept, not made an error.
        with warnings.catch_warnings(record=True) as heard:
            warnings.simplefilter("always")
            return decoded(path, media_type, memory, head, heard)
    except Undecodable:
        raise
    except MemoryError as full:
        raise Undecodable("too_large", "the image does not fit into the memory it is given") from full
    except Exception as broken:
        fault = "truncated" if "truncated" in str(broken).lower() else "unreadable"
        raise Undecodable(fault, f"{type(broken).__name__}: {broken}"[:300]) from broken


def decoded(path: Path, media_type: str, memory: int, head: bytes, heard: list[warnings.WarningMessage]) -> Decoded:
    """Open, check the header against the limits, walk the container, decode every row."""
    with opened(path, media_type) as image:
        demand_room(image, media_type, memory)
        dpi, bits = resolution_of(image), sample_bits_of(image, media_type, head)
        outside = outside_of(path, media_type)
        luminance = tables_of(image).get(0) or outside.luminance
        quality = jpeg_quality_of(luminance) if luminance else None
        page, damage = loaded(image, path, media_type)
        flaws = list(damage)
        if outside.coding and not outside.flaws:
            flaws += seam_flaws(page, outside.coding)
        elif image.info.get("compression") == "raw":
            flaws += streak_flaws(image)
        outside = replace(outside, flaws=(*outside.flaws, *flaws))
        complaints = tuple(dict.fromkeys(str(warning.message)[:200] for warning in heard))[:5]
        seen = as_seen(page)
        if dpi and seen.size != page.size:
            dpi = dpi[::-1]
        has_profile = bool(image.info.get("icc_profile"))
        return Decoded(seen, media_type, dpi, bits, outside, quality, complaints, seen is not page, has_profile)


def opened(path: Path, media_type: str) -> Image.Image:
    """Read the header. Raises Undecodable: of a broken file, or of one that is whole but of a kind nobody decodes."""
    try:
        return Image.open(path, formats=FORMATS)
    except UnidentifiedImageError as unknown:
        outside_of(path, media_type)
        fault = "unsupported" if media_type == TIFF else "unreadable"
        raise Undecodable(fault, "nothing here can read this kind of header") from unknown


def as_seen(image: Image.Image) -> Image.Image:
    """Turn a page as its EXIF says, as every viewer does; Pillow has done so already for TIFF."""
    with suppress(Exception):  # broken metadata leave the page as it was scanned
        if image.getexif().get(ORIENTATION, UPRIGHT) != UPRIGHT:
            return ImageOps.exif_transpose(image)
    return image


def demand_room(image: Image.Image, media_type: str, memory: int) -> None:
    """Compare what the header announces with what may be spent, before any row is decoded. Raises Undecodable.

    Beside the pixels the JPEG 2000 decoder holds 4 bytes a sample, a progressive JPEG 2, and copies want a part.
    """
    pixels = image.width * image.height
    each = BYTES_PER_PIXEL.get(image.mode, 4)
    if media_type == JP2:
        each += 4 * len(image.getbands())
    elif image.info.get("progressive"):
        each += 2 * len(image.getbands())
    if pixels > MOST_PIXELS or pixels * each > memory * 3 // 4:
        raise Undecodable("too_large", f"{image.width} × {image.height} pixels")  # noqa: RUF001 - the sign of size


def resolution_of(image: Image.Image) -> tuple[float, float] | None:
    """Give the resolution tag in dots per inch, true or not, if there is one."""
    try:
        dpi = image.info.get("dpi") if tells_resolution(image) else None
        x, y = float(dpi[0]), float(dpi[1])  # type: ignore[index]
    except (TypeError, ValueError, IndexError, ZeroDivisionError):
        return None
    return (x, y) if x > 0 and y > 0 and isfinite(x) and isfinite(y) else None


def tells_resolution(image: Image.Image) -> bool:
    """Say whether the file itself tells a resolution: Pillow makes one up for a JPEG or TIFF that tells none."""
    if image.format == "TIFF":
        return X_RESOLUTION in getattr(image, "tag_v2", {})
    if image.format != "JPEG" or image.info.get("jfif_unit") in (1, 2):
        return True
    return float(image.getexif().get(X_RESOLUTION) or 0) > 0


def sample_bits_of(image: Image.Image, media_type: str, head: bytes) -> int:
    """Give the bits a sample has in the file: Pillow reduces 48-bit colour to 24 without a word."""
    if media_type == PNG:
        return png_sample_bits(head)
    told = getattr(image, "tag_v2", {}).get(BITS_PER_SAMPLE) if media_type == TIFF else None
    if isinstance(told, int):
        return told
    if isinstance(told, tuple) and told:
        return max(int(bits) for bits in told)
    return HIDDEN_BITS.get(image.mode, 8)


def tables_of(image: Image.Image) -> dict[int, list[int]]:
    """Give a JPEG's quantisation tables, or none."""
    tables: dict[int, list[int]] = getattr(image, "quantization", {})
    return tables if 0 in tables else {}
