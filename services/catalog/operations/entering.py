"""Write down what an approved list holds, dossier by dossier and numbered, so that it stays true whatever changes."""

import asyncio
import json
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import func, insert
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.catalog.domain.order import place_of
from services.catalog.errors import ListChanged
from services.catalog.models import Fonds
from services.catalog.models.lists import ListEntry, SelectionList
from services.catalog.operations.freezing import ListedDossier, canonical, is_as_submitted, listed_dossiers
from shared.events.catalog import DossierApproved
from shared.uow import UnitOfWork

AT_ONCE = 200


async def enter(uow: UnitOfWork, selection: SelectionList, listed: Sequence[ListedDossier]) -> None:
    """Write the entries of a list, numbered by series and file code; in portions, so that others get their turn."""
    ordered = sorted(listed, key=lambda each: place_of(each.row.series_code, each.row.file_code))
    for begin in range(0, len(ordered), AT_ONCE):
        portion = ordered[begin : begin + AT_ONCE]
        rows = await asyncio.to_thread(rows_of, selection.id, portion, begin + 1)
        await uow.session.exec(insert(ListEntry), params=rows)


def rows_of(list_id: UUID, listed: Sequence[ListedDossier], first: int) -> list[dict[str, Any]]:
    """Make entries numbered from `first` on."""
    return [
        {
            "list_id": list_id,
            "number": number,
            "dossier_id": each.row.id,
            "version": each.row.version,
            "series_code": each.row.series_code,
            "file_code": each.row.file_code,
            "title": each.row.title,
            "sheet_count": each.row.sheet_count,
            "page_count": each.row.page_count,
            "page_sizes": each.row.page_sizes,
            "facts": json.loads(canonical(each.facts)),
        }
        for number, each in enumerate(listed, start=first)
    ]


async def give_number(uow: UnitOfWork, selection: SelectionList, replaced: SelectionList | None) -> None:
    """Give a list its number within its fonds and year; an amendment keeps the number of what it replaces."""
    if replaced is not None:
        selection.number = replaced.number
        return
    await uow.session.get_one(Fonds, selection.fonds_id, with_for_update={"key_share": True})  # one after the other
    highest = select(func.max(SelectionList.number)).where(
        SelectionList.fonds_id == selection.fonds_id, SelectionList.year == selection.year
    )
    selection.number = ((await uow.session.exec(highest)).one() or 0) + 1


async def demand_entered(uow: UnitOfWork, approved: SelectionList) -> None:
    """Number and enter a list that was approved before lists had entries. Raises ListChanged."""
    if approved.number is None:
        listed = await listed_dossiers(uow, approved)
        if not await is_as_submitted(approved, listed):
            raise ListChanged
        await give_number(uow, approved, None)
        await enter(uow, approved, listed)


async def entries_of(session: AsyncSession, list_id: UUID) -> dict[UUID, ListEntry]:
    """Give the entries of a list by dossier."""
    found: dict[UUID, ListEntry] = {}
    last = 0
    while True:
        asked = select(ListEntry).where(ListEntry.list_id == list_id, col(ListEntry.number) > last)
        rows = (await session.exec(asked.order_by(col(ListEntry.number)).limit(AT_ONCE))).all()
        if not rows:
            return found
        found |= {row.dossier_id: row for row in rows}
        last = rows[-1].number


def approval_of(entry: ListEntry, sha256: str) -> DossierApproved:
    """Tell again of a dossier as a list with this digest approved it."""
    return DossierApproved.model_validate({**entry.facts["dossier"], "list_sha256": sha256})
