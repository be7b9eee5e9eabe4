"""Which broken files are noticed, by damage and format, beside what Pillow's load notices; which valid ones too."""

import random
import tempfile
from collections.abc import Iterator
from io import BytesIO
from itertools import chain
from pathlib import Path

from PIL import Image

from bench.qc.damage import DAMAGES
from bench.qc.pages import Sound
from services.qc.domain.checks.container import PADDING
from shared.imaging.decoding import decode
from shared.imaging.outside import Undecodable

LONGEST = 1400  # pages are made smaller first: the number of files counts here
ROOM = 2 << 30
PAGES, EACH = 10, 2
WRITERS: dict[str, tuple[str, str, dict[str, object]]] = {
    "JPEG": ("RGB", "JPEG", {"quality": 85}),
    "JPEG 4:4:4": ("RGB", "JPEG", {"quality": 93, "subsampling": 0, "optimize": True}),
    "JPEG grey": ("L", "JPEG", {"quality": 80}),
    "JPEG progressive": ("RGB", "JPEG", {"quality": 85, "progressive": True}),
    "JPEG restarts": ("RGB", "JPEG", {"quality": 85, "restart_marker_rows": 1}),
    "TIFF": ("RGB", "TIFF", {"compression": "raw"}),
    "TIFF LZW": ("RGB", "TIFF", {"compression": "tiff_lzw"}),
    "TIFF deflate": ("RGB", "TIFF", {"compression": "tiff_adobe_deflate", "big_tiff": True}),
    "TIFF JPEG": ("RGB", "TIFF", {"compression": "jpeg", "quality": 85}),
    "TIFF G4": ("1", "TIFF", {"compression": "group4"}),
    "PNG": ("RGB", "PNG", {}),
    "JP2": ("RGB", "JPEG2000", {"irreversible": True, "quality_layers": [15]}),
}


def measure_integrity(pages: list[Sound], seed: int) -> Iterator[str]:
    """Damage pages of every format in every way, and give the share that is noticed here / by Pillow, in per cent."""
    noticed: dict[tuple[str, str], list[tuple[bool, bool]]] = {}
    refused: dict[str, int] = dict.fromkeys(WRITERS, 0)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "page"
        for number, page in enumerate(pages[:: max(1, len(pages) // PAGES)]):
            for writer in WRITERS:
                whole = written(page.image, writer)
                refused[writer] += is_noticed(path, whole)
                for damage, change in DAMAGES.items():
                    for round_ in range(EACH):
                        chance = random.Random(f"{seed} {number} {writer} {damage} {round_}")  # noqa: S311 - damage, no secret
                        broken = change(whole, chance)
                        if broken != whole:
                            seen = is_noticed(path, broken), is_noticed_by_pillow(broken)
                            noticed.setdefault((damage, writer), []).append(seen)
    yield "| damage | " + " | ".join(WRITERS) + " | all |"
    yield "|---" * (len(WRITERS) + 2) + "|"
    for damage in DAMAGES:
        each = [noticed.get((damage, writer), []) for writer in WRITERS]
        yield f"| {damage} | " + " | ".join(shares(seen) for seen in [*each, list(chain(*each))]) + " |"
    every = [seen for all_seen in noticed.values() for seen in all_seen]
    yield f"| valid refused | {' | '.join(str(count) for count in refused.values())} | {sum(refused.values())} |"
    yield ""
    yield f"{len(every)} broken files, noticed here / by Pillow: {shares(every)} %"


def written(image: Image.Image, writer: str) -> bytes:
    """Give a page as a file."""
    mode, kind, how = WRITERS[writer]
    small = image.copy()
    small.thumbnail((LONGEST, LONGEST), Image.Resampling.BICUBIC)
    file = BytesIO()
    small.convert(mode).save(file, kind, dpi=(300, 300), **how)
    return file.getvalue()


def is_noticed(path: Path, content: bytes) -> bool:
    """Say whether a file fails or is given to a person for what is wrong with it."""
    path.write_bytes(content)
    try:
        outside = decode(path, ROOM).outside
    except Undecodable:
        return True
    return bool(outside.flaws) or outside.frame_count > 1 or outside.bytes_after_end > PADDING


def is_noticed_by_pillow(content: bytes) -> bool:
    """Say whether Pillow fails to load a file."""
    try:
        with Image.open(BytesIO(content)) as image:
            image.load()
    except Exception:  # noqa: BLE001 - whatever it raises, it noticed
        return True
    return False


def shares(seen: list[tuple[bool, bool]]) -> str:
    """Give both shares in per cent."""
    if not seen:
        return "-"
    return " / ".join(f"{100 * sum(one[who] for one in seen) / len(seen):.0f}" for who in (0, 1))
