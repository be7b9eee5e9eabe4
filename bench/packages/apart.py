"""Measure something in a fresh process: its time, its processor time, and the most memory it ever had."""

import asyncio
import multiprocessing
import os
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


@dataclass(frozen=True)
class Cost(Generic[T]):
    """What came out, in how many seconds, of them on a processor; MB of memory at most, MB read and written."""

    told: T
    seconds: float
    worked: float
    peak: float
    read: float
    written: float


async def apart(does: Callable[P, T], *given: P.args, **named: P.kwargs) -> Cost[T]:
    """Do something in a process of its own."""
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as process:
        return await asyncio.get_running_loop().run_in_executor(process, measured, does, given, named)


def measured(does: Callable[..., T], given: tuple[object, ...], named: dict[str, object]) -> Cost[T]:
    """Do it here, and look what it took."""
    began, worked = time.perf_counter(), time.process_time()
    told = does(*given, **named)
    seconds, worked = time.perf_counter() - began, time.process_time() - worked
    moved = counters("io")
    return Cost(told, seconds, worked, counters("status")["VmHWM"] / 1e3, moved["rchar"] / 1e6, moved["wchar"] / 1e6)


def counters(name: str, process_id: int | str = "self") -> dict[str, int]:
    """Give the numbers in a file of /proc, sizes of memory in kB (Linux)."""
    lines = (line.split() for line in Path(f"/proc/{process_id}/{name}").read_text().splitlines())
    return {words[0].rstrip(":"): int(words[1]) for words in lines if len(words) > 1 and words[1].isdecimal()}


def worked_by(process_id: int) -> float:
    """Give the seconds that a process has spent on processors so far (Linux)."""
    fields = Path(f"/proc/{process_id}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
