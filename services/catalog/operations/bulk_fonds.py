"""Many fonds and series at once: read by their codes, written in portions."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import insert, update
from sqlmodel import col, select

from services.catalog.domain.grounding import Grounded, Key, Known
from services.catalog.domain.holding import APPROVED, OF_FONDS, UNTOLD
from services.catalog.models import Fonds, Series
from services.catalog.models.holdings import HoldingPast
from services.catalog.operations.bulk import portions
from services.catalog.operations.correcting import OF_SERIES, past_row, told_of
from services.catalog.operations.fixed_fields import fonds_in_use, series_in_use
from services.catalog.operations.later_edits import IMPORTED
from shared.ids import new_id
from shared.uow import UnitOfWork

Changes = Sequence[tuple[UUID, Mapping[str, object]]]


async def known_fonds(uow: UnitOfWork) -> dict[Key, Known]:
    """Give all fonds by their codes, held for changing; there are hundreds, not more."""
    asked = select(Fonds).order_by(col(Fonds.id)).with_for_update().execution_options(populate_existing=True)
    held = (await uow.session.exec(asked)).all()
    shut = await fonds_in_use(uow)
    return {
        (row.code,): Known(row.id, told_of(row, OF_FONDS), row.version, frozenset(APPROVED if row.id in shut else ()))
        for row in held
    }


async def known_series(uow: UnitOfWork, fonds: Mapping[Key, Known]) -> dict[Key, Known]:
    """Give all series by the codes of their fonds and their own, held for changing; a list may need their titles."""
    codes = {known.id: key[0] for key, known in fonds.items()}
    held = (await uow.session.exec(select(Series).order_by(col(Series.id)).with_for_update())).all()
    shut = await series_in_use(uow)
    return {
        (codes[row.fonds_id], row.code): Known(
            row.id,
            told_of(row, OF_SERIES),
            row.version,
            frozenset(OF_SERIES if (row.fonds_id, row.code) in shut else ()),
            row.archived_at is not None,
        )
        for row in held
    }


async def changed_past(
    uow: UnitOfWork, model: type[Fonds | Series], changes: Changes, act: str
) -> list[dict[str, Any]]:
    """Keep how fonds or series were before an import changes them, and give what is written of each."""
    ids = [id_ for id_, _values in changes]
    held: Any = select(model).where(col(model.id).in_(ids))
    known: dict[UUID, Fonds | Series] = {row.id: row for row in await uow.session.exec(held)}
    names = OF_FONDS if model is Fonds else OF_SERIES
    written: list[dict[str, Any]] = []
    past: list[dict[str, Any]] = []
    for id_, values in changes:
        row, before = known[id_], told_of(known[id_], names)
        after = {**before, **{name: value for name, value in values.items() if name in names}}
        past.append(past_row(uow, row, IMPORTED, before, after))
        written.append({"id": id_, "version": row.version + 1, **after})
        code = {"code": row.code} if isinstance(row, Series) else {}
        uow.record(act, id_, **code, before=before, after=after)
    await uow.session.exec(insert(HoldingPast), params=past)
    return written


async def write_fonds(uow: UnitOfWork, found: Grounded) -> None:
    """Write new fonds, and what is told of others."""
    for created in portions(found.created):
        rows: list[dict[str, Any]] = [{"id": new_id(), **UNTOLD, **each} for each in created]
        await uow.session.exec(insert(Fonds), params=rows)
        for row in rows:
            uow.record("fonds.created", row["id"], code=row["code"])
    for updated in portions(found.updated):
        await uow.session.exec(update(Fonds), params=await changed_past(uow, Fonds, updated, "fonds.changed"))


async def write_series(uow: UnitOfWork, found: Grounded, fonds: Mapping[Key, Known]) -> None:
    """Write new series, and the titles of others."""
    for created in portions(found.created):
        rows: list[dict[str, Any]] = [
            {"id": new_id(), "fonds_id": fonds[each["code"],].id, "code": each["series_code"], "title": each["title"]}
            for each in created
        ]
        await uow.session.exec(insert(Series), params=rows)
        for row in rows:
            uow.record("series.created", row["id"], code=row["code"])
    for updated in portions(found.updated):
        await uow.session.exec(update(Series), params=await changed_past(uow, Series, updated, "series.changed"))
