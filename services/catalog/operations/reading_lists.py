"""What lists hold, for readers: counted, measured, and in the order in which they are printed."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import func
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.catalog.domain.difference import Facts
from services.catalog.domain.order import place_of
from services.catalog.domain.totals import Measure, a4_pages
from services.catalog.models import Dossier, Series
from services.catalog.models.lists import ListEntry, SelectionList
from services.catalog.operations.comparing import facts_of
from services.catalog.operations.freezing import SERIES_TITLE

Numbered = tuple[int, UUID, int, Facts]  # a dossier's number on its list, its id and version, what is said of it


async def counts_of(session: AsyncSession, lists: Sequence[SelectionList]) -> dict[UUID, tuple[int, int]]:
    """Count the dossiers and pages of lists: as entered where they were approved, else as they are now."""
    found: dict[UUID, tuple[int, int]] = {}
    for table, ids in (
        (ListEntry, [row.id for row in lists if row.number is not None]),
        (Dossier, [row.id for row in lists if row.number is None]),
    ):
        list_id: Any = col(table.list_id)
        asked = select(list_id, func.count(), func.sum(table.page_count)).where(list_id.in_(ids)).group_by(list_id)
        found |= {key: (dossiers, int(pages or 0)) for key, dossiers, pages in await session.exec(asked)}
    return found


async def measures_of(session: AsyncSession, selection: SelectionList) -> list[Measure]:
    """Measure every dossier of a list."""
    table = Dossier if selection.number is None else ListEntry
    asked = select(table.series_code, table.sheet_count, table.page_count, table.page_sizes)
    found = await session.exec(asked.where(table.list_id == selection.id))
    return [Measure(series, sheets, pages, a4_pages(pages, sizes)) for series, sheets, pages, sizes in found]


async def series_titles(session: AsyncSession, selection: SelectionList) -> dict[str | None, str]:
    """Give the titles of the series of a list by code: as entered where it was approved, else as they are now."""
    told = select(Series.code, Series.title).where(Series.fonds_id == selection.fonds_id)
    titles: dict[str | None, str] = dict((await session.exec(told)).all())
    title: Any = col(ListEntry.facts)["columns"][SERIES_TITLE].as_string()
    entered = select(ListEntry.series_code, title).where(ListEntry.list_id == selection.id, title.is_not(None))
    return titles | dict((await session.exec(entered.distinct())).all())


async def numbered(session: AsyncSession, selection: SelectionList, after: int, limit: int) -> list[Numbered]:
    """Give the dossiers of a list behind a number, in its order; before its approval the order it would have now."""
    if selection.number is not None:
        asked = select(ListEntry).where(ListEntry.list_id == selection.id, col(ListEntry.number) > after)
        rows = await session.exec(asked.order_by(col(ListEntry.number)).limit(limit))
        return [(row.number, row.dossier_id, row.version, row.facts) for row in rows]
    known = select(Dossier.id, Dossier.version, Dossier.series_code, Dossier.file_code)
    every = (await session.exec(known.where(Dossier.list_id == selection.id))).all()
    ordered = sorted(every, key=lambda row: place_of(row[2], row[3]))[after : after + limit]
    facts = await facts_of(session, selection, [row[0] for row in ordered])
    return [
        (number, dossier_id, version, facts[dossier_id])
        for number, (dossier_id, version, _series, _code) in enumerate(ordered, start=after + 1)
    ]
