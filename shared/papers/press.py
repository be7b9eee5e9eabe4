"""The press: papers become PDF in a process of their own, one at a time, so that no one waits for them."""

import asyncio
import json
import re
import sys
from asyncio.subprocess import PIPE, Process
from contextlib import suppress
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

from shared.number_words import grouped
from shared.papers.endings import NO_FACE
from shared.papers.errors import FontMissing, PaperNotSet
from shared.papers.lists import Cell, ListPaper

LONGEST_WORD = 16  # characters, that surely fit into a column of text
BREAK = "\u200b"  # a place to break, without a hyphen that nobody wrote
DEADLINE = 300.0  # seconds; 10,000 dossiers take about ten
LIST = Path(__file__).with_name("list.typ")
COMMAND = (sys.executable, "-I", "-m", "shared.papers.typesetting")


class Press:
    """Typesets papers with the faces of one folder, and no others: system faces differ from machine to machine."""

    def __init__(self, fonts: str) -> None:
        self._fonts = fonts
        self._turn = asyncio.Semaphore(1)  # a list of 10,000 dossiers takes 1.8 GB while it is set

    async def print_list(self, paper: ListPaper, at: datetime) -> bytes:
        """Typeset a list. Raises FontMissing, PaperNotSet."""
        return await self.print(LIST, await asyncio.to_thread(printable, paper), at)

    async def print(self, template: Path, paper: dict[str, Any], at: datetime) -> bytes:
        """Typeset what a template takes; `at` is the moment inside it. Raises FontMissing, PaperNotSet."""
        order = {"template": str(template), "fonts": self._fonts, "at": int(at.timestamp()), "paper": paper}
        told = (await asyncio.to_thread(json.dumps, order)).encode()
        async with self._turn:
            process = await asyncio.create_subprocess_exec(*COMMAND, stdin=PIPE, stdout=PIPE, stderr=PIPE, env={})
            try:
                async with asyncio.timeout(DEADLINE):
                    made, why = await process.communicate(told)
            except TimeoutError as slow:
                raise PaperNotSet(f"not within {DEADLINE:.0f} s") from slow
            finally:
                await end(process)
        if process.returncode == NO_FACE:
            raise FontMissing(why.decode(errors="replace"))
        if process.returncode != 0:
            raise PaperNotSet(f"{process.returncode}: {why.decode(errors='replace')[-1000:]}")
        return made


async def end(process: Process) -> None:
    """End a typesetter that nobody waits for any more."""
    if process.returncode is None:
        with suppress(ProcessLookupError):
            process.kill()
        await process.wait()


def printable(paper: ListPaper) -> dict[str, Any]:
    """Give a list as the template takes it: every cell text, numbers with points, codes in lines."""
    numeric = [all(not isinstance(row[place], str) for row in paper.rows) for place in range(len(paper.columns))]
    rows = [
        [spelled(cell, column.code_line) for cell, column in zip(row, paper.columns, strict=True)] for row in paper.rows
    ]
    return {
        "title": paper.title,
        "about": paper.about,
        "columns": [asdict(column) for column in paper.columns],
        "numeric": numeric,
        "rows": rows,
        "totals": [spelled(cell, 0) for cell in paper.totals],
        "note": paper.note,
    }


def spelled(cell: Cell, code_line: int) -> str:
    """Write a cell out; nothing is written for what is not known."""
    if isinstance(cell, int):
        return grouped(cell)
    if not code_line:
        return " ".join(fitted(word) for word in (cell or "").split(" "))
    return "\n".join(parted(cell or "", code_line))


def fitted(word: str) -> str:
    """Let a long word (a file code, an address) go on in the next line: after a point, or where it must."""
    lines = [""]
    for piece in (piece for part in re.split(r"(?<=[./_])", word) for piece in parted(part, LONGEST_WORD)):
        if len(lines[-1] + piece) > LONGEST_WORD:
            lines.append("")
        lines[-1] += piece
    return BREAK.join(lines)


def parted(text: str, length: int) -> list[str]:
    """Cut a text into pieces of one length, the last one of what is left."""
    return [text[start : start + length] for start in range(0, len(text), length)]
