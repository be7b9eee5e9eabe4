"""What an IIIF Image API 3.0 address asks for (iiif.io/api/image/3.0 §4), level 1 and the sizes of level 2.

Regions: full, square, x,y,w,h and pct:x,y,w,h. Sizes: max, w, ,h w,h !w,h and pct:n. Rotation 0, quality default,
format jpg. Nothing is scaled up.
"""

import re

from services.qc.errors import PictureAskedWrongly
from shared.imaging.measurement import Cutting

Box = tuple[int, int, int, int]
Size = tuple[int, int]
LARGEST_SIDE = 4000
_NUMBER = r"([0-9]{1,7}(?:\.[0-9]{1,7})?)"
_PIXELS = re.compile(r"([0-9]{1,7}),([0-9]{1,7}),([0-9]{1,7}),([0-9]{1,7})")
_SHARES = re.compile(rf"pct:{_NUMBER},{_NUMBER},{_NUMBER},{_NUMBER}")
_SIZE = re.compile(r"(!?)([0-9]{0,7}),([0-9]{0,7})")
_SHARE = re.compile(rf"pct:{_NUMBER}")


def cutting_of(full: Size, region: str, size: str, rotation: str, quality_and_format: str) -> Cutting:
    """Read the four parts of an address. Raises PictureAskedWrongly."""
    if rotation not in ("0", "0.0") or quality_and_format != "default.jpg":
        raise PictureAskedWrongly(f"{rotation}/{quality_and_format}")
    box = box_of(full, region)
    return Cutting(box=box, size=size_of((box[2] - box[0], box[3] - box[1]), size))


def box_of(full: Size, region: str) -> Box:
    """Read a region, cut off at the image's edges. Raises PictureAskedWrongly."""
    width, height = full
    if region == "full":
        return 0, 0, width, height
    if region == "square":
        side = min(full)
        left, top = (width - side) // 2, (height - side) // 2
        return left, top, left + side, top + side
    if pixels := _PIXELS.fullmatch(region):
        left, top, wide, high = (int(number) for number in pixels.groups())
    elif shares := _SHARES.fullmatch(region):
        of = (width, height, width, height)
        left, top, wide, high = (round(float(n) * side / 100) for n, side in zip(shares.groups(), of, strict=True))
    else:
        raise PictureAskedWrongly(region)
    box = left, top, min(width, left + wide), min(height, top + high)
    if box[0] >= box[2] or box[1] >= box[3]:
        raise PictureAskedWrongly(region)
    return box


def size_of(region: Size, size: str) -> Size:
    """Read a size for a region of so many pixels. Raises PictureAskedWrongly."""
    width, height = region
    if size == "max":
        return fitted(region, (LARGEST_SIDE, LARGEST_SIDE))
    if share := _SHARE.fullmatch(size):
        scale = float(share[1]) / 100
        asked = (rounded(width * scale), rounded(height * scale)) if scale else (0, 0)
    elif (sides := _SIZE.fullmatch(size)) and (sides[2] or sides[3]):
        asked = sides_of(region, sides)
    else:
        raise PictureAskedWrongly(size)
    if not all(0 < side <= limit for side, limit in zip(asked, region, strict=True)) or max(asked) > LARGEST_SIDE:
        raise PictureAskedWrongly(size)
    return asked


def sides_of(region: Size, sides: re.Match[str]) -> Size:
    """Give both sides, where one of them or a box to fit in may have been named. Raises PictureAskedWrongly."""
    width, height = region
    named = [int(side) if side else None for side in (sides[2], sides[3])]
    if 0 in named or (sides[1] and None in named):
        raise PictureAskedWrongly(sides[0])
    wide, high = named
    if sides[1] and wide and high:
        return fitted(region, (wide, high))
    return wide or rounded(width * (high or 0) / height), high or rounded(height * (wide or 0) / width)


def fitted(region: Size, within: Size) -> Size:
    """Give the largest size of a region's shape that fits, never larger than the region."""
    scale = min(1.0, within[0] / region[0], within[1] / region[1])
    return rounded(region[0] * scale), rounded(region[1] * scale)


def rounded(side: float) -> int:
    """Give a whole number of pixels, at least one."""
    return max(1, round(side))


def information(address: str, full: Size) -> dict[str, object]:
    """Give an image's information (§5.2-5.6): its size in pixels, and what may be asked of it."""
    return {
        "@context": "http://iiif.io/api/image/3/context.json",
        "id": address,
        "type": "ImageService3",
        "protocol": "http://iiif.io/api/image",
        "profile": "level1",
        "width": full[0],
        "height": full[1],
        "maxWidth": LARGEST_SIDE,
        "maxHeight": LARGEST_SIDE,
        "tiles": [{"width": 1024, "height": 1024, "scaleFactors": [1, 2, 4, 8]}],
        "extraFeatures": ["regionByPct", "sizeByConfinedWh", "sizeByPct", "sizeByWh"],
    }
