"""An inventory of 100,000 dossiers through the front door: how long it takes, what memory the one process needs, and
how long others who write wait meanwhile.
"""

import asyncio
import os
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from itertools import count
from pathlib import Path

from openpyxl import Workbook

from bench.memory import peak_of, the_one_process
from bench.system import FONDS, BenchSystem
from cli.client import ApiClient, ApiProblem
from cli.importing import send_to
from services.catalog.domain.columns import DOSSIERS

ROWS = 100_000
WANTED_SECONDS, WANTED_MB = 60, 300


async def measure_catalog_import(folder: Path) -> list[str]:
    """Give the figures of this measurement: the inventory, and the same once more."""
    inventory = folder / "inventory.xlsx"
    await asyncio.to_thread(write_inventory, inventory)
    lines = []
    async with BenchSystem(folder / "system") as system, (await system.hired()).client("archivist") as archivist:
        fonds_id = (await archivist.post("/catalog/fonds", FONDS))["id"]
        before = peak_of(the_one_process())
        for name in ("new", "the same again"):
            worked = worked_by(the_one_process())
            async with others(archivist, fonds_id, name) as waits:
                seconds, told = await timed(archivist, inventory, fonds_id)
            worked = worked_by(the_one_process()) - worked
            counts = ", ".join(f"{told[each]} {each}" for each in ("created", "updated", "unchanged", "rejected"))
            peak = peak_of(the_one_process())
            lines.append(
                f"catalog_import, {name}: {ROWS} dossiers in {seconds:.0f} s, {worked:.0f} of a core "
                f"(wanted under {WANTED_SECONDS}), "
                f"peak {peak:.0f} MB (wanted under {WANTED_MB}; {before:.0f} before), others who wrote waited up to "
                f"{max(waits):.1f} s: {counts}"
            )
    return lines


@asynccontextmanager
async def others(archivist: ApiClient, fonds_id: str, name: str) -> AsyncIterator[list[float]]:
    """Add a series twice a second while the block lasts; gives how long each had to wait, or was put off for good.

    The last one is waited for: it may be the one that the import kept waiting.
    """
    waits, is_over = [0.0], asyncio.Event()

    async def write() -> None:
        for number in count():
            if is_over.is_set():
                return
            started = time.perf_counter()
            with suppress(ApiProblem):
                await archivist.post(f"/catalog/fonds/{fonds_id}/series", {"code": f"{name} {number}", "title": "đo"})
            waits.append(time.perf_counter() - started)
            await asyncio.sleep(0.5)

    writing = asyncio.create_task(write())
    try:
        yield waits
    finally:
        is_over.set()
        await writing


async def timed(archivist: ApiClient, inventory: Path, fonds_id: str) -> tuple[float, dict[str, object]]:
    """Import an inventory; gives how long it took, and what became of it."""
    started = time.perf_counter()
    told = await send_to(archivist, inventory, fonds_id)
    return time.perf_counter() - started, told


def worked_by(process_id: int) -> float:
    """Give the seconds that a process has kept a core busy (Linux)."""
    fields = Path(f"/proc/{process_id}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def write_inventory(path: Path) -> None:
    """Write an inventory in which most cells are filled, as an archivist's is."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Hồ sơ")
    sheet.append(list(DOSSIERS.readers))
    for number in range(ROWS):
        row = {
            "fileCode": f"H49.64.1954.{number:06d}",
            "title": f"Hồ sơ về việc đắp đê, làm kè số {number} của Ủy ban hành chính tỉnh",
            "maintenance": "01",
            "mode": "01",
            "language": "01",
            "startDate": f"{number % 28 + 1:02d}/03/1954",
            "endDate": "1956",
            "keyword": "đê; kè",
            "totalDoc": 3,
            "numberOfPaper": 10,
            "numberOfPage": 12,
            "format": "02",
            "description": f"Hộp {number // 20}",
            "criteria": "permanent",
            "evidence": "Mục lục số 1",
            "arranged": "x",
            "secrecy": "none",
        }
        sheet.append([row.get(name) for name in DOSSIERS.readers])
    book.save(path)
