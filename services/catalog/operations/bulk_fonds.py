"""Many fonds and series at once: read by their codes, written in portions."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import insert, update
from sqlmodel import col, select

from services.catalog.domain.grounding import Grounded, Key, Known
from services.catalog.domain.state import CHANGEABLE, DECIDED, UNDECIDED
from services.catalog.models import Dossier, Fonds, ListEntry, SelectionList, Series
from services.catalog.operations.bulk import portions
from services.catalog.operations.freezing import SERIES_TITLE
from shared.ids import new_id
from shared.uow import UnitOfWork

OF_FONDS = ("code", "title", "kind", "archive_code")
KINDLESS = {"kind": "fonds"}


async def known_fonds(uow: UnitOfWork) -> dict[Key, Known]:
    """Give all fonds by their codes, held for changing; there are hundreds, not more."""
    frozen = select(SelectionList.fonds_id).where(col(SelectionList.state).not_in(CHANGEABLE))
    shut = set(await uow.session.exec(frozen))
    held = await uow.session.exec(select(Fonds).order_by(col(Fonds.id)).with_for_update())
    return {(row.code,): Known(row.id, row.model_dump(include=set(OF_FONDS)), is_frozen=row.id in shut) for row in held}


async def known_series(uow: UnitOfWork, fonds: Mapping[Key, Known]) -> dict[Key, Known]:
    """Give all series by the codes of their fonds and their own, held for changing; a list may need their titles."""
    codes = {known.id: key[0] for key, known in fonds.items()}
    held = (await uow.session.exec(select(Series).order_by(col(Series.id)).with_for_update())).all()
    shut = await series_in_use(uow)
    return {
        (codes[row.fonds_id], row.code): Known(row.id, {"title": row.title}, is_frozen=(row.fonds_id, row.code) in shut)
        for row in held
    }


async def series_in_use(uow: UnitOfWork) -> set[tuple[UUID, str | None]]:
    """Give the series, by fonds and code, whose titles are being decided on or were approved without being kept."""
    undecided = col(SelectionList.state).in_(UNDECIDED)
    unentered = col(SelectionList.state).in_(DECIDED) & col(SelectionList.number).is_(None)
    listed = select(Dossier.fonds_id, Dossier.series_code).join(SelectionList, col(SelectionList.id) == Dossier.list_id)
    title: Any = col(ListEntry.facts)["columns"][SERIES_TITLE].as_string()
    entered = select(SelectionList.fonds_id, ListEntry.series_code).join(
        ListEntry, col(ListEntry.list_id) == SelectionList.id
    )
    return {
        *await uow.session.exec(listed.where(undecided | unentered).distinct()),
        *await uow.session.exec(entered.where(title.is_(None), col(ListEntry.series_code).is_not(None)).distinct()),
    }


async def record_fonds(uow: UnitOfWork, changes: Sequence[tuple[UUID, Mapping[str, object]]]) -> None:
    """Keep in the audit how fonds were before some changes, and how they are now."""
    held = select(Fonds).where(col(Fonds.id).in_([id_ for id_, _values in changes]))
    before = {row.id: row.model_dump(include=set(OF_FONDS)) for row in await uow.session.exec(held)}
    for id_, values in changes:
        uow.record("fonds.changed", id_, before=before[id_], after={**before[id_], **values})


async def record_series(uow: UnitOfWork, changes: Sequence[tuple[UUID, Mapping[str, object]]]) -> None:
    """Keep in the audit which titles series had before some changes, and which they have now."""
    held = select(Series.id, Series.code, Series.title).where(col(Series.id).in_([id_ for id_, _values in changes]))
    before = {id_: (code, title) for id_, code, title in await uow.session.exec(held)}
    for id_, values in changes:
        code, title = before[id_]
        uow.record("series.changed", id_, code=code, before={"title": title}, after={"title": values["title"]})


async def write_fonds(uow: UnitOfWork, found: Grounded) -> None:
    """Write new fonds, and what is told of others."""
    for created in portions(found.created):
        rows: list[dict[str, Any]] = [{"id": new_id(), **KINDLESS, **each} for each in created]
        await uow.session.exec(insert(Fonds), params=rows)
        for row in rows:
            uow.record("fonds.created", row["id"], code=row["code"])
    for updated in portions(found.updated):
        await record_fonds(uow, updated)
        await uow.session.exec(update(Fonds), params=[{"id": id_, **values} for id_, values in updated])


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
        await record_series(uow, updated)
        await uow.session.exec(update(Series), params=[{"id": id_, "title": each["title"]} for id_, each in updated])
