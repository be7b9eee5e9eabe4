"""Sound pages to damage: real ones from a folder, or our own made ones where there is none."""

from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from PIL import Image

from cli.demo.dossiers import invent_dossiers
from cli.demo.pages import make_page
from shared.imaging.plain import plain

MADE = 24
IMAGES = (".jpg", ".jpeg", ".tif", ".tiff", ".png", ".jp2")


@dataclass(frozen=True, slots=True)
class Sound:
    """A page as it was scanned, in RGB or grey, and its resolution where its file tells one."""

    name: str
    image: Image.Image
    dpi: float | None


def sound_pages(folder: Path | None) -> Iterator[Sound]:
    """Give the pages of a folder, or made ones."""
    if folder is None:
        for dossier in invent_dossiers(MADE // 4, pages=4):
            for page in range(1, 5):
                yield opened(f"{dossier.folder}-{page}", BytesIO(make_page(dossier, page)))
        return
    for path in sorted(folder.iterdir()):
        if path.suffix.lower() in IMAGES:
            yield opened(path.stem, BytesIO(path.read_bytes()))


def opened(name: str, file: BytesIO) -> Sound:
    """Open a page whole."""
    with Image.open(file) as image:
        dpi = image.info.get("dpi")
        return Sound(name, plain(image).copy(), float(dpi[0]) if dpi and dpi[0] > 1 else None)
