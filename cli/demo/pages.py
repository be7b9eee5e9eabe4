"""Pages of invented dossiers as a scanner would deliver them: typeset, aged, and filed a folder a dossier."""

from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from io import BytesIO
from itertools import repeat
from multiprocessing import get_context
from pathlib import Path
from typing import Literal

from PIL import Image

from cli.demo.ageing import REDUCTION, age
from cli.demo.chance import chance
from cli.demo.dossiers import Dossier, invent_dossiers
from cli.demo.sheets import sheet_of, verso_of
from cli.demo.typesetting import set_sheet
from cli.demo.wear import Wear

Format = Literal["jpeg", "tiff"]

DPI = 300
QUALITY = 88
ENDINGS: dict[Format, str] = {"jpeg": ".jpg", "tiff": ".tif"}
FEW = 4  # pages that are made before a second process would have started

Told = Callable[[int, int], None]


def make_dossiers(folder: Path, count: int, *, seed: int = 1, told: Told | None = None) -> list[Dossier]:
    """Invent dossiers and write their pages as `write_dossiers` does; gives the dossiers."""
    dossiers = invent_dossiers(count, seed=seed)
    write_dossiers(folder, dossiers, told=told)
    return dossiers


def make_page(dossier: Dossier, page: int, *, format: Format = "jpeg", dpi: int = DPI) -> bytes:
    """Make the image of a page: A4 in colour, with its resolution told; JPEG, or TIFF without loss.

    The same dossier and page give the same bytes. Raises IndexError for a page the dossier does not have.
    """
    ink = set_sheet(sheet_of(dossier, page), dpi=dpi)
    other = verso_of(dossier, page)
    verso = set_sheet(sheet_of(dossier, other), dpi=dpi / REDUCTION) if other else None
    wear = Wear.of(chance(dossier.file_code, min(page, other or page), "wear"))  # both sides are one sheet of paper
    return encoded(age(ink, verso, wear, chance(dossier.file_code, page, "marks")), format, dpi)


def encoded(image: Image.Image, format: Format, dpi: int) -> bytes:
    """Write an image down as a file's bytes."""
    written = BytesIO()
    if format == "jpeg":
        image.save(written, "JPEG", quality=QUALITY, dpi=(dpi, dpi))
    else:
        image.save(written, "TIFF", compression="tiff_lzw", dpi=(dpi, dpi))
    return written.getvalue()


def write_dossiers(
    folder: Path,
    dossiers: Sequence[Dossier],
    *,
    format: Format = "jpeg",
    workers: int = 2,
    told: Told | None = None,
) -> int:
    """Write pages as `folder/<dossier.folder>/0001.jpg` and so on, in several processes; gives how many.

    A file appears whole or not at all, and one that is there already is made anew. `told` hears, from this process,
    how many pages of how many are written. A process takes about half a gigabyte of memory.
    """
    work = [(dossier, page) for dossier in dossiers for page in range(1, dossier.page_count + 1)]
    for dossier in dossiers:
        (folder / dossier.folder).mkdir(parents=True, exist_ok=True)
    told = told or (lambda _done, _of: None)
    if workers < 2 or len(work) <= FEW:
        for done, (dossier, page) in enumerate(work, start=1):
            write_page(folder, dossier, page, format)
            told(done, len(work))
        return len(work)
    # Spawned, for this process may have threads, which a forked one would find halfway through something.
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        writing = pool.map(write_page, repeat(folder), *zip(*work, strict=True), repeat(format), chunksize=4)
        for done, _path in enumerate(writing, start=1):
            told(done, len(work))
    return len(work)


def write_page(folder: Path, dossier: Dossier, page: int, format: Format) -> Path:
    """Write one page; the scanner station sees it once it is whole."""
    path = folder / dossier.folder / f"{page:04d}{ENDINGS[format]}"
    unfinished = path.with_name(f".{path.name}.part")
    unfinished.write_bytes(make_page(dossier, page, format=format))
    unfinished.replace(path)
    return path
