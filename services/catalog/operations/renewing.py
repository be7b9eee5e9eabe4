"""Give dossiers their next version where an amendment tells another fonds than the edition before it.

Who scans and packs takes only what is newer than what was heard, and the fonds is told with each of its dossiers.
"""

from uuid import UUID

from sqlalchemy import insert, update
from sqlmodel import col, select

from services.catalog.models import Dossier, DossierPast, Fonds
from services.catalog.models.lists import ListEntry, SelectionList
from services.catalog.operations.bulk import portions
from services.catalog.operations.freezing import fonds_told
from services.catalog.operations.remembering import past_columns
from shared.uow import UnitOfWork

FONDS_CORRECTED = "fonds.corrected"


async def renew_dossiers(uow: UnitOfWork, selection: SelectionList) -> None:
    """Make the dossiers newer that an amendment takes over unchanged, if its fonds was corrected meanwhile."""
    before = select(ListEntry.facts).where(ListEntry.list_id == selection.replaces_id).limit(1)
    facts = (await uow.session.exec(before)).first() if selection.replaces_id else None
    fonds = await uow.session.get_one(Fonds, selection.fonds_id, populate_existing=True)
    if facts is None or facts["dossier"]["fonds"] == fonds_told(fonds).model_dump(mode="json"):
        return
    asked = (
        select(Dossier.id, Dossier.version)
        .join(ListEntry, (col(ListEntry.dossier_id) == Dossier.id) & (col(ListEntry.version) == Dossier.version))
        .where(Dossier.list_id == selection.id, ListEntry.list_id == selection.replaces_id)
    )
    rows: list[tuple[UUID, int]] = list(
        await uow.session.exec(asked.order_by(col(Dossier.id)).with_for_update(of=Dossier))
    )
    for portion in portions(rows):
        past = [past_columns(uow, id_, version, FONDS_CORRECTED, {}) for id_, version in portion]
        await uow.session.exec(insert(DossierPast), params=past)
        newer = update(Dossier).where(col(Dossier.id).in_([id_ for id_, _version in portion]))
        await uow.session.exec(newer.values(version=Dossier.version + 1))
