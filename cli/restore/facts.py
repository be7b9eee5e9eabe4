"""Bring the registers of the services to one state: what one knows and another missed is told to it again.

The registers of the services are written at different moments, so one may be an hour older than another. Facts are
told to the services' own handlers, which do nothing where they know them.
"""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from sqlmodel import col, select

from cli.copies.naming import Named, named_by
from cli.language import say
from cli.restore.completing import enter, is_known, is_later, preserved, record_place
from cli.restore.entering import enter_elsewhere
from cli.restore.ground import NewGround
from cli.restore.loading import RESTORER
from cli.restore.origin import Origin
from cli.restore.packages import DossierCopy, Restored
from cli.restore.protocol import Protocol
from cli.restore.revisions import enter_revision, revised
from services.catalog.operations.retelling import retold
from services.handover.models import ListedDossier
from services.ingest.domain.fixity import CopyState
from services.ingest.domain.revision import RevisionState
from services.ingest.domain.state import DossierState
from services.ingest.models import Copy, ScanOrder, Sealing
from services.ingest.revision_models import Revision
from services.qc.models import InspectedDossier
from services.reporting.models import HeardEvent
from shared.bus.port import Letter
from shared.clock import now
from shared.eark.description import DossierRecord
from shared.eark.errors import RecordUnreadable
from shared.events.base import Event
from shared.events.catalog import DossierApproved, DossierWithdrawn
from shared.events.ingest import DossierPreserved, DossierRevised, PackageQuarantined
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
    """Tell of every dossier that a list approved or withdrew to those who know an older version of it, or none."""
    async with ground.databases["catalog"].writing(RESTORER) as uow:
        approvals, withdrawals = await retold(uow)
    approved, withdrawn = await known_to_ingest(ground)
    await tell_newer(ground, approvals, approved, "ingest")
    await tell_newer(ground, withdrawals, withdrawn, "ingest")
    approved, withdrawn = await known_to_qc(ground)
    await tell_newer(ground, approvals, approved, "qc")
    await tell_newer(ground, withdrawals, withdrawn, "qc")
    approved, withdrawn = await known_to_handover(ground)
    await tell_newer(ground, approvals, approved, "handover")
    await tell_newer(ground, withdrawals, withdrawn, "handover")
    await tell_newer(ground, approvals, await heard_of(ground, DossierApproved), "reporting")
    await tell_newer(ground, withdrawals, await heard_of(ground, DossierWithdrawn), "reporting")


async def tell_newer(
    ground: NewGround,
    told: Sequence[DossierApproved] | Sequence[DossierWithdrawn],
    known: Mapping[UUID, int],
    service: str,
) -> None:
    """Tell a service of dossiers in versions that it has not heard of."""
    await tell(ground, [each for each in told if known.get(each.dossier_id, -1) < each.version], service)


async def known_to_ingest(ground: NewGround) -> tuple[dict[UUID, int], dict[UUID, int]]:
    """Give the versions of dossiers that ingest knows as approved, and as withdrawn."""
    async with ground.databases["ingest"].reading() as session:
        asked = select(ScanOrder.dossier_id, ScanOrder.version, ScanOrder.later_version, ScanOrder.withdrawn_version)
        rows = (await session.exec(asked)).all()
    return {row[0]: max(row[1], row[2] or 0) for row in rows}, {row[0]: row[3] for row in rows}


async def known_to_qc(ground: NewGround) -> tuple[dict[UUID, int], dict[UUID, int]]:
    """Give the versions of dossiers that qc knows as approved, and as withdrawn."""
    async with ground.databases["qc"].reading() as session:
        asked = select(
            InspectedDossier.dossier_id, InspectedDossier.approved_version, InspectedDossier.withdrawn_version
        )
        rows = (await session.exec(asked)).all()
    return {row[0]: row[1] for row in rows}, {row[0]: row[2] for row in rows}


async def known_to_handover(ground: NewGround) -> tuple[dict[UUID, int], dict[UUID, int]]:
    """Give the versions of dossiers that handover knows as approved, and as withdrawn."""
    async with ground.databases["handover"].reading() as session:
        asked = select(ListedDossier.dossier_id, ListedDossier.approved_version, ListedDossier.withdrawn_version)
        rows = (await session.exec(asked)).all()
    return {row[0]: row[1] for row in rows}, {row[0]: row[2] for row in rows}


