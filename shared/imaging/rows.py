"""Every row of a page decoded, and what its decoder said of damage."""

from mmap import ACCESS_READ, mmap
from pathlib import Path

from PIL import Image

from shared.imaging.containers.jp2_codeblocks import decoded_jp2
from shared.imaging.formats import JP2
from shared.imaging.hearing import hearing
from shared.imaging.measurement import Flaw
from shared.imaging.outside import Undecodable

NO_DECODER = ("is not configured", "is not implemented")  # what libtiff says of a compression that it was built without


def loaded(image: Image.Image, path: Path, media_type: str) -> tuple[Image.Image, tuple[Flaw, ...]]:
    """Decode every row. Raises OSError, with the decoder's own words; Undecodable where there is no decoder for it."""
    if media_type != JP2:
        return image, complaints(image)
    with path.open("rb") as file, mmap(file.fileno(), 0, access=ACCESS_READ) as content:
        pixels, flaws = decoded_jp2(content)
    if pixels is None or image.mode not in ("L", "RGB"):
        return image, flaws + complaints(image)
    page = Image.fromarray(pixels)
    if (page.mode, page.size) != (image.mode, image.size):
        return image, flaws + complaints(image)
    page.info = image.info
    return page, flaws


def complaints(image: Image.Image) -> tuple[Flaw, ...]:
    """Let Pillow decode, and give the first thing that the library below it said. Raises OSError, Undecodable."""
    with hearing() as heard:
        try:
            image.load()
            failure = None
        except OSError as broken:
            failure = broken
    if failure is not None and any(word in line for line in heard.lines for word in NO_DECODER):
        compression = str(image.info.get("compression", "?"))[:40]
        raise Undecodable("unsupported", f"nothing here can read this kind of compression: {compression}") from failure
    if failure is not None:
        raise OSError(f"{failure} {'; '.join(heard.lines[:2])}".strip()) from failure
    return tuple(Flaw(kind="damaged", detail=line[:200]) for line in heard.lines[:1])
