"""Tell the other services what an approval changes: dossiers that may be scanned, and those that no list holds now."""

import asyncio
from collections.abc import Mapping, Sequence
from uuid import UUID

from services.catalog.domain.difference import difference
from services.catalog.models.lists import ListEntry, SelectionList
from services.catalog.operations.freezing import ListedDossier
from shared.events.catalog import DossierWithdrawn
from shared.ids import DossierId, SelectionListId
from shared.uow import UnitOfWork

AT_ONCE = 100


async def tell_of(
    uow: UnitOfWork, approved: Sequence[ListedDossier], withdrawn: Sequence[tuple[ListEntry, SelectionList]] = ()
) -> None:
    """Publish one event a dossier, in portions, so that others get their turn."""
    events = [*(withdrawal(entry, selection) for entry, selection in withdrawn), *(each.approval for each in approved)]
    for begin in range(0, len(events), AT_ONCE):
        await uow.publish_all(events[begin : begin + AT_ONCE])


async def untold(
    before: Mapping[UUID, ListEntry], listed: Sequence[ListedDossier]
) -> tuple[list[ListedDossier], list[ListEntry]]:
    """Give what of an edition is new or changed against the one before, and the entries that it lacks."""

    def compared() -> tuple[list[ListedDossier], list[ListEntry]]:
        known = {dossier_id: entry.facts for dossier_id, entry in before.items()}
        fresh = [each for each in listed if difference(each.row.id, known.get(each.row.id), each.facts)]
        kept = {each.row.id for each in listed}
        return fresh, [entry for dossier_id, entry in before.items() if dossier_id not in kept]

    return await asyncio.to_thread(compared)


def withdrawal(entry: ListEntry, selection: SelectionList) -> DossierWithdrawn:
    """Withdraw a dossier in the version that was approved; what was or will be approved later is newer."""
    return DossierWithdrawn(
        dossier_id=DossierId(entry.dossier_id),
        version=entry.version,
        list_id=SelectionListId(selection.id),
        reason=selection.amendment_reason,
    )
