"""The sandboxed process: takes questions on standard input, a line each, and answers each with a line.

Runs as `python -m shared.imaging.worker SPOOL MEMORY SECONDS PARENT`. A question is a JSON object (`Question`). To one
that names only the file it answers with its measures; beside the file it leaves `thumbnail.jpg`
(long side at most 300 px) and `reading.jpg` (1000 to 2000 px of a larger page).
To one that names a part of it and a size too it leaves `cutting.jpg`, to one that asks for a print `print` (a JPEG, or
bits) and `reading.pnm`.
"""

import json
import sys
import time
from pathlib import Path

from PIL import Image

from shared.imaging.confinement import allow_processor_time, confine, die_with_parent
from shared.imaging.copies import write_copies, write_cutting
from shared.imaging.decoding import Decoded, decode
from shared.imaging.formats import PNG, TIFF
from shared.imaging.measurement import Cutting, Measurement, Measures, Printing, Question
from shared.imaging.measuring import Page, measure
from shared.imaging.measuring.blocks import was_jpeg
from shared.imaging.outside import Undecodable
from shared.imaging.plain import plain
from shared.imaging.printing import printed
from shared.imaging.resolution import true_resolution
from shared.imaging.spool import PAGE

LOSSLESS = frozenset({TIFF, PNG})


def measured(path: Path, memory: int) -> Measurement:
    """Measure one file, and write its copies beside it."""
    started = time.perf_counter()
    try:
        page = decode(path, memory)
        return Measurement(measures=measures_of(page, path.parent, started))
    except Undecodable as undecodable:
        return Measurement.model_validate({"fault": undecodable.fault, "detail": undecodable.detail})
    except MemoryError:
        return Measurement(fault="too_large", detail="the image does not fit into the memory it is given")
    except Exception as broken:  # noqa: BLE001 - an image nobody thought of must not end the worker
        return Measurement(fault="unreadable", detail=f"{type(broken).__name__}: {broken}"[:300])


def cut(spool: Path, cutting: Cutting, memory: int) -> Measurement:
    """Cut a part out of the page; the answer tells nothing unless it failed."""
    try:
        write_cutting(plain(decode(spool / PAGE, memory).image), cutting.box, cutting.size, spool)
        return Measurement()
    except Undecodable as undecodable:
        return Measurement.model_validate({"fault": undecodable.fault, "detail": undecodable.detail})
    except Exception as broken:  # noqa: BLE001 - as above
        return Measurement(fault="unreadable", detail=f"{type(broken).__name__}: {broken}"[:300])


def print_page(spool: Path, printing: Printing, memory: int) -> Measurement:
    """Print the page: as a picture for paper, as a grey one for a reader."""
    try:
        return printed(decode(spool / PAGE, memory), printing, spool)
    except Undecodable as undecodable:
        return Measurement.model_validate({"fault": undecodable.fault, "detail": undecodable.detail})
    except Exception as broken:  # noqa: BLE001 - as above
        return Measurement(fault="unreadable", detail=f"{type(broken).__name__}: {broken}"[:300])


def measures_of(page: Decoded, folder: Path, started: float) -> Measures:
    """Measure a decoded page and write its copies; `started` is of the performance counter."""
    decoded_at = time.perf_counter()
    resolution = true_resolution(page.dpi, *page.image.size)
    seen = Page(plain(page.image), min(resolution.dpi) if resolution.dpi else None)
    write_copies(seen.reduced, folder)
    copied_at = time.perf_counter()
    pixels = measure(seen)
    is_old_jpeg = page.media_type in LOSSLESS and was_jpeg(seen)
    measured_at = time.perf_counter()
    image, channels = page.image, len(page.image.getbands())
    return Measures(
        media_type=page.media_type,
        width=image.width,
        height=image.height,
        dpi_x=page.dpi[0] if page.dpi else None,
        dpi_y=page.dpi[1] if page.dpi else None,
        color_mode=image.mode,
        bit_depth=page.sample_bits * channels,
        channels=channels,
        frame_count=page.outside.frame_count,
        bytes_after_end=page.outside.bytes_after_end,
        copy_width=seen.reduced.width,
        copy_height=seen.reduced.height,
        jpeg_quality=page.jpeg_quality,
        complaints=page.complaints,
        flaws=page.outside.flaws,
        is_turned=page.is_turned,
        was_jpeg=is_old_jpeg,
        has_color_profile=page.has_color_profile,
        seconds_decode=round(decoded_at - started, 4),
        seconds_measure=round(measured_at - copied_at, 4),
        seconds_copies=round(copied_at - decoded_at, 4),
        **dict(pixels),
    )


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
    spool, memory, seconds, parent = Path(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3]), int(sys.argv[4])
    die_with_parent(parent)
    warm_up(spool)
    walls = confine(spool, memory)
    say(json.dumps({"walls": walls}))
    for line in sys.stdin:
        allow_processor_time(seconds)
        asked = Question.model_validate_json(line)
        say(answered(asked, spool, memory).model_dump_json())


def answered(asked: Question, spool: Path, memory: int) -> Measurement:
    """Do what is asked of the page in the spool."""
    if asked.printing:
        return print_page(spool, asked.printing, memory)
    return cut(spool, asked.cutting, memory) if asked.cutting else measured(spool / PAGE, memory)


def say(answer: str) -> None:
    """Answer on standard output, one line."""
    sys.stdout.write(answer + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
