"""Sealing 100 pages in ten documents without OCR, each time between two turns of the least work on the same files.

The least is a plain loop that writes masters and PDFs twice with fsync, reads them back past the system's cache as
sealing does, and hashes them. The dossier's rows are put straight into ingest's database.
"""

import asyncio
import os
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AsyncExitStack
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import cast

from sqlmodel import select

from bench.accepting import accept_dossier
from cli.demo.dossiers import invent_dossiers
from cli.demo.pages import make_page
from services.embedded import embedded_service, folder_of
from services.ingest.context import Context
from services.ingest.models import Reading, ScanOrder
from services.ingest.operations.accepting import SEAL
from shared.ids import DossierId
from shared.jobs import Worker
from shared.migrating import migrate
from shared.storage.digest import Hasher
from shared.storage.port import Fixity

PAGES, DOCUMENTS, DIFFERENT, ROUNDS = 100, 10, 10, 5
BAGIT = Path(sys.executable).with_name("bagit.py")


async def measure_sealing(folder: Path, count: int = PAGES, rounds: int = ROUNDS) -> list[str]:
    """Give the figures of sealing, of sealing with the making of the PDFs, and of bagit.py."""
    service = replace(embedded_service("ingest", folder, ingest_reader="none", ingest_readers="1"), register=None)
    context = cast(Context, service.context)
    url = context.database.url.render_as_string(hide_password=False)
    await asyncio.to_thread(migrate, folder_of("ingest"), url)
    sealings: list[tuple[float, float, float]] = []
    async with AsyncExitStack() as ending:
        ending.push_async_callback(context.database.close)
        await ending.enter_async_context(service.opened())
        pages = await asyncio.to_thread(make_pages, folder / "stores" / "incoming", count)
        before, files = 0.0, list[Path]()
        for turn in range(rounds + 1):  # the first one warms up, and gives the PDFs
            dossier = await accept_dossier(context.database, pages, number=turn + 1, in_documents=DOCUMENTS)
            binding = await timed(Worker(context.database, service.apart, 1, service.meter).work_once)
            sealing = await timed(Worker(context.database, {SEAL: service.kinds[SEAL]}, 1, service.meter).work_once)
            files = await files_of(context, folder / "stores" / "incoming", pages, dossier)
            least = await asyncio.to_thread(write_twice, files, folder / "floor")
            if turn:
                sealings.append((statistics.mean((before, least)), sealing, binding))
            before = least
    ratios = [least / sealing for least, sealing, _ in sealings]
    with_binding = [least / (sealing + binding) for least, sealing, binding in sealings]
    least, sealing, binding = (statistics.median(each) for each in zip(*sealings, strict=True))
    size = sum(path.stat().st_size for path in files) / 1e6
    return [
        f"sealing {count} pages and {len(files) - count} PDFs, {size:.0f} MB, into two stores: {sealing:.2f} s against "
        f"{least:.2f} s of write+fsync+read+hash: ratio {statistics.median(ratios):.2f} (wanted 0.6; median of "
        f"{rounds}, {min(ratios):.2f} to {max(ratios):.2f})",
        f"the same with the making of the PDFs, {binding:.2f} s: ratio {statistics.median(with_binding):.2f}",
        await asyncio.to_thread(bagged, files, folder / "bag"),
    ]


async def timed(work_once: Callable[[], Awaitable[bool]]) -> float:
    """Do all jobs that wait; gives the seconds."""
    began = time.perf_counter()
    while await work_once():
        pass
    return time.perf_counter() - began


def make_pages(incoming: Path, count: int) -> list[tuple[str, Fixity]]:
    """Lay so many pages in the store, of which a few differ."""
    bodies = [make_page(dossier, 1) for dossier in invent_dossiers(min(DIFFERENT, count), pages=1)]
    made = []
    for number in range(count):
        body, hasher = bodies[number % len(bodies)], Hasher()
        hasher.update(body)
        (incoming / f"page-{number}").write_bytes(body)
        made.append((f"page-{number}", hasher.fixity()))
    return made


async def files_of(
    context: Context, incoming: Path, pages: Sequence[tuple[str, Fixity]], dossier: DossierId
) -> list[Path]:
    """Give the masters and the PDFs of a dossier that must be preserved by now."""
    async with context.database.reading() as session:
        order = await session.get_one(ScanOrder, dossier)
        forms = (await session.exec(select(Reading.key).where(Reading.dossier_id == dossier))).all()
    if order.state != "preserved" or len(forms) != DOCUMENTS:
        raise AssertionError(order.state)
    return [incoming / str(key) for key in (*(key for key, _ in pages), *forms)]


def write_twice(files: Sequence[Path], to: Path) -> float:
    """Copy files into two folders, each with fsync, read them back and hash them; gives the seconds."""
    began = time.perf_counter()
    for name in ("archive", "reserve"):
        (to / name).mkdir(parents=True)
        for place, source in enumerate(files):
            body = source.read_bytes()
            with (to / name / f"{place}").open("w+b", buffering=0) as copy:
                copy.write(body)
                os.fsync(copy.fileno())
                os.posix_fadvise(copy.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
                copy.seek(0)
                if sha256(copy.read()).digest() != sha256(body).digest():
                    raise AssertionError(source)
    seconds = time.perf_counter() - began
    shutil.rmtree(to)
    return seconds


def bagged(files: Sequence[Path], to: Path) -> str:
    """Time bagit.py on the same files, for orientation: it moves them into a bag, hashes them, and checks the bag."""
    if not BAGIT.exists():
        return "bagit.py is not installed: pip install '.[bench]'"
    to.mkdir()
    for place, source in enumerate(files):
        shutil.copy(source, to / f"{place}")
    seconds = []
    for asked in ("--sha256", "--validate"):
        began = time.perf_counter()
        subprocess.run([sys.executable, BAGIT, "--quiet", asked, to], check=True)  # noqa: S603 - our own folder
        seconds.append(time.perf_counter() - began)
    return f"bagit.py on the same files, once and without fsync: {seconds[0]:.2f} s to bag, {seconds[1]:.2f} s to check"
