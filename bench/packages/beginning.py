"""The first byte of a large package: 10,000 documents, and their 100,000 images in the package beside it.

Each place is asked for in a process of its own, that nobody asked for anything before: first cold, then again.
"""

import asyncio
import statistics
from pathlib import Path

from sqlmodel import col, select

from bench.packages.apart import apart, counters
from bench.packages.building import build, waited
from bench.packages.office import handover, prepare
from bench.packages.shelves import Kind
from services.handover.models import Package

LARGE = Kind(pages=100_000, page_size=2_000_000, documents=10_000, is_sparse=True)
PLACES = {"start": 0.0, "a third": 1 / 3, "middle": 0.5, "two thirds": 2 / 3, "directory": 0.99999, "end": 1.0}
AGAIN = 10


async def measure_beginning(folder: Path, kind: Kind = LARGE) -> list[str]:
    """Give the waits for bytes of both packages, and the memory they cost."""
    await prepare(folder, kind, 1, with_masters=True)
    cost = await apart(build, folder)
    lines = [
        f"laying out a dossier of {kind.documents} documents and {kind.pages} pages as two packages: "
        f"{cost.seconds:.1f} s, {cost.worked:.1f} s of a processor, {cost.peak:.0f} MB at most"
    ]
    for number, held in ((1, f"{kind.documents} documents"), (2, f"{kind.pages} images")):
        cold, warm, grown = [], [], 0.0
        for share in PLACES.values():
            asked = await apart(ask, folder, number, share)
            first, again, more = asked.told
            cold.append(first)
            warm += again
            grown = max(grown, more)
        told = ", ".join(f"{place} {wait * 1e3:.0f}" for place, wait in zip(PLACES, cold, strict=True))
        lines.append(
            f"first byte of a package of {held}: cold {told} ms, warm median {statistics.median(warm) * 1e3:.0f} ms, "
            f"longest of {len(warm)} {max(warm) * 1e3:.0f} ms (wanted under 300); {grown:.0f} MB for it (wanted flat)"
        )
    return lines


def ask(data: Path, number: int, share: float) -> tuple[float, list[float], float]:
    """Ask a package for the byte at a share of it; gives the first wait, those after it, and the MB they added."""

    async def asked() -> tuple[float, list[float], float]:
        async with handover(data) as (_, context):
            async with context.database.reading() as session:
                packages = (await session.exec(select(Package).order_by(col(Package.number)))).all()
            package, before = packages[number - 1], counters("status")["VmHWM"]
            start = min(int((package.size or 0) * share), (package.size or 0) - 1)
            first = await waited(context, package, start)
            again = [await waited(context, package, start) for _ in range(AGAIN)]
            return first, again, (counters("status")["VmHWM"] - before) / 1e3

    return asyncio.run(asked())
