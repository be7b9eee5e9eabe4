"""Bring the registers of the services to one state: what one knows and another missed is told to it again.

The registers of the services are written at different moments, so one may be an hour older than another. Facts are
told to the services' own handlers, which do nothing where they know them.
"""

import asyncio
from collections.abc import Iterable
from uuid import UUID

from sqlmodel import select

from cli.copies.naming import Named, named_by
from cli.restore.completing import enter, is_known, preserved, record_place
from cli.restore.entering import enter_elsewhere
from cli.restore.ground import NewGround
from cli.restore.loading import RESTORER
from cli.restore.origin import Origin
from cli.restore.packages import Restored
from cli.restore.protocol import Protocol
from services.catalog.domain.state import ListState
from services.catalog.models import SelectionList
from services.catalog.operations.freezing import listed_dossiers
from services.ingest.domain.fixity import CopyState
from services.ingest.domain.state import DossierState
from services.ingest.models import Copy, ScanOrder
from services.qc.models import InspectedDossier
from services.reporting.models import HeardEvent
from shared.bus.port import Letter
from shared.clock import now
from shared.eark.description import DossierRecord
from shared.eark.errors import RecordUnreadable
from shared.events.base import Event
from shared.events.catalog import DossierApproved
from shared.events.ingest import DossierPreserved, PackageQuarantined
from shared.events.listeners import LISTENERS
from shared.ids import DossierId


async def tell(ground: NewGround, events: Iterable[Event], *services: str) -> None:
    """Tell facts to the services that hear them, or to some of those only; each at most once by its id."""
    for event in events:
        letter = Letter(event.id, event.name, event.model_dump_json())
        for service in LISTENERS[type(event)]:
            if service in ground.databases and (not services or service in services):
                await ground.listener(service).receive([letter])


async def tell_approvals(ground: NewGround) -> None:
    """Tell of every dossier on an approved list to those who do not know it."""
    async with ground.databases["catalog"].writing(RESTORER) as uow:
        lists = (await uow.session.exec(select(SelectionList).where(SelectionList.state == ListState.APPROVED))).all()
        told = [each.approval for one in lists for each in await listed_dossiers(uow, one)]
    for service, known in (
        ("ingest", await ids_in(ground, "ingest", ScanOrder.dossier_id)),
        ("qc", await ids_in(ground, "qc", InspectedDossier.dossier_id)),
        ("reporting", await heard_of(ground, DossierApproved)),
    ):
        await tell(ground, [each for each in told if each.dossier_id not in known], service)


async def ids_in(ground: NewGround, service: str, column: UUID) -> set[UUID]:
    """Give the dossiers that a service knows."""
    async with ground.databases[service].reading() as session:
        return set((await session.exec(select(column))).all())


async def heard_of(ground: NewGround, kind: type[DossierApproved] | type[DossierPreserved]) -> set[UUID]:
    """Give the dossiers of which reporting has heard such a fact."""
    async with ground.databases["reporting"].reading() as session:
        bodies = await session.exec(select(HeardEvent.body).where(HeardEvent.name == kind.name))
        return {kind.model_validate_json(body).dossier_id for body in bodies}


async def complete(ground: NewGround, origin: Origin, restored: Restored, protocol: Protocol) -> None:
    """Enter dossiers that only their packages tell of, and tell everybody of what is preserved."""
    entered = 0
    approved_heard, heard = await heard_of(ground, DossierApproved), await heard_of(ground, DossierPreserved)
    for copy in restored.dossiers:
        if not await is_known(ground, copy):
            named = await named_by(origin.stores, copy.key, {copy.key: copy.sha256})
            record = await asyncio.to_thread(record_of, ground, named, restored)
            if record is None:
                protocol.differs(f"its description is good nowhere: {copy.key}")
                continue
            told = await enter(ground, named, record)
            await enter_elsewhere(ground, told, copy.page_count, record)
            if copy.dossier_id not in approved_heard:
                await tell(ground, [told], "reporting")
            entered += 1
        async with ground.databases["ingest"].reading() as session:
            order = await session.get_one(ScanOrder, copy.dossier_id)
        unheard = ["reporting"] if copy.dossier_id not in heard else []
        await tell(ground, [preserved(copy, order)], "catalog", "handover", *unheard)
    protocol.counts["from_packages"] = entered


def record_of(ground: NewGround, named: Named, restored: Restored) -> DossierRecord | None:
    """Read the description of a dossier from the new archive."""
    place = record_place(named)
    if place is None or place.key in restored.lost:
        return None
    try:
        return DossierRecord.from_bytes((ground.stores[0].root / place.key).read_bytes())
    except RecordUnreadable:
        return None


async def quarantine(ground: NewGround, restored: Restored, protocol: Protocol) -> None:
    """Keep back what is not whole, as the scrubber does: it is never served. What is whole again is so known."""
    packages = [package for each in restored.dossiers for package in (each.masters, each.aip)]
    wrong = {each.objid: each.lost_count for each in packages if each.lost_count}
    whole = {each.objid for each in packages} - wrong.keys()
    facts: list[Event] = []
    async with ground.databases["ingest"].writing(RESTORER) as uow:
        for copy in (await uow.session.exec(select(Copy))).all():
            if copy.objid in whole:
                copy.state, copy.checked_at = CopyState.WHOLE, now()
                copy.verified_at = copy.checked_at
            elif copy.state != CopyState.QUARANTINED:
                copy.state, copy.checked_at = CopyState.QUARANTINED, now()
                if copy.store == "archive":
                    lost = wrong.get(copy.objid, copy.file_count)
                    facts.append(
                        PackageQuarantined(dossier_id=DossierId(copy.dossier_id), objid=copy.objid, lost_count=lost)
                    )
                    uow.record("package.quarantined", copy.dossier_id, objid=copy.objid, objects=lost)
    await tell(ground, facts)
    if facts:
        protocol.notes.append(f"{len(facts)} packages are quarantined: they are not served")


async def unfound(ground: NewGround, restored: Restored) -> list[UUID]:
    """Give the dossiers that ingest calls preserved and of which no manifest was found."""
    async with ground.databases["ingest"].reading() as session:
        asked = select(ScanOrder.dossier_id).where(ScanOrder.state == DossierState.PRESERVED)
        return sorted(each for each in await session.exec(asked) if each not in restored.dossier_ids)
