"""Pulling packages, each time between two turns of a bare route that streams the same files over the same server."""

import asyncio
import json
import socket
import sys
import time
from collections.abc import AsyncIterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import mean, median

from joserfc.jwk import KeySet, OKPKey

from bench.packages.apart import counters, worked_by
from bench.packages.counter import KEYS
from bench.packages.office import OFFICER, RECEIVER, built, handover, prepare
from bench.packages.shelves import Kind
from services.handover.models import Package
from services.handover.operations.building import BUILD
from services.handover.operations.delivering import open_delivery
from services.handover.operations.readiness import FREEZE, PROVE
from shared.auth.roles import Role
from shared.auth.tokens import sign_token
from shared.eark.layout import DATA
from shared.eark.manifest import BESIDE
from shared.storage.port import MIB

AT_ONCE, ROUNDS = 8, 7
PAGES = Kind(pages=40, page_size=5_000_000, documents=4, is_sparse=False)  # reading forms of 50 MB


@dataclass
class Spent:
    """Seconds of a processor that the server spent on so many MB."""

    seconds: float = 0
    size: float = 0

    @property
    def a_gigabyte(self) -> float:
        """Give the seconds for a GB."""
        return 1e3 * self.seconds / self.size


@dataclass
class Rates:
    """MB/s of each round: ours and the bare route's, one at a time and several at once."""

    one: list[float] = field(default_factory=list)
    bare: list[float] = field(default_factory=list)
    several: list[float] = field(default_factory=list)
    several_bare: list[float] = field(default_factory=list)
    worked: Spent = field(default_factory=Spent)
    worked_bare: Spent = field(default_factory=Spent)


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
    async with counter(folder) as (port, process_id):
        pulls = Pulls(port, process_id, token)
        await pulls.rounds(packages, 1)  # whatever is loaded once is loaded
        before = counters("status", process_id)["VmRSS"] / 1e3
        rates = await pulls.rounds(packages, rounds)
        after = counters("status", process_id)
    return [
        f"serving a package of {(packages[0].size or 0) / 1e6:.0f} MB: {median(rates.one):.0f} MB/s against "
        f"{median(rates.bare):.0f} MB/s of the bare route: ratio {told(rates.one, rates.bare)} (wanted 0.7)",
        f"serving {AT_ONCE} at once: {median(rates.several):.0f} MB/s together against "
        f"{median(rates.several_bare):.0f} MB/s of the bare route: ratio {told(rates.several, rates.several_bare)}; "
        f"to one at a time: {told(rates.several, rates.one)} (wanted 1; the bare route's own: "
        f"{told(rates.several_bare, rates.bare)})",
        f"processor time of the server for a GB: {rates.worked.a_gigabyte:.2f} s against "
        f"{rates.worked_bare.a_gigabyte:.2f} s of the bare route: ratio "
        f"{rates.worked_bare.a_gigabyte / rates.worked.a_gigabyte:.2f} (tells more where the machine is busy)",
        f"memory of the server: {before:.0f} MB before, {after['VmRSS'] / 1e3:.0f} MB after, "
        f"{after['VmHWM'] / 1e3:.0f} MB at most (wanted flat)",
    ]


@dataclass(frozen=True)
class Pulls:
    """Pulls from a server, each time between two turns of the bare route."""

    port: int
    process_id: int
    token: str

    async def rounds(self, packages: Sequence[Package], count: int) -> Rates:
        """Pull one package and then all at once, so many times."""
        served = [f"/handover/packages/{package.id}/content" for package in packages]
        bare = [f"/bare/{folder_of(package)}" for package in packages]
        rates = Rates()
        for turn in range(count):
            place = turn % len(packages)
            for ours, theirs, paths, bare_paths in (
                (rates.one, rates.bare, served[place : place + 1], bare[place : place + 1]),
                (rates.several, rates.several_bare, served, bare),
            ):
                before = await self.rate(bare_paths, rates.worked_bare)
                ours.append(await self.rate(paths, rates.worked))
                theirs.append(mean((before, await self.rate(bare_paths, rates.worked_bare))))
        return rates

    async def rate(self, paths: Sequence[str], spent: Spent) -> float:
        """Pull all of these at once; gives MB/s, and adds up what the server spent."""
        loop, began, worked = asyncio.get_running_loop(), time.perf_counter(), worked_by(self.process_id)
        with ThreadPoolExecutor(len(paths)) as hands:
            going = [loop.run_in_executor(hands, pull, self.port, path, self.token) for path in paths]
            size = sum(await asyncio.gather(*going))
        seconds = time.perf_counter() - began
        spent.seconds += worked_by(self.process_id) - worked
        spent.size += size / 1e6
        return size / 1e6 / seconds


def told(rates: Sequence[float], of: Sequence[float]) -> str:
    """Tell the median of ratios and how they spread."""
    ratios = [a / b for a, b in zip(rates, of, strict=True)]
    return f"{median(ratios):.2f} (median of {len(ratios)}, {min(ratios):.2f} to {max(ratios):.2f})"


def folder_of(package: Package) -> str:
    """Give the folder in the store that a package's reading forms lie in."""
    return f"{package.manifest_key.removesuffix(BESIDE)}/{DATA}"


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
