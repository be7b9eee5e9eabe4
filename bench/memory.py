"""What the process of the embedded system needs at most while eight pages of 200 MB come in at once."""

import asyncio
import os
from pathlib import Path

from bench.system import BenchSystem
from bench.uploading import make_page, send_pages

PAGES = 8
SIZE = 200_000_000


async def measure_memory(folder: Path) -> list[str]:
    """Give the figures of this measurement."""
    page = await asyncio.to_thread(make_page, folder / "page.jpg", SIZE)
    async with BenchSystem(folder / "system") as system:
        before = peak_of(the_one_process())
        await send_pages(system, [page] * PAGES, at_once=PAGES, code="H49.2001.800")
        peak = peak_of(the_one_process())
    return [
        f"memory: {PAGES} uploads of {SIZE // 1_000_000} MB at once: peak {peak:.0f} MB of the one process, "
        f"{before:.0f} before (wanted under 400)"
    ]


def peak_of(process_id: int) -> float:
    """Give the largest resident size a process ever had, in MB (Linux)."""
    lines = Path(f"/proc/{process_id}/status").read_text().splitlines()
    told = next(line for line in lines if line.startswith("VmHWM:"))
    return int(told.split()[1]) * 1024 / 1e6


def the_one_process() -> int:
    """Give the process that we started and that still runs (Linux)."""
    tasks = Path(f"/proc/{os.getpid()}/task").iterdir()
    (child,) = [int(child) for task in tasks for child in (task / "children").read_text().split()]
    return child
