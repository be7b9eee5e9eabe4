"""The reader: Tesseract on pages of our own making, confined, one thread a page, for no longer than it may."""

import asyncio
import logging
import os
import re
import shutil
import signal
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from services.ingest.reading.page_text import NotHocr, PageText
from shared.imaging.confinement import WALLS

PROGRAM = "tesseract"
MEMORY = 3 << 29
START = 5.0  # seconds beside those for the page
LARGEST_HOCR = 32 << 20
HOCR = "told.hocr"
FIRST = "vie"
ROOT = Path(__file__).parents[3]
COMMAND = (sys.executable, "-m", "services.ingest.reading.confined_tesseract")
TOLD = 300

log = logging.getLogger(__name__)


class PageUnread(Exception):
    """A page could not be read; `reason` is one word for the books, the text what is known beside it."""

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(detail or reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Reader:
    """A Tesseract that is installed: where, which version, its library, and the languages that it knows."""

    program: str
    version: str
    library: str
    languages: frozenset[str]
    deadline: float
    memory: int = MEMORY

    def known(self, wanted: Sequence[str]) -> tuple[str, ...]:
        """Give those of some languages that are installed, in their order."""
        return tuple(each for each in wanted if each in self.languages)

    def name(self, languages: Sequence[str]) -> str:
        """Name the reader, as it is told in the books."""
        return f"Tesseract {self.version} ({'+'.join(languages)})"

    async def read(self, folder: Path, dpi: int, languages: Sequence[str]) -> PageText:
        """Read the page that lies in a folder. Raises PageUnread."""
        arguments = (folder, self.memory, self.deadline, os.getpid(), self.program, self.library)
        with (folder / HOCR).open("wb") as told:
            process = await asyncio.create_subprocess_exec(
                *(*COMMAND, *map(str, arguments), "+".join(languages), str(dpi)),
                stdin=DEVNULL,
                stdout=told,
                stderr=PIPE,
                cwd=ROOT,
                env={"PYTHONDONTWRITEBYTECODE": "1"},
                start_new_session=True,
            )
            complaints = await self._ended(process)
        if process.returncode != 0:
            raise PageUnread("too_slow" if process.returncode == -signal.SIGXCPU else "failed", complaints)
        return await asyncio.to_thread(text_of, folder / HOCR)

    async def _ended(self, process: Process) -> str:
        """Wait for the end, and give the last that it said. Raises PageUnread."""
        try:
            async with asyncio.timeout(self.deadline + START):
                said = await last_words(process)
                await process.wait()
                return said
        except TimeoutError as slow:
            raise PageUnread("too_slow", f"more than {self.deadline:g} s") from slow
        finally:
            if process.returncode is None:
                with suppress(ProcessLookupError):
                    process.kill()
                await process.wait()


async def last_words(process: Process) -> str:
    """Hear a process out: its walls, which it names first, and the end of what it says."""
    if process.stderr is None:
        return ""
    tell_missing_walls((await process.stderr.readline()).decode(errors="replace").strip())
    kept = b""
    while chunk := await process.stderr.read(1 << 16):
        kept = (kept + chunk)[-TOLD:]
    return kept.decode(errors="replace")


@cache
def tell_missing_walls(standing: str) -> None:
    """Say once that the system does not offer all the walls that a reader is shut in by."""
    if missing := [wall for wall in WALLS if wall not in standing.split(",")]:
        log.warning("pages are read without these walls, which the system does not offer: %s", missing)


def text_of(path: Path) -> PageText:
    """Read what was told into a file. Raises PageUnread."""
    with path.open("rb") as file:
        told = file.read(LARGEST_HOCR + 1)
    try:
        if len(told) > LARGEST_HOCR:
            raise NotHocr("larger than any page")
        return PageText.of_hocr(told)
    except NotHocr as broken:
        raise PageUnread("failed", str(broken)) from broken


async def find_reader(deadline: float, program: str = PROGRAM) -> Reader | None:
    """Find the installed Tesseract; None where there is none that reads Vietnamese."""
    path = shutil.which(program)
    if path is None:
        return None
    version = await said_by(path, "--version")
    listed = await said_by(path, "--list-langs")
    library = re.search(r'"([^"\n]+)"', listed)
    number = re.match(r"tesseract v?(\S+)", version)
    languages = frozenset(listed.split("\n")[1:]) - {""}
    if library is None or number is None or FIRST not in languages:
        return None
    return Reader(path, number[1], library[1], languages, deadline)


async def said_by(path: str, question: str) -> str:
    """Ask a program for what it is; nothing where it does not answer."""
    try:
        process = await asyncio.create_subprocess_exec(path, question, stdin=DEVNULL, stdout=PIPE, stderr=PIPE)
    except OSError:
        return ""
    try:
        async with asyncio.timeout(START):
            out, errors = await process.communicate()
        return (out or errors).decode(errors="replace")
    except TimeoutError:
        return ""
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
