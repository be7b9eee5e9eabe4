"""The parent's side of one sandboxed process: start it, ask it, and end it when it dies, hangs or grows old."""

import asyncio
import json
import logging
import os
import signal
import sys
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from shared.errors import Unavailable
from shared.imaging.confinement import WALLS
from shared.imaging.measurement import Measurement, Printing, Question
from shared.imaging.spool import CUTTING, PRINT, READING_COPY, READING_PAGE, THUMBNAIL, Fill, Spool

START_DEADLINE = 30.0
ATTEMPTS = 2
ROOT = Path(__file__).parents[2]
ENVIRONMENT = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "PYTHONDONTWRITEBYTECODE": "1"}

log = logging.getLogger(__name__)


class SandboxFailed(Unavailable):
    """The process that looks at images cannot be started."""

    code = "imaging.sandbox_failed"


@dataclass(frozen=True, slots=True)
class Seen:
    """What was seen of a page; the pictures are None when it could not be decoded or they were not asked for."""

    measurement: Measurement
    thumbnail: bytes | None = None
    reading_copy: bytes | None = None
    cutting: bytes | None = None


@dataclass(frozen=True, slots=True)
class Allowance:
    """What a process may take: bytes of address space, seconds a page, pages before it is replaced."""

    memory: int
    deadline: float
    pages: int


class Keeper:
    """Keeps one process, started when first needed. The thread that starts it must live as long as it shall."""

    def __init__(self, allowance: Allowance) -> None:
        self._allowance = allowance
        self._process: asyncio.subprocess.Process | None = None
        self._spool: Spool | None = None
        self._pages = 0
        self.walls: tuple[str, ...] = ()

    async def look_at(self, fill: Fill, question: Question) -> Seen:
        """Hand one page to the process, ask, and take its answer. Raises SandboxFailed, OSError, what `fill` raises."""
        self._spool = spool = self._spool or Spool()
        try:
            await spool.receive(fill)
            for _attempt in range(ATTEMPTS):  # it may die for a reason that is not the page's: it is asked again
                seen = await self._asked(spool, question)
                if seen is not None:
                    return seen
            return Seen(Measurement(fault="worker_died", detail="the process that looked at it died, twice"))
        finally:
            spool.clear()

    async def end(self) -> None:
        """End the process and remove its folder."""
        await self._stop()
        spool, self._spool = self._spool, None
        if spool is not None:
            spool.remove()

    async def _asked(self, spool: Spool, question: Question) -> Seen | None:
        """Ask once; None when the process died of it, or answered what it should not."""
        process = await self._ready(spool)
        self._pages += 1
        try:
            async with asyncio.timeout(self._allowance.deadline):
                answer = await said(process, f"{question.model_dump_json()}\n")
            seen = seen_of(answer, spool, question)
        except TimeoutError:
            await self._stop()
            return self._too_long()
        except (OSError, ValueError):
            return self._too_long() if await self._stop() == -signal.SIGXCPU else None
        except asyncio.CancelledError:
            await self._stop()  # or it would answer the next question with the measures of this page
            raise
        if self._pages >= self._allowance.pages:
            await self._stop()
        return seen

    def _too_long(self) -> Seen:
        return Seen(Measurement(fault="took_too_long", detail=f"more than {self._allowance.deadline:g} s"))

    async def _ready(self, spool: Spool) -> asyncio.subprocess.Process:
        if self._process is not None and self._process.returncode is None:
            return self._process
        await self._stop()
        arguments = (spool.folder, self._allowance.memory, self._allowance.deadline, os.getpid())
        self._process = process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "shared.imaging.worker", *map(str, arguments)),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,  # decoders chatter about every hostile byte
            cwd=ROOT,
            env=ENVIRONMENT,
            start_new_session=True,
        )
        try:
            async with asyncio.timeout(START_DEADLINE):
                self.walls = tuple(json.loads(await said(process, ""))["walls"])
        except (TimeoutError, ValueError, OSError) as failed:
            await self._stop()
            raise SandboxFailed from failed
        except asyncio.CancelledError:
            await self._stop()
            raise
        if missing := [wall for wall in WALLS if wall not in self.walls]:
            log.warning("images are decoded without these walls, which the system does not offer: %s", missing)
        return process

    async def _stop(self) -> int | None:
        """Kill the process if there is one, and give what it ended with."""
        process, self._process = self._process, None
        self._pages = 0
        if process is None:
            return None
        with suppress(ProcessLookupError):
            process.kill()
        return await process.wait()


async def said(process: asyncio.subprocess.Process, line: str) -> bytes:
    """Say a line to a process and give its answer. Raises OSError, ValueError when the answer is too long."""
    if process.stdin is None or process.stdout is None:
        raise OSError("the process has no pipes")
    if line:
        process.stdin.write(line.encode())
        await process.stdin.drain()
    return await process.stdout.readline()


def seen_of(answer: bytes, spool: Spool, question: Question) -> Seen:
    """Read an answer and the pictures that belong to it. Raises OSError, ValueError for what is no such thing."""
    measurement = Measurement.model_validate_json(answer)
    if measurement.fault is not None:
        return Seen(measurement)
    if question.cutting is not None:
        return Seen(measurement, cutting=spool.picture(CUTTING))
    if question.printing is not None:
        return Seen(handed_out(measurement, spool, question.printing))
    if measurement.measures is None:
        raise ValueError("neither measures nor a fault")
    return Seen(measurement, spool.picture(THUMBNAIL), spool.picture(READING_COPY))


def handed_out(measurement: Measurement, spool: Spool, printing: Printing) -> Measurement:
    """Copy out what was printed. Raises OSError, ValueError for what is no such thing."""
    if measurement.printed is None:
        raise ValueError("neither a print nor a fault")
    for name, is_asked in ((PRINT, printing.picture), (READING_PAGE, printing.reading)):
        if is_asked:
            spool.hand_out(name, printing.into)
    return measurement
