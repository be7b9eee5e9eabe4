"""Pulling packages, each time between two turns of a bare route that streams the same files over the same server."""

import asyncio
import json
import socket
import statistics
import sys
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from joserfc.jwk import KeySet, OKPKey

from bench.packages.apart import counters
from bench.packages.counter import KEYS
from bench.packages.office import OFFICER, RECEIVER, built, handover, prepare
from bench.packages.shelves import Kind
from services.handover.models import Package
from services.handover.operations.building import BUILD
from services.handover.operations.delivering import open_delivery
from services.handover.operations.readiness import FREEZE, PROVE
from shared.auth.policy import Role
from shared.auth.tokens import sign_token
from shared.storage.port import MIB

AT_ONCE, ROUNDS = 8, 7
PAGES = Kind(pages=40, page_size=5_000_000, documents=4, is_sparse=False)  # reading forms of 50 MB


async def measure_serving(folder: Path, kind: Kind = PAGES, rounds: int = ROUNDS) -> list[str]:
    """Give the figures of one at a time, of eight at once, and of memory."""
    await prepare(folder, kind, AT_ONCE)
    async with handover(folder) as (service, context):
        packages = await built(service, context, BUILD, PROVE, FREEZE)
        async with context.database.writing(OFFICER) as uow:
            await open_delivery(uow, packages[0].delivery_id)
    key = OKPKey.generate_key("Ed25519", auto_kid=True)
    (folder / KEYS).write_text(json.dumps(KeySet([key]).as_dict(private=False)))
    token = sign_token(key, RECEIVER, "Cục", frozenset({Role.RECEIVER}))
    served = [f"/handover/packages/{package.id}/content" for package in packages]
    bare = [f"/bare/{folder_of(package)}" for package in packages]
    async with counter(folder) as (port, process_id):

        async def rate(paths: Sequence[str]) -> float:
            """Pull all at once; gives MB/s."""
            began = time.perf_counter()
            sizes = await asyncio.gather(*(asyncio.to_thread(pull, port, path, token) for path in paths))
            return sum(sizes) / 1e6 / (time.perf_counter() - began)

        await rate(served)  # whatever is loaded once is loaded
        await rate(bare)
        before = counters("status", process_id)["VmRSS"] / 1e3
        one, least, several, least_several = [], [], [], []
        for turn in range(rounds):
            pair = [served[turn % AT_ONCE]], [bare[turn % AT_ONCE]]
            floor = await rate(pair[1])
            one.append(await rate(pair[0]))
            least.append(statistics.mean((floor, await rate(pair[1]))))
            floor = await rate(bare)
            several.append(await rate(served))
            least_several.append(statistics.mean((floor, await rate(bare))))
        after = counters("status", process_id)
    ratios = [a / b for a, b in zip(one, least, strict=True)]
    of_several = [a / b for a, b in zip(several, one, strict=True)]
    of_bare = [a / b for a, b in zip(least_several, least, strict=True)]
    return [
        f"serving a package of {(packages[0].size or 0) / 1e6:.0f} MB: {statistics.median(one):.0f} MB/s against "
        f"{statistics.median(least):.0f} MB/s of the bare route: ratio {told(ratios)} (wanted 0.7)",
        f"serving {AT_ONCE} at once: {statistics.median(several):.0f} MB/s together against "
        f"{statistics.median(least_several):.0f} MB/s of the bare route; ratio to one {told(of_several)} (wanted 1; "
        f"the bare route itself: {told(of_bare)})",
        f"memory of the server: {before:.0f} MB before, {after['VmRSS'] / 1e3:.0f} MB after, "
        f"{after['VmHWM'] / 1e3:.0f} MB at most (wanted flat)",
    ]


def told(ratios: Sequence[float]) -> str:
    """Tell the median of ratios and how they spread."""
    return f"{statistics.median(ratios):.2f} (median of {len(ratios)}, {min(ratios):.2f} to {max(ratios):.2f})"


def folder_of(package: Package) -> str:
    """Give the folder in the store that a package's files lie in."""
    keys = [file["key"] for file in json.loads(str(package.layout)) if file["key"]]
    return str(keys[0].rpartition("/")[0])


@asynccontextmanager
async def counter(data: Path) -> AsyncIterator[tuple[int, int]]:
    """Have the server run for as long as the block lasts; gives its port and its process."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    process = await asyncio.create_subprocess_exec(sys.executable, "-m", "bench.packages.counter", str(data), str(port))
    try:
        while process.returncode is None:
            try:
                socket.create_connection(("127.0.0.1", port)).close()
                break
            except OSError:
                await asyncio.sleep(0.1)
        yield port, process.pid
    finally:
        process.terminate()
        await process.wait()


def pull(port: int, path: str, token: str) -> int:
    """Fetch and forget; gives the bytes of the body. The least that a client can do, for it takes a core as well."""
    asked = f"GET {path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\nConnection: close\r\n\r\n"
    buffer, size = bytearray(MIB), 0
    with socket.create_connection(("127.0.0.1", port)) as line:
        line.sendall(asked.encode())
        while got := line.recv_into(buffer):
            if size == 0 and not buffer.startswith(b"HTTP/1.1 200"):
                raise AssertionError(bytes(buffer[:got]))
            size += got
    return size
