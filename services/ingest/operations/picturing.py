"""The picture of a page as its reading form shows it: the scanner's own data where a PDF can take them."""

import asyncio
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from services.ingest.context import Context
from services.ingest.models import Master
from services.ingest.reading.book import Bits, Picture
from services.ingest.reading.jpeg import Jpeg, OddJpeg
from shared.imaging.formats import JPEG
from shared.imaging.measurement import Printed, Printing
from shared.imaging.resolution import true_resolution
from shared.imaging.spool import PRINT

LARGEST_AS_IT_IS = 128 << 20  # bytes: what is larger goes through the sandbox, which makes it smaller
ASSUMED = 300.0


@dataclass(frozen=True, slots=True)
class Pictured:
    """A picture, or None for a page that cannot be decoded; `guessed` says how its size was found if no tag told it."""

    picture: Picture | None
    guessed: str | None = None


async def picture_of(context: Context, master: Master, folder: Path, *, plain: bool) -> Pictured:
    """Give the picture of a version of a page; `plain` has every picture compressed anew."""
    if master.media_type == JPEG and master.size <= LARGEST_AS_IT_IS and not plain:
        body = b"".join([chunk async for chunk in context.incoming.read(master.key)])
        try:
            image = Jpeg.of(body)
        except OddJpeg:
            pass
        else:
            resolution = true_resolution(image.dpi, image.width, image.height)
            guessed = None if resolution.source == "tag" else resolution.source
            return Pictured(Picture(image, body, resolution.dpi or (ASSUMED, ASSUMED)), guessed)
    return await printed_picture(context, master, folder)


async def printed_picture(context: Context, master: Master, folder: Path) -> Pictured:
    """Have the sandbox decode a page and compress it anew."""
    fill = partial(context.incoming.copy_to, master.key)
    seen = await context.desk.sandbox.print(fill, Printing(picture=True, into=folder))
    printed = seen.measurement.printed
    if printed is None:
        return Pictured(None)
    body = await asyncio.to_thread((folder / PRINT).read_bytes)
    (folder / PRINT).unlink()
    image = image_in(body, printed)
    if image is None:
        return Pictured(None)
    return Pictured(Picture(image, body, printed.dpi), None if printed.dpi_source == "tag" else printed.dpi_source)


def image_in(body: bytes, printed: Printed) -> Jpeg | Bits | None:
    """Say what the sandbox printed; it decoded hostile bytes, so it is not believed unseen."""
    if printed.is_bits:
        is_whole = len(body) == (printed.width + 7) // 8 * printed.height
        return Bits(printed.width, printed.height) if is_whole and printed.width > 0 else None
    try:
        return Jpeg.of(body)
    except OddJpeg:
        return None
