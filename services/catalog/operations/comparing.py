"""Hold an edition of a list against the one it replaces, a portion of dossiers at a time."""

import asyncio
from collections.abc import Sequence
from typing import Any, cast
from uuid import UUID

from sqlalchemy import union
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.catalog.domain.difference import Difference, Facts, difference
from services.catalog.domain.state import DECIDED, ListState
from services.catalog.errors import NoAmendment
from services.catalog.models import Dossier, Fonds
from services.catalog.models.lists import ListEntry, SelectionList
from services.catalog.operations.freezing import belongings, described

AT_ONCE = 200


async def next_differences(
    session: AsyncSession, selection: SelectionList, after: UUID, limit: int = AT_ONCE
) -> tuple[list[Difference], UUID | None]:
    """Give the differences among the next dossiers of either edition, and the last of them; None when all were seen.

    Raises NoAmendment.
    """
    if selection.replaces_id is None:
        raise NoAmendment
    ids = await next_ids(session, selection, after, limit + 1)
    seen = ids[:limit]
    before = await entered_facts(session, selection.replaces_id, seen)
    now = await facts_of(session, selection, seen)
    found = await asyncio.to_thread(differences, seen, before, now)
    return found, seen[-1] if len(ids) > limit else None


def differences(ids: Sequence[UUID], before: dict[UUID, Facts], after: dict[UUID, Facts]) -> list[Difference]:
    """Compare dossiers of two editions."""
    found = (difference(each, before.get(each), after.get(each)) for each in ids)
    return [each for each in found if each is not None]


async def all_differences(session: AsyncSession, selection: SelectionList, most: int) -> list[Difference]:
    """Give the first differences of an edition. Raises NoAmendment."""
    found: list[Difference] = []
    last: UUID | None = UUID(int=0)
    while last is not None and len(found) < most:
        portion, last = await next_differences(session, selection, last)
        found += portion
    return found[:most]


async def next_ids(session: AsyncSession, selection: SelectionList, after: UUID, limit: int) -> Sequence[UUID]:
    """Give the next dossiers that either edition holds, in order of their ids; an abandoned one holds none."""
    if selection.state == ListState.ABANDONED:
        return []
    before = select(ListEntry.dossier_id).where(ListEntry.list_id == selection.replaces_id)
    present = (
        select(ListEntry.dossier_id).where(ListEntry.list_id == selection.id)
        if selection.state in DECIDED
        else select(Dossier.id).where(Dossier.list_id == selection.id)
    )
    both = union(before, present).subquery()
    dossier_id: Any = next(iter(both.c))
    asked = select(dossier_id).where(dossier_id > after).order_by(dossier_id).limit(limit)
    return cast("Sequence[UUID]", (await session.exec(asked)).all())


async def facts_of(session: AsyncSession, selection: SelectionList, ids: Sequence[UUID]) -> dict[UUID, Facts]:
    """Give what a list says of those of some dossiers that it holds: as entered, or as they are described now."""
    if selection.state in DECIDED and selection.number is not None:
        return await entered_facts(session, selection.id, ids)
    asked = select(Dossier).where(Dossier.list_id == selection.id, col(Dossier.id).in_(ids))
    rows = (await session.exec(asked)).all()
    fonds = await session.get_one(Fonds, selection.fonds_id)
    made = await asyncio.to_thread(described, selection, fonds, rows, await belongings(session, rows))
    return {each.row.id: each.facts for each in made}


async def entered_facts(session: AsyncSession, list_id: UUID, ids: Sequence[UUID]) -> dict[UUID, Facts]:
    """Give what an approved list says of some dossiers."""
    asked = select(ListEntry).where(ListEntry.list_id == list_id, col(ListEntry.dossier_id).in_(ids))
    return {row.dossier_id: row.facts for row in await session.exec(asked)}
