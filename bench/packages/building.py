"""Laying out a delivery of 1,000 dossiers, 100,000 pages, 2 TB of sparse masters and as much in reading forms.

Dossiers lie in folder stores without having passed through ingest, their rows were put straight into handover's
database; from the order of the delivery on everything is as it is at work. Not in this figure is the proof: before a
package is offered every byte of it is read, which takes as long as the stores need.
"""

import asyncio
import random
import statistics
import time
from collections.abc import Sequence
from contextlib import aclosing
from pathlib import Path

from sqlmodel import select

from bench.packages.apart import apart
from bench.packages.office import built, handover, prepare
from bench.packages.shelves import Kind
from services.handover.context import Context
from services.handover.models import Package
from services.handover.operations.building import BUILD
from services.handover.operations.reading import read_package

DOSSIERS = 1_000
SPARSE = Kind(pages=100, page_size=20_000_000, documents=10, is_sparse=True)
ASKED_FOR, AT_ONCE = 30, 8


async def measure_building(folder: Path, dossiers: int = DOSSIERS, kind: Kind = SPARSE) -> list[str]:
    """Give the figures of laying out, of the first byte."""
    began = time.perf_counter()
    await prepare(folder, kind, dossiers)
    prepared = time.perf_counter() - began
    cost = await apart(build, folder)
    first = await apart(first_bytes, folder)
    count, size = cost.told
    whole, middle, several = first.told
    return [
        f"a delivery of {dossiers} dossiers, {dossiers * kind.pages} pages, laid in both stores in {prepared:.0f} s",
        f"laying out {count} packages of {size / 1e12:.1f} TB: {cost.seconds:.1f} s (wanted under 60), "
        f"{cost.worked:.1f} s of a processor, {cost.peak:.0f} MB at most (wanted under 300), {cost.read:.0f} MB "
        f"read and {cost.written:.0f} MB written, none of a page",
        f"first byte of a package nobody asked for yet: {milliseconds(whole)}, one in its middle: "
        f"{milliseconds(middle)}, of {AT_ONCE} at once: {milliseconds(several)} (wanted under 300; {ASKED_FOR} by "
        "chance each)",
    ]


def build(data: Path) -> tuple[int, int]:
    """Order a delivery and lay it out; gives how many packages of how many bytes."""

    async def laid_out() -> tuple[int, int]:
        async with handover(data) as (service, context):
            packages = await built(service, context, BUILD)
            if any(package.size is None for package in packages):
                raise AssertionError("not laid out")
            return len(packages), sum(package.size or 0 for package in packages)

    return asyncio.run(laid_out())


def milliseconds(waits: Sequence[float]) -> str:
    """Tell the median and the longest of waits."""
    return f"median {statistics.median(waits) * 1e3:.0f} ms, longest {max(waits) * 1e3:.0f} ms"


def first_bytes(data: Path) -> tuple[list[float], list[float], list[float]]:
    """Ask for packages by chance; gives the waits for the first byte, for one in the middle, and of several at once."""

    async def asked() -> tuple[list[float], list[float], list[float]]:
        async with handover(data) as (_, context):
            async with context.database.reading() as session:
                packages = (await session.exec(select(Package))).all()
            chosen = random.Random(1).sample(packages, min(len(packages), 3 * ASKED_FOR))  # noqa: S311 - chance, no secret
            starts = [await waited(context, each, 0) for each in chosen[::3]]
            middles = [await waited(context, each, (each.size or 0) // 2) for each in chosen[1::3]]
            rest, several = chosen[2::3], []
            for begin in range(0, len(rest), AT_ONCE):
                together = (waited(context, each, 0) for each in rest[begin : begin + AT_ONCE])
                several += await asyncio.gather(*together)
        return starts, middles, several

    return asyncio.run(asked())


async def waited(context: Context, package: Package, start: int) -> float:
    """Give the seconds until a byte of a package came."""
    began = time.perf_counter()
    async with aclosing(read_package(context, package, start, (package.size or 0) - start)) as chunks:
        await anext(chunks)
        return time.perf_counter() - began
