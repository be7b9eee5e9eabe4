"""Make a newer AIP of a preserved dossier whose description was approved anew; masters and older AIPs stay as they are.

Like a sealing: names and times are frozen first, then every generated file is drafted, then both copies are written and
read back, then the manifest beside them, and only then anybody is told. Reading forms that would say something else of
themselves are made anew before that, the others carried over as they are.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict
from importlib.metadata import version
from uuid import UUID

from sqlmodel import select

from services.ingest.context import Context
from services.ingest.domain.documents import settled_in
from services.ingest.domain.fixity import CopyState
from services.ingest.domain.revision import Refusal, RevisionState, revised_documents, says_the_same
from services.ingest.domain.state import DossierState
from services.ingest.errors import CopiesIncomplete
from services.ingest.models import Copy, ScanOrder, Sealing
from services.ingest.operations.approving import write_description
from services.ingest.operations.carrying import carry_twice
from services.ingest.operations.form_renewal import renew_forms
from services.ingest.operations.revision_freezing import RevisedLayout, frozen_revision
from services.ingest.operations.revision_orders import kept_aips, open_revisions
from services.ingest.operations.revision_reading import Revised, read_revised
from services.ingest.operations.sealing import keep_twice, note_copies
from services.ingest.revision_models import Revision
from shared.clock import now
from shared.events.catalog import DossierApproved
from shared.events.ingest import DossierRevised
from shared.ids import DossierId, FondsId
from shared.jobs import Progress
from shared.plumbing import JobColumns
from shared.uow import Caller, UnitOfWork


async def revise_dossier(context: Context, job: JobColumns, progress: Progress) -> dict[str, object]:
    """Do the job `revise_dossier`: this revision, and older ones of its dossier that still wait, in their order."""
    made = 0
    for revision_id in await due(context, job.subject_id):
        if await begin(context, revision_id):
            await renew_forms(context, revision_id, progress)
            await make(context, await read_revised(context, revision_id), progress)
            made += 1
    return {"made": made}


async def due(context: Context, revision_id: UUID) -> Sequence[UUID]:
    """Give what must be made up to a revision, oldest first."""
    async with context.database.reading() as session:
        last = await session.get_one(Revision, revision_id)
        waiting = await open_revisions(session, last.dossier_id)
    return [each.id for each in waiting if each.version <= last.version]


async def begin(context: Context, revision_id: UUID) -> bool:
    """Freeze names and times of a revision whose turn it is; False where nothing is to be made of it."""
    async with context.database.writing(Caller("ingest")) as uow:
        found = await uow.session.get_one(Revision, revision_id)
        order = await uow.session.get_one(ScanOrder, found.dossier_id, with_for_update=True)
        revision = await uow.session.get_one(Revision, revision_id, with_for_update=True, populate_existing=True)
        if order.state != DossierState.PRESERVED or revision.state != RevisionState.ORDERED:
            return False
        if revision.begun_at is not None:
            return True
        if (ended := settled_at_once(order, revision)) is not None:
            revision.state = ended
            uow.record(f"revision.{ended}", order.dossier_id, version=revision.version, refusal=revision.refusal)
            return False
        await demand_masters(uow, order.dossier_id)
        sealing = await uow.session.get_one(Sealing, order.dossier_id)
        revision.predecessor = (await kept_aips(uow.session, sealing))[-1][0]
        revision.aip_objid = context.form.objid_of(order.fonds_code, UUID(revision.aip_objid[-36:]))
        revision.begun_at, revision.software_version = now(), version("saoluu")
        uow.record("revision.begun", order.dossier_id, version=revision.version, replaces=revision.predecessor)
        return True


def settled_at_once(order: ScanOrder, revision: Revision) -> RevisionState | None:
    """Say how a revision ends of which nothing is to be made, None where there is; its documents are settled then."""
    if revision.version <= order.withdrawn_version:
        return RevisionState.WITHDRAWN
    approved = DossierApproved.model_validate_json(revision.approval)
    sealed = DossierApproved.model_validate_json(order.approval)
    if says_the_same(sealed, approved):
        take(order, revision, order.documents)
        return RevisionState.UNCHANGED
    found = revised_documents(settled_in(order.documents), sealed, approved)
    if isinstance(found, Refusal):
        revision.refusal = found
        return RevisionState.REFUSED
    revision.documents = json.dumps([asdict(each) for each in found], ensure_ascii=False)
    return None


def take(order: ScanOrder, revision: Revision, documents: str) -> None:
    """Let the description of a revision be the one that the newest package tells."""
    write_description(order, DossierApproved.model_validate_json(revision.approval), documents)
    if order.later_version is not None and order.later_version <= order.version:
        order.later_version = None


async def demand_masters(uow: UnitOfWork, dossier_id: UUID) -> None:
    """Demand that both copies of the masters are whole, for the new AIP says so. Raises CopiesIncomplete."""
    objid = (await uow.session.get_one(Sealing, dossier_id)).masters_objid
    asked = select(Copy.store).where(Copy.objid == objid, Copy.state == CopyState.WHOLE)
    if len((await uow.session.exec(asked)).all()) < 2:
        raise CopiesIncomplete(objid)


async def make(context: Context, revised: Revised, progress: Progress) -> None:
    """Write both copies of a revision's AIP, then its manifest, each read back; tell everyone then."""
    layout, done = await frozen_revision(context, revised), 0
    total = len(layout.carried) + len(layout.drafted) + 1

    async def told(count: int) -> None:
        nonlocal done
        done += count
        await progress.tell(done, total)

    await carry_twice(context, layout.carried, told)
    await keep_twice(context, layout.drafted, told)
    await note_copies(context, revised.sealed, revised.row.aip_objid, [*layout.carried, *layout.drafted])
    await keep_twice(context, [layout.manifest_place], told)
    await conclude(context, revised, layout)


async def conclude(context: Context, revised: Revised, layout: RevisedLayout) -> None:
    """Call the revision preserved, and tell everyone, once."""
    manifest, place = layout.manifest, layout.manifest_place
    async with context.database.writing(Caller("ingest")) as uow:
        order = await uow.session.get_one(ScanOrder, revised.row.dossier_id, with_for_update=True)
        row = await uow.session.get_one(Revision, revised.row.id, with_for_update=True)
        if row.state != RevisionState.ORDERED:
            return
        row.state, row.preserved_at = RevisionState.PRESERVED, now()
        take(order, row, row.documents)
        sealing = await uow.session.get_one(Sealing, order.dossier_id)
        facts = {"version": row.version, "aip_objid": row.aip_objid, "replaces": row.predecessor}
        uow.record("dossier.revised", order.dossier_id, **facts, manifest_sha256=place.file.sha256)
        uow.publish(
            DossierRevised(
                version=row.version,
                dossier_id=DossierId(order.dossier_id),
                fonds_id=FondsId(order.fonds_id),
                fonds_code=order.fonds_code,
                file_code=order.file_code,
                title=order.title,
                page_count=len(manifest.pages),
                byte_count=sum(file.size for file in (*manifest.masters.files, *manifest.aip.files)),
                masters_objid=manifest.masters.objid,
                aip_objid=manifest.aip.objid,
                predecessor=row.predecessor or "",
                manifest_key=place.key,
                manifest_sha256=place.file.sha256,
                verified_copies=2,
                reading_count=len(manifest.readings),
                a4_equivalents=sealing.a4_equivalents,
            )
        )
