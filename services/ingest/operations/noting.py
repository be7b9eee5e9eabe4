"""Write down what came of a check: a line of the fixity log for each copy, the states of the copies, who must know."""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlmodel import select

from services.ingest.domain.fixity import CopyState, Finding, Outcome, state_of
from services.ingest.models import Copy, FixityCheck
from services.ingest.operations.checking import Look, Package
from services.ingest.operations.mending import SCRUBBER
from services.ingest.operations.revision_orders import order_after_restoration
from services.ingest.scrubber import Scrubber
from shared.events.ingest import PackageQuarantined, PackageRestored
from shared.ids import DossierId
from shared.uow import UnitOfWork

TOLD = 100  # of a copy that lost everything the log names so many objects, and counts the rest


@dataclass(slots=True)
class Checked:
    """What came of the check of one package: a look at each copy, what was repaired, what stays wrong."""

    dossier_id: UUID
    package: Package
    looks: Mapping[str, Look]
    repaired: dict[str, list[str]] = field(default_factory=dict)
    refused: dict[str, list[str]] = field(default_factory=dict)
    lost: set[str] = field(default_factory=set)

    def outcome(self, store: str) -> Outcome:
        """Say how the check of one copy ended."""
        if self.lost:
            return Outcome.QUARANTINED
        if self.refused.get(store):
            return Outcome.DAMAGED
        return Outcome.REPAIRED if self.repaired.get(store) else Outcome.WHOLE

    def findings(self, store: str) -> str:
        """Tell the findings of one copy as JSON: how many of each kind, and the first of them."""
        look = self.looks[store]
        found = [(fault.finding, fault.named.key) for fault in look.faults.values()]
        found += [(Finding.EXTRA, key) for key in look.extras]
        first = [{"finding": finding, "key": key} for finding, key in sorted(found, key=lambda each: each[1])[:TOLD]]
        return json.dumps({"count": Counter(finding for finding, _ in found), "first": first})


async def note(scrubber: Scrubber, checks: Sequence[Checked], begun_at: datetime) -> set[CopyState]:
    """Write down the checks of a dossier's packages in one transaction; gives the states its copies are in."""
    async with scrubber.database.writing(SCRUBBER) as uow:
        newly = [await note_package(uow, checked, begun_at) for checked in checks]
    for _ in filter(None, newly):
        scrubber.count.quarantined()
    return {state_of(checked.outcome(store)) for checked in checks for store in checked.looks}


async def note_package(uow: UnitOfWork, checked: Checked, begun_at: datetime) -> bool:
    """Write down the check of one package; says whether it is quarantined from now on."""
    package = checked.package
    copies = (await uow.session.exec(select(Copy).where(Copy.objid == package.objid).with_for_update())).all()
    for copy in copies:
        uow.session.add(
            FixityCheck(
                dossier_id=checked.dossier_id,
                objid=package.objid,
                store=copy.store,
                checked_at=begun_at,
                object_count=len(package.objects),
                byte_count=checked.looks[copy.store].byte_count,
                outcome=checked.outcome(copy.store),
                findings=checked.findings(copy.store),
            )
        )
    if any(copy.checked_at > begun_at for copy in copies):  # a check that began later has spoken already
        return False
    was_quarantined = any(copy.state == CopyState.QUARANTINED for copy in copies)
    for copy in copies:
        copy.checked_at, copy.state = begun_at, state_of(checked.outcome(copy.store))
        if copy.state == CopyState.WHOLE:
            copy.verified_at = begun_at
    return await tell_quarantine(uow, checked, was_quarantined=was_quarantined)


async def tell_quarantine(uow: UnitOfWork, checked: Checked, *, was_quarantined: bool) -> bool:
    """Say once that a package is good nowhere, and once that it is good again; says whether it is from now on."""
    dossier_id, objid = DossierId(checked.dossier_id), checked.package.objid
    if checked.lost and not was_quarantined:
        uow.record("package.quarantined", dossier_id, objid=objid, objects=sorted(checked.lost)[:TOLD])
        uow.publish(PackageQuarantined(dossier_id=dossier_id, objid=objid, lost_count=len(checked.lost)))
        return True
    if was_quarantined and not checked.lost:
        uow.record("package.restored", dossier_id, objid=objid)
        uow.publish(PackageRestored(dossier_id=dossier_id, objid=objid))
        await order_after_restoration(uow, checked.dossier_id)
    return False
