"""Tell what the papers of a selection list say."""

from datetime import UTC
from uuid import UUID

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.catalog.domain.inventory_paper import Chosen, Line
from services.catalog.domain.state import ListState
from services.catalog.models import Dossier, Fonds, SelectionList, Series
from shared.clock import day_in_vietnam
from shared.errors import NotFound


async def chosen_by(session: AsyncSession, list_id: UUID) -> Chosen:
    """Give a list with its dossiers by series and file code, those without a series last. Raises NotFound.

    The moment inside its papers is the latest thing that happened to it: papers of a list that stays are the same.
    """
    selection = await session.get(SelectionList, list_id)
    if selection is None:
        raise NotFound("no list has this id")
    fonds = await session.get_one(Fonds, selection.fonds_id)
    decided = selection.decided_at if selection.state == ListState.APPROVED else None
    return Chosen(
        name=selection.name,
        year=selection.year,
        fonds_code=fonds.code,
        fonds_title=fonds.title,
        state=ListState(selection.state),
        decided_by=selection.decided_by,
        decided_on=day_in_vietnam(decided) if decided else None,
        at=(decided or selection.submitted_at or selection.created_at).astimezone(UTC),
        lines=await lines_of(session, selection),
    )


async def lines_of(session: AsyncSession, selection: SelectionList) -> tuple[Line, ...]:
    """Give the dossiers of a list in the order that they are numbered in."""
    told = select(Series).where(Series.fonds_id == selection.fonds_id)
    names = {series.code: f"{series.code}. {series.title}" for series in await session.exec(told)}
    asked = select(Dossier).where(Dossier.list_id == selection.id)
    in_order = col(Dossier.series_code).is_(None), col(Dossier.series_code), col(Dossier.file_code)
    rows = await session.exec(asked.order_by(*in_order))
    return tuple(
        Line(
            number=number,
            series=names.get(row.series_code or "", ""),
            **row.model_dump(include=set(Line.__slots__) - {"number", "series"}),
        )
        for number, row in enumerate(rows, start=1)
    )
