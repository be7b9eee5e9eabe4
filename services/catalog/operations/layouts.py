"""Keep own column layouts, and give those that a file may follow."""

from dataclasses import asdict
from typing import Any
from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.catalog.domain.layout import SHIPPED, Layout, demand_followable, heading_key
from services.catalog.domain.layout_errors import LayoutNameTaken, LayoutUnknown
from services.catalog.files.heading import Known
from services.catalog.models.layouts import ColumnLayout
from services.catalog.operations.keeping_past import demand_seen, keep_after, keep_past
from shared.clock import now
from shared.database import Database
from shared.uow import UnitOfWork

FIELDS = ("name", "level", "columns", "constants", "heading_row", "sheet", "encoding")


async def create_layout(uow: UnitOfWork, told: Layout) -> ColumnLayout:
    """Keep a new layout. Raises LayoutWrong, LayoutNameTaken."""
    demand_followable(told)
    made = ColumnLayout(**columns_of(told), name_key=heading_key(told.name))
    await named(uow, made)
    uow.record("layout.created", made.id, **columns_of(told))
    return made


async def change_layout(uow: UnitOfWork, layout_id: UUID, told: Layout, expected: int) -> ColumnLayout:
    """Change a layout in the version that the caller saw; saying the same again changes nothing.

    Raises LayoutUnknown, LayoutWrong, LayoutNameTaken, ChangedMeanwhile.
    """
    row = await held_layout(uow, layout_id)
    demand_followable(told)
    before, after = row.model_dump(include=set(FIELDS)), columns_of(told)
    if before == after:
        return row
    demand_seen(row, expected)
    kept = keep_past(uow, row, "layout.changed", layout=row)
    row.sqlmodel_update({**after, "name_key": heading_key(told.name)})
    await named(uow, row)
    keep_after(kept, layout=row)
    uow.record("layout.changed", row.id, version=row.version, before=before, after=after)
    return row


async def withdraw_layout(uow: UnitOfWork, layout_id: UUID, expected: int) -> ColumnLayout:
    """Let no further file follow a layout. Raises LayoutUnknown, ChangedMeanwhile."""
    row = await held_layout(uow, layout_id)
    demand_seen(row, expected)
    kept = keep_past(uow, row, "layout.withdrawn", layout=row)
    row.withdrawn_at, row.name_key = now(), None
    keep_after(kept, layout=row)
    uow.record("layout.withdrawn", row.id, name=row.name)
    return row


async def held_layout(uow: UnitOfWork, layout_id: UUID) -> ColumnLayout:
    """Give a layout that was not withdrawn, held for changing. Raises LayoutUnknown."""
    row = await uow.session.get(ColumnLayout, layout_id, with_for_update=True)
    if row is None or row.withdrawn_at is not None:
        raise LayoutUnknown
    return row


async def named(uow: UnitOfWork, row: ColumnLayout) -> None:
    """Write a layout whose name must be its own. Raises LayoutNameTaken."""
    name = row.name
    uow.session.add(row)
    try:
        await uow.session.flush()
    except IntegrityError as taken:
        raise LayoutNameTaken(name) from taken


async def known_layouts(database: Database, name: str | None) -> Known:
    """Give the layouts that a file may follow, or the one of a name. Raises LayoutUnknown."""
    async with database.reading() as session:
        own = await own_layouts(session)
    keys = {heading_key(each.name) for each in own}
    given = [each for each in SHIPPED if heading_key(each.name) not in keys]
    if name is None:
        return Known(own, given)
    chosen = next((each for each in (*own, *given) if heading_key(each.name) == heading_key(name)), None)
    if chosen is None:
        raise LayoutUnknown(name)
    return Known(own, given, chosen)


async def own_layouts(session: AsyncSession) -> list[Layout]:
    """Give the layouts that were not withdrawn."""
    asked = select(ColumnLayout).where(col(ColumnLayout.withdrawn_at).is_(None)).order_by(col(ColumnLayout.id))
    return [Layout(**row.model_dump(include=set(FIELDS))) for row in await session.exec(asked)]


def columns_of(told: Layout) -> dict[str, Any]:
    """Give a layout as columns."""
    return {name: value for name, value in asdict(told).items() if name in FIELDS}
