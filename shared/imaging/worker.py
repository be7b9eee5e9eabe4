"""The sandboxed process: takes a file's name on standard input, answers with its measures; decodes nothing twice.

Runs as `python -m shared.imaging.worker SPOOL MEMORY`. Beside the file it leaves `thumbnail.jpg` (long side at most
300 px) and `reading.jpg` (at most 2000 px).
"""

import json
import sys
import time
from pathlib import Path

import numpy as np
from PIL import Image

from shared.imaging.confinement import confine, die_with_parent
from shared.imaging.decoding import Undecodable, decode
from shared.imaging.measurement import Measurement, Measures
from shared.imaging.measuring import grey_of, ink_of, reduced, sharpness_of, skew_of, tones_of

THUMBNAIL, READING_COPY = "thumbnail.jpg", "reading.jpg"
DEPTHS = {"1": 1, "I;16": 16, "I;16B": 16, "I;16L": 16, "I": 32, "F": 32}
CROP = 2400


def measured(path: Path, memory: int) -> Measurement:
    """Measure one file."""
    started = time.perf_counter()
    try:
        page = decode(path, memory)
        decoded_at = time.perf_counter()
        image = page.image
        write_copies(image, path.parent)
        grey = grey_of(image)
        small = reduced(grey)
        ink = ink_of(small)
        ink_share = float(np.mean(ink))
        bands = image.getbands()
        measures = Measures(
            media_type=page.media_type,
            width=image.width,
            height=image.height,
            dpi_x=page.dpi[0] if page.dpi else None,
            dpi_y=page.dpi[1] if page.dpi else None,
            color_mode=image.mode,
            bit_depth=DEPTHS.get(image.mode, 8) * len(bands),
            channels=len(bands),
            frame_count=page.frame_count,
            bytes_after_end=page.bytes_after_end,
            ink_share=ink_share,
            skew_degrees=skew_of(ink),
            sharpness=sharpness_of(middle(grey), ink_share),
            **tones_of(np.asarray(small)),
            seconds_decode=round(decoded_at - started, 4),
            seconds_measure=round(time.perf_counter() - decoded_at, 4),
        )
    except Undecodable as undecodable:
        return Measurement.model_validate({"fault": undecodable.fault, "detail": undecodable.detail})
    except MemoryError:
        return Measurement(fault="too_large", detail="the image does not fit into the memory it is given")
    except Exception as broken:  # noqa: BLE001 - an image nobody thought of must not end the worker
        return Measurement(fault="unreadable", detail=f"{type(broken).__name__}: {broken}"[:300])
    return Measurement(measures=measures)


def middle(grey: Image.Image) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    """Give the middle of a page at full resolution, at most CROP pixels a side."""
    left, top = max(0, (grey.width - CROP) // 2), max(0, (grey.height - CROP) // 2)
    return np.asarray(grey.crop((left, top, min(grey.width, left + CROP), min(grey.height, top + CROP))))


def write_copies(image: Image.Image, folder: Path) -> None:
    """Write the reading copy and, from it, the thumbnail."""
    factor = max(1, max(image.size) // 2000)
    is_plain = image.mode in ("L", "RGB")
    copy = image if is_plain else colours_of(image)
    copy = copy.reduce(factor) if factor > 1 else copy.copy()
    copy.thumbnail((2000, 2000), Image.Resampling.BILINEAR)
    copy.save(folder / READING_COPY, "JPEG", quality=80)
    copy.thumbnail((300, 300), Image.Resampling.BILINEAR)
    copy.save(folder / THUMBNAIL, "JPEG", quality=75)


def colours_of(image: Image.Image) -> Image.Image:
    """Give a page in RGB where it has colours, else in grey; transparency shows white paper."""
    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        paper = Image.new("RGBA", image.size, "white")
        return Image.alpha_composite(paper, image.convert("RGBA")).convert("RGB")
    return image.convert("RGB") if image.mode in ("CMYK", "P", "YCbCr", "HSV") else grey_of(image)


def warm_up(spool: Path) -> None:
    """Do once what is done for each page, so that everything is imported before the walls go up."""
    Image.init()
    for ending, kind in ((".png", "PNG"), (".jpg", "JPEG"), (".tif", "TIFF"), (".jp2", "JPEG2000")):
        path = spool / f"warm{ending}"
        Image.effect_noise((64, 64), 50).convert("RGB").save(path, kind)
        measured(path, 1 << 30)
        path.unlink()


def main() -> None:
    """Serve requests, one a line, until standard input ends."""
    die_with_parent()
    spool, memory = Path(sys.argv[1]), int(sys.argv[2])
    warm_up(spool)
    walls = confine(spool, memory)
    sys.stdout.write(json.dumps({"walls": walls}) + "\n")
    sys.stdout.flush()
    for line in sys.stdin:
        answer = measured(spool / line.strip(), memory)
        sys.stdout.write(answer.model_dump_json() + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