async def heard_of(
    ground: NewGround,
    kind: type[DossierApproved] | type[DossierPreserved] | type[DossierRevised] | type[DossierWithdrawn],
) -> dict[UUID, int]:
    """Give the dossiers of which reporting has heard such a fact, and the newest version of it."""
    heard: dict[UUID, int] = {}
    async with ground.databases["reporting"].reading() as session:
        for body in await session.exec(select(HeardEvent.body).where(HeardEvent.name == kind.name)):
            event = kind.model_validate_json(body)
            heard[event.dossier_id] = max(event.version, heard.get(event.dossier_id, 0))
    return heard


async def complete(ground: NewGround, origin: Origin, restored: Restored, protocol: Protocol) -> None:
    """Enter dossiers and later AIPs that only their packages tell of, and tell everybody of what is preserved."""
    entered = set[UUID]()
    approved_heard = await heard_of(ground, DossierApproved)
    heard, revised_heard = await heard_of(ground, DossierPreserved), await heard_of(ground, DossierRevised)
    for copy in restored.dossiers:
        if not await is_known(ground, copy):
            named = await named_by(origin.stores, copy.key, {copy.key: copy.sha256})
            record = await asyncio.to_thread(record_of, ground, named, restored)
            if record is None:
                protocol.differs(
                    say(f"không nơi nào còn mô tả đúng: {copy.key}", f"its description is good nowhere: {copy.key}")
                )
                continue
            entered.add(copy.dossier_id)
            if await is_later(ground, copy):
                await enter_revision(ground, named, record)
            else:
                told = await enter(ground, named, record)
                await enter_elsewhere(ground, told, copy.page_count, record)
                if copy.dossier_id not in approved_heard:
                    await tell(ground, [told], "reporting")
        await tell_preserved(ground, copy, heard, revised_heard)
    protocol.counts["from_packages"] = len(entered)


async def tell_preserved(
    ground: NewGround, copy: DossierCopy, heard: Mapping[UUID, int], revised_heard: Mapping[UUID, int]
) -> None:
    """Tell of what a manifest names: the preserved dossier, or a later AIP of it. Reporting hears nothing twice."""
    async with ground.databases["ingest"].reading() as session:
        order = await session.get_one(ScanOrder, copy.dossier_id)
        frozen = await session.get_one(Sealing, copy.dossier_id)
        asked = select(Revision).where(Revision.aip_objid == copy.aip.objid)
        revision = (await session.exec(asked)).first()
    if revision is not None:
        unheard = ["reporting"] if revised_heard.get(copy.dossier_id, 0) < revision.version else []
        await tell(ground, [revised(copy, revision, frozen)], "handover", *unheard)
        return
    unheard = ["reporting"] if copy.dossier_id not in heard else []
    await tell(ground, [preserved(copy, order, frozen)], "catalog", "handover", *unheard)


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
    packages = [package for each in restored.dossiers for package in (each.masters, each.aip)]  # masters by each AIP
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
        protocol.notes.append(
            say(
                f"số gói bị cách ly, không phục vụ: {len(facts)}",
                f"packages quarantined, which are not served: {len(facts)}",
            )
        )


async def unfound(ground: NewGround, restored: Restored) -> list[UUID]:
    """Give the dossiers that ingest calls preserved and of which a manifest was not found."""
    found = {each.aip.objid for each in restored.dossiers}
    async with ground.databases["ingest"].reading() as session:
        first = select(Sealing.dossier_id, Sealing.aip_objid).join(
            ScanOrder, col(ScanOrder.dossier_id) == col(Sealing.dossier_id)
        )
        sealed = (await session.exec(first.where(ScanOrder.state == DossierState.PRESERVED))).all()
        later = select(Revision.dossier_id, Revision.aip_objid).where(Revision.state == RevisionState.PRESERVED)
        named = [*sealed, *(await session.exec(later)).all()]
    return sorted({dossier_id for dossier_id, objid in named if objid not in found})
