"""How long the measures and the copies of an A4 page at 300 dpi take, beside decoding it."""

import statistics
import tempfile
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from PIL import Image

from bench.qc.pages import Sound
from shared.imaging.worker import measured

A4 = (2480, 3508)
ROUNDS = 7


def measure_speed(pages: list[Sound], _seed: int) -> Iterator[str]:
    """Give the median and the longest over all pages, each brought to A4 at 300 dpi in colour."""
    seconds: dict[str, list[float]] = {"decode": [], "measure": [], "copies": []}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "page"
        for page in pages:
            path.write_bytes(as_a4(page.image))
            best = [measured(path, 2 << 30).measures for _ in range(ROUNDS)]
            for name, each in seconds.items():
                each.append(min(getattr(one, f"seconds_{name}") for one in best if one))
    yield "| | median ms | slowest page ms |"
    yield "|---|---|---|"
    for name, each in seconds.items():
        yield f"| {name} | {statistics.median(each) * 1000:.0f} | {max(each) * 1000:.0f} |"


def as_a4(image: Image.Image) -> bytes:
    """Give a page as a JPEG of A4 size at 300 dpi in colour."""
    upright = image if image.height >= image.width else image.rotate(90, expand=True)
    file = BytesIO()
    upright.convert("RGB").resize(A4, Image.Resampling.BICUBIC).save(file, "JPEG", quality=90, dpi=(300, 300))
    return file.getvalue()
