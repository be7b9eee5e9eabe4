"""Page upload over HTTP, 16 MB pages, four at a time, each time between two turns of what is the least work.

Embedded the least is a sequential loop of read, SHA-256, write, fsync on the same disk; in the full mode, the same
bytes put by the S3 client, four at a time, straight into the same server.
"""

import asyncio
import base64
import os
import statistics
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
from minio import Minio

from bench.system import BenchSystem, approve_one
from cli.demo import Mode
from cli.scan.sending import read
from shared.storage.address import Address

PAGES = 24
SIZE = 16_000_000
AT_ONCE = 4
ROUNDS = 5
HEAD = b"\xff\xd8\xff\xe0"
Floor = Callable[[str], Awaitable[float]]


async def measure_uploading(folder: Path) -> list[str]:
    """Give the figures of the embedded system."""
    pages = await asyncio.to_thread(make_pages, folder / "pages")

    async def floor(turn: str) -> float:
        return await asyncio.to_thread(sequential, pages, folder / f"floor-{turn}")

    async with BenchSystem(folder / "system") as system:
        return [await against(system, pages, floor, "embedded: {} of read+hash+write+fsync", wanted=0.8)]


async def measure_full_uploading(folder: Path) -> list[str]:
    """Give the figures of the full mode."""
    pages = await asyncio.to_thread(make_pages, folder / "pages")
    async with BenchSystem(folder / "system", Mode.FULL) as system:
        address = Address.of(urlsplit(system.environments["ingest"]["STORE_INCOMING_URL"]))

        async def floor(turn: str) -> float:
            return await asyncio.to_thread(straight, pages, address, turn)

        return [await against(system, pages, floor, "full mode: {} of the S3 client", wanted=0.6)]


async def against(system: BenchSystem, pages: Sequence[Path], floor: Floor, what: str, *, wanted: float) -> str:
    """Send all pages again and again, each time between two turns of the floor: disks slow down as they are used."""
    rounds = []
    before = await floor("0")
    for turn in range(1, ROUNDS + 1):
        sent = await send_pages(system, pages, at_once=AT_ONCE, code=f"H49.2001.{turn:03d}")
        after = await floor(str(turn))
        rounds.append((sent / statistics.mean((before, after)), sent, statistics.mean((before, after))))
        before = after
    ratio, sent, least = sorted(rounds)[ROUNDS // 2]
    spread = f"{min(rounds)[0]:.2f} to {max(rounds)[0]:.2f}"
    against = what.format(f"{sent:.0f} MB/s against {least:.0f} MB/s")
    return f"page upload, {against}: ratio {ratio:.2f} (wanted {wanted}; median of {ROUNDS}, {spread})"


def make_pages(folder: Path) -> list[Path]:
    """Write pages of random bytes behind a JPEG's first four."""
    folder.mkdir()
    return [make_page(folder / f"{number:04d}.jpg", SIZE) for number in range(PAGES)]


def make_page(path: Path, size: int) -> Path:
    """Write one such page."""
    path.write_bytes(HEAD + os.urandom(size - len(HEAD)))
    return path


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


def straight(pages: Sequence[Path], address: Address, turn: str) -> float:
    """Put pages into the bucket with the S3 client; gives MB/s."""
    key = address.credentials
    client = Minio(address.host, key.access_key, key.secret_key, secure=address.is_secure, region=address.region)

    def put(page: Path) -> None:
        client.fput_object(address.bucket, f"floor/{turn}/{page.name}", str(page), part_size=64 << 20)

    started = time.perf_counter()
    with ThreadPoolExecutor(AT_ONCE) as hands:
        for done in [hands.submit(put, page) for page in pages]:
            done.result()
    return PAGES * SIZE / 1e6 / (time.perf_counter() - started)


async def send_pages(system: BenchSystem, pages: Sequence[Path], *, at_once: int, code: str) -> float:
    """Send pages to a fresh dossier with this file code; gives MB/s."""
    dossier = await approve_one(system, pages=len(pages), code=code)
    digests = [await asyncio.to_thread(digest_of, page) for page in pages]
    token = await system.token("station-1")
    hands = asyncio.Semaphore(at_once)
    async with httpx.AsyncClient(base_url=system.url, timeout=120) as client:

        async def send(number: int, page: Path, digest: str) -> None:
            async with hands:
                size = page.stat().st_size
                headers: dict[str, Any] = {
                    "Authorization": f"Bearer {token}",
                    "Content-Type": "image/jpeg",
                    "Content-Length": str(size),
                    "Content-Digest": digest,
                }
                body: AsyncIterator[bytes] = read(page, 0, size)
                path = f"/ingest/dossiers/{dossier}/pages/{number}"
                answer = await client.put(path, content=body, headers=headers)
                answer.raise_for_status()

        started = time.perf_counter()
        await asyncio.gather(*(send(n, p, d) for n, (p, d) in enumerate(zip(pages, digests, strict=True), start=1)))
        return sum(page.stat().st_size for page in pages) / 1e6 / (time.perf_counter() - started)


def digest_of(page: Path) -> str:
    """Give a page's Content-Digest."""
    return f"sha-256=:{base64.b64encode(sha256(page.read_bytes()).digest()).decode()}:"
