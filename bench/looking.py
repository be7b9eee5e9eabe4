"""Looking at a page in the sandbox, against decoding it alone."""

import asyncio
import os
import statistics
import time
from io import BytesIO
from pathlib import Path

from PIL import Image

from cli.demo.dossiers import invent_dossiers
from cli.demo.pages import make_page
from shared.imaging.sandbox import Sandbox

ROUNDS = 15


async def measure_looking(_folder: Path) -> list[str]:
    """Give the figures of this measurement."""
    page = await asyncio.to_thread(make_page, invent_dossiers(1, pages=1)[0], 1)
    floor = statistics.median(await asyncio.to_thread(decode_alone, page))

    async def fill(descriptor: int) -> None:
        os.write(descriptor, page)

    async with Sandbox(1) as sandbox:
        await sandbox.look_at(fill)
        seconds = []
        for _ in range(ROUNDS):
            started = time.perf_counter()
            await sandbox.look_at(fill)
            seconds.append(time.perf_counter() - started)
    middle = statistics.median(seconds)
    return [
        f"looking at a page (A4, 300 dpi, {len(page) / 1e6:.1f} MB JPEG): median {middle * 1000:.0f} ms, "
        f"decoding alone {floor * 1000:.0f} ms: ratio {middle / floor:.1f}"
    ]


def decode_alone(page: bytes) -> list[float]:
    """Decode a page again and again."""
    seconds = []
    for _ in range(ROUNDS):
        started = time.perf_counter()
        with Image.open(BytesIO(page)) as image:
            image.load()
        seconds.append(time.perf_counter() - started)
    return seconds
