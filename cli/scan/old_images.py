"""Fetch what the inspectors saw of pages that are to be scanned again, so that the operator sees what is wrong."""

import asyncio
from pathlib import Path

import httpx

from cli.client import ApiClient, ApiProblem
from cli.scan.round import Round


async def fetch_old_images(client: ApiClient, place: Path, done: Round) -> None:
    """Keep the old image of every page to be scanned again; one that cannot be had now is left for the next round."""
    for page, wanted in done.wanted.items():
        file = place / page.parent.name / f"{page.stem}-v{wanted.page_version}.jpg"
        if not file.exists():
            try:
                answer = await client.send("GET", f"/qc/rescan-orders/{wanted.rescan_order_id}/old-image")
            except (ApiProblem, httpx.HTTPError):  # it may not even be an image; the reason says what there is to say
                continue
            await asyncio.to_thread(keep, file, answer.content)
        done.old_images[page] = file


def keep(file: Path, image: bytes) -> None:
    """Write an image as a whole or not at all."""
    file.parent.mkdir(parents=True, exist_ok=True)
    half = file.with_suffix(".part")
    half.write_bytes(image)
    half.replace(file)
