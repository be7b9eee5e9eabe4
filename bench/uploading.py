"""Page upload over HTTP, 16 MB pages, four at a time, against a sequential loop of read, SHA-256, write, fsync."""

import asyncio
import base64
import os
import resource
import time
from collections.abc import AsyncIterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import httpx

from bench.system import BenchSystem, approve_one
from cli.scan.sending import read

PAGES = 24
SIZE = 16_000_000
AT_ONCE = 4
ROUNDS = 3
HEAD = b"\xff\xd8\xff\xe0"


async def measure_uploading(folder: Path) -> list[str]:
    """Give the figures of this measurement."""
    pages = await asyncio.to_thread(make_pages, folder / "pages")
    system = BenchSystem(folder / "system")
    with system:
        ratios = []
        for turn in range(ROUNDS):
            floor = await asyncio.to_thread(sequential, pages, folder / f"floor-{turn}")
            sent = await upload(system, pages, turn)
            ratios.append((sent / floor, sent, floor))
    ratio, sent, floor = sorted(ratios)[ROUNDS // 2]
    memory = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
    return [
        f"page upload, embedded: {sent:.0f} MB/s against {floor:.0f} MB/s of read+hash+write+fsync: "
        f"ratio {ratio:.2f} (wanted 0.8; median of {ROUNDS})",
        f"largest child process: {memory} MiB",
    ]


def make_pages(folder: Path) -> list[Path]:
    """Write pages of random bytes behind a JPEG's first four."""
    folder.mkdir()
    pages = []
    for number in range(PAGES):
        page = folder / f"{number:04d}.jpg"
        page.write_bytes(HEAD + os.urandom(SIZE - len(HEAD)))
        pages.append(page)
    return pages


def sequential(pages: list[Path], to: Path) -> float:
    """Copy pages one after the other with hash and fsync; gives MB/s."""
    to.mkdir()
    started = time.perf_counter()
    for page in pages:
        digest = sha256()
        with page.open("rb") as source, (to / page.name).open("wb") as copy:
            while chunk := source.read(1 << 20):
                digest.update(chunk)
                copy.write(chunk)
            copy.flush()
            os.fsync(copy.fileno())
    return PAGES * SIZE / 1e6 / (time.perf_counter() - started)


async def upload(system: BenchSystem, pages: list[Path], turn: int) -> float:
    """Send pages to a fresh dossier; gives MB/s."""
    dossier = await approve_one(system, pages=PAGES, code=f"H49.2001.{turn:03d}")
    digests = [await asyncio.to_thread(digest_of, page) for page in pages]
    token = await system.token("station-1")
    hands = asyncio.Semaphore(AT_ONCE)
    async with httpx.AsyncClient(base_url=system.url, timeout=120) as client:

        async def send(number: int, page: Path, digest: str) -> None:
            async with hands:
                headers: dict[str, Any] = {
                    "Authorization": f"Bearer {token}",
                    "Content-Type": "image/jpeg",
                    "Content-Length": str(SIZE),
                    "Content-Digest": digest,
                }
                body: AsyncIterator[bytes] = read(page, 0, SIZE)
                path = f"/ingest/dossiers/{dossier}/pages/{number}"
                answer = await client.put(path, content=body, headers=headers)
                answer.raise_for_status()

        started = time.perf_counter()
        await asyncio.gather(*(send(n, p, d) for n, (p, d) in enumerate(zip(pages, digests, strict=True), start=1)))
        return PAGES * SIZE / 1e6 / (time.perf_counter() - started)


def digest_of(page: Path) -> str:
    """Give a page's Content-Digest."""
    return f"sha-256=:{base64.b64encode(sha256(page.read_bytes()).digest()).decode()}:"
