"""Many fonds and series at once: read by their codes, written in portions."""

from collections.abc import Mapping

from sqlalchemy import insert, update
from sqlmodel import col, select

from services.catalog.domain.grounding import Grounded, Key, Known
from services.catalog.domain.state import CHANGEABLE
from services.catalog.models import Fonds, SelectionList, Series
from services.catalog.operations.bulk import portions
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
    """Give all series by the codes of their fonds and their own, held for changing."""
    codes = {known.id: key[0] for key, known in fonds.items()}
    held = await uow.session.exec(select(Series).order_by(col(Series.id)).with_for_update())
    return {(codes[row.fonds_id], row.code): Known(row.id, {"title": row.title}) for row in held}


async def write_fonds(uow: UnitOfWork, found: Grounded) -> None:
    """Write new fonds, and what is told of others."""
    for created in portions(found.created):
        await uow.session.exec(insert(Fonds), params=[{"id": new_id(), **KINDLESS, **each} for each in created])
    for updated in portions(found.updated):
        await uow.session.exec(update(Fonds), params=[{"id": id_, **values} for id_, values in updated])


async def write_series(uow: UnitOfWork, found: Grounded, fonds: Mapping[Key, Known]) -> None:
    """Write new series, and the titles of others."""
    for created in portions(found.created):
        rows = [
            {"id": new_id(), "fonds_id": fonds[each["code"],].id, "code": each["series_code"], "title": each["title"]}
            for each in created
        ]
        await uow.session.exec(insert(Series), params=rows)
    for updated in portions(found.updated):
        await uow.session.exec(update(Series), params=[{"id": id_, "title": each["title"]} for id_, each in updated])
