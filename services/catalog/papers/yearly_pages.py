"""The yearly list as pages: a document for a word processor in one piece, or a PDF that is typeset in parts and joined.

Typesetting takes memory by the row, so a long list is set a part at a time, each on pages of its own.
"""

import asyncio
from collections.abc import AsyncIterator, Iterable, Sequence
from datetime import datetime
from itertools import groupby
from pathlib import Path

import pikepdf

from services.catalog.domain import codes
from services.catalog.domain.dossier_paper import Group
from services.catalog.domain.inventory_paper import both, period
from services.catalog.domain.yearly_paper import YearlyHead, paper_of
from services.catalog.models.yearly import YearlyLine
from services.catalog.papers.document import document_of
from services.catalog.papers.printing import TEMPLATE, printable
from services.catalog.papers.yearly_export import languages
from shared.number_words import grouped
from shared.papers.office import Office
from shared.papers.press import Press
from shared.papers.wording import plain

PART = 2000  # rows that are typeset at once
LONGEST_DOCUMENT = 10_000  # rows that a word processor still opens

Lines = AsyncIterator[Sequence[YearlyLine]]
NamedRow = tuple[str, tuple[str, ...]]


async def write_document(head: YearlyHead, portions: Lines, office: Office, path: Path, at: datetime) -> None:
    """Write a list as DOCX."""
    rows = [named_row(line) async for lines in portions for line in lines]
    made = await asyncio.to_thread(lambda: document_of(paper_of(head, groups_of(rows), office), at))
    await asyncio.to_thread(path.write_bytes, made)


async def write_print(
    head: YearlyHead, portions: Lines, office: Office, press: Press, path: Path, at: datetime
) -> None:
    """Typeset a list as PDF."""
    parts: list[Path] = []
    rows: list[NamedRow] = []
    pages = done = 0

    async def put_down() -> int:
        is_last = done >= head.dossier_count
        paper = paper_of(head, groups_of(rows), office)
        told = printable(paper, first_page=pages + 1, is_first=not parts, is_last=is_last)
        parts.append(path.with_name(f"part-{len(parts)}.pdf"))
        await asyncio.to_thread(parts[-1].write_bytes, await press.print(TEMPLATE, told, at))
        return pages + await asyncio.to_thread(page_count_of, parts[-1])

    async for lines in portions:
        rows += [named_row(line) for line in lines]
        done += len(lines)
        if len(rows) >= PART and done < head.dossier_count:
            pages, rows = await put_down(), []
    await put_down()
    await asyncio.to_thread(join, parts, path)


def page_count_of(part: Path) -> int:
    """Count the pages of a part."""
    with pikepdf.open(part) as pdf:
        return len(pdf.pages)


def join(parts: Sequence[Path], path: Path) -> None:
    """Put parts together as one file; the same parts give the same bytes."""
    if len(parts) == 1:
        parts[0].rename(path)
        return
    job = ["qpdf", "--deterministic-id", str(parts[0]), "--pages", *map(str, parts), "--", str(path)]
    pikepdf.Job(job).run()


def groups_of(rows: Iterable[NamedRow]) -> tuple[Group, ...]:
    """Give rows by fonds."""
    return tuple(Group(name, tuple(row for _, row in of)) for name, of in groupby(rows, key=lambda each: each[0]))


def named_row(line: YearlyLine) -> NamedRow:
    """Give the cells of a line, codes in words, beside the name of its fonds."""
    return f"{plain(line.fonds_code)} - {plain(line.fonds_title)}", (
        str(line.number),
        plain(line.file_code),
        plain(line.title),
        period(line.starts_on, line.ends_on),
        codes.RETENTION.get(line.retention, line.retention),
        codes.ACCESS_LEVEL.get(line.access_level, line.access_level),
        languages(line),
        "" if line.document_count is None else grouped(line.document_count),
        both(line.sheet_count, line.page_count),
        plain(line.note),
    )
