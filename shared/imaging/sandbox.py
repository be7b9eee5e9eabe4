"""A pool of sandboxed worker processes; a page that kills its worker is a finding, not an outage."""

import asyncio
import json
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from shared.errors import Unavailable
from shared.imaging.measurement import Measurement
from shared.imaging.worker import READING_COPY, THUMBNAIL

MEMORY = 2 << 30
DEADLINE = 60.0
PAGES_PER_LIFE = 500
START_DEADLINE = 30.0


class SandboxFailed(Unavailable):
    """The process that looks at images cannot be started."""

    code = "imaging.sandbox_failed"


@dataclass(frozen=True, slots=True)
class Seen:
    """What was seen of a page; the two pictures are None when it could not be decoded."""

    measurement: Measurement
    thumbnail: bytes | None = None
    reading_copy: bytes | None = None


class Sandbox:
    """Looks at pages, `workers` at a time. `memory` is in bytes of address space, `deadline` in seconds a page."""

    def __init__(self, workers: int, *, memory: int = MEMORY, deadline: float = DEADLINE) -> None:
        self._memory = memory
        self._deadline = deadline
        self._idle: asyncio.Queue[Worker] = asyncio.Queue()
        self._all = [Worker(memory) for _ in range(workers)]

    async def __aenter__(self) -> Self:
        for worker in self._all:
            self._idle.put_nowait(worker)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await asyncio.gather(*(worker.end() for worker in self._all))

    async def look_at(self, chunks: AsyncIterator[bytes]) -> Seen:
        """Measure a page from a stream of its bytes. Raises SandboxFailed, and what the stream raises."""
        worker = await self._idle.get()
        try:
            return await worker.look_at(chunks, self._deadline)
        finally:
            self._idle.put_nowait(worker)


class Worker:
    """One process and its private folder; started when first needed, replaced after a death or many pages."""

    def __init__(self, memory: int) -> None:
        self._memory = memory
        self._process: asyncio.subprocess.Process | None = None
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._pages = 0
        self.walls: list[str] = []

    async def look_at(self, chunks: AsyncIterator[bytes], deadline: float) -> Seen:
        """Hand one page to the process and take its answer."""
        process, spool = await self._ready()
        page = spool / "page"
        try:
            with page.open("wb") as file:
                async for chunk in chunks:
                    await asyncio.to_thread(file.write, chunk)
            measurement = await self._ask(process, page.name, deadline)
            if measurement.measures is None:
                return Seen(measurement)
            return Seen(measurement, (spool / THUMBNAIL).read_bytes(), (spool / READING_COPY).read_bytes())
        finally:
            for left in (page, spool / THUMBNAIL, spool / READING_COPY):
                left.unlink(missing_ok=True)

    async def _ask(self, process: asyncio.subprocess.Process, name: str, deadline: float) -> Measurement:
        self._pages += 1
        try:
            async with asyncio.timeout(deadline):
                line = await said(process, f"{name}\n")
        except TimeoutError:
            await self.end()
            return Measurement(fault="took_too_long", detail=f"more than {deadline:.0f} s")
        except OSError:
            line = b""
        if not line.endswith(b"\n"):
            await self.end()
            return Measurement(fault="worker_died", detail="the process that looked at it died")
        if self._pages >= PAGES_PER_LIFE:
            await self.end()
        return Measurement.model_validate_json(line)

    async def _ready(self) -> tuple[asyncio.subprocess.Process, Path]:
        if self._process is None or self._folder is None or self._process.returncode is not None:
            await self.end()
            self._folder = tempfile.TemporaryDirectory(prefix="saoluu-page-")
            self._process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "shared.imaging.worker", self._folder.name, str(self._memory)),
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.DEVNULL,  # decoders chatter about every hostile byte
                cwd=Path(__file__).parents[2],
                env={"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "PYTHONDONTWRITEBYTECODE": "1"},
                start_new_session=True,
            )
            try:
                async with asyncio.timeout(START_DEADLINE):
                    self.walls = json.loads(await said(self._process, ""))["walls"]
            except (TimeoutError, ValueError, OSError) as failed:
                await self.end()
                raise SandboxFailed from failed
        return self._process, Path(self._folder.name)

    async def end(self) -> None:
        """Kill the process and remove its folder."""
        process, self._process = self._process, None
        folder, self._folder = self._folder, None
        self._pages = 0
        if process is not None:
            with suppress(ProcessLookupError):
                process.kill()
            await process.wait()
        if folder is not None:
            folder.cleanup()


async def said(process: asyncio.subprocess.Process, line: str) -> bytes:
    """Say a line to a process and give its answer."""
    if process.stdin is None or process.stdout is None:
        raise OSError("the process has no pipes")
    if line:
        process.stdin.write(line.encode())
        await process.stdin.drain()
    return await process.stdout.readline()
