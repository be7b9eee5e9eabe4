"""Complete the registers from the packages: what was preserved after the last register was written is entered anew.

A masters package holds the whole description of its dossier, and its manifest every sum: that is enough for ingest to
know it as preserved, and for all others to be told of it as if it had just happened. What only people said and no
package tells (verdicts, lists) is not invented.
"""

import json
import struct
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID, uuid5

from sqlmodel import col, delete, select

from cli.copies.naming import Named, Wanted
from cli.restore.ground import NewGround
from cli.restore.loading import RESTORER
from cli.restore.packages import DossierCopy
from cli.restore.settling import forget_readings
from services.ingest.domain.fixity import CopyState
from services.ingest.domain.incoming_key import page_key
from services.ingest.domain.revision import says_the_same
from services.ingest.domain.state import DossierState
from services.ingest.models import Copy, Master, Page, ScanOrder, Sealing
from services.ingest.operations.accepting import SEAL
from services.ingest.operations.approving import blank, describe, write_description
from services.ingest.operations.revision_orders import kept_aips, order_revision
from shared.clock import now
from shared.eark.description import DossierRecord
from shared.eark.layout import METS
from shared.eark.manifest import ManifestPackage
from shared.events.catalog import DossierApproved
from shared.events.ingest import DossierPreserved
from shared.events.qc import DossierAccepted, RejectedPage, pages_digest
from shared.ids import DossierId, FondsId, PageId, SelectionListId
from shared.plumbing import JobState
from shared.uow import UnitOfWork

UNKNOWN_LIST = SelectionListId(UUID(int=0))


async def is_known(ground: NewGround, copy: DossierCopy) -> bool:
    """Say whether ingest's register knows the dossier as preserved with this very manifest."""
    async with ground.databases["ingest"].reading() as session:
        order = await session.get(ScanOrder, copy.dossier_id)
        sealing = await session.get(Sealing, copy.dossier_id)
        aips = await kept_aips(session, sealing) if sealing else []
        objids = (copy.masters.objid, copy.aip.objid)
        copies = (await session.exec(select(Copy).where(col(Copy.objid).in_(objids)))).all()
    is_preserved = order is not None and order.state == DossierState.PRESERVED
    return is_preserved and (copy.aip.objid, copy.sha256) in aips and len(copies) == 4


async def is_later(ground: NewGround, copy: DossierCopy) -> bool:
    """Say whether a manifest is of a later AIP than the one that ingest knows as first sealed."""
    async with ground.databases["ingest"].reading() as session:
        order = await session.get(ScanOrder, copy.dossier_id)
        sealing = await session.get(Sealing, copy.dossier_id)
    is_preserved = order is not None and order.state == DossierState.PRESERVED
    is_other = sealing is not None and sealing.aip_objid != copy.aip.objid
    return copy.predecessor is not None and is_preserved and is_other


def record_place(named: Named) -> Wanted | None:
    """Say where the description of a dossier lies, None where its packages have none."""
    file = named.manifest.record
    return Wanted(file.key, file.size, file.sha256) if file else None


async def enter(ground: NewGround, named: Named, record: DossierRecord) -> DossierApproved:
    """Enter a dossier in ingest as preserved; gives its approval as far as anybody knows it.

    A newer approval than the one that was sealed makes a revision, as it would have.
    """
    told, later = approved(named, record), None
    accepted = acceptance(named, record)
    async with ground.databases["ingest"].writing(RESTORER) as uow:
        known = await uow.session.get(ScanOrder, named.manifest.dossier_id)
        if known is not None and known.version:
            newest = DossierApproved.model_validate_json(known.approval)
            is_newer = newest.version > (named.manifest.version or newest.version)
            told, later = (told, newest) if is_newer and not says_the_same(told, newest) else (newest, None)
        await forget_readings(uow, [named.manifest.dossier_id])  # what was read is in the package
        order = await enter_order(uow, named, told, known)
        write_description(order, told, json.dumps(settled_in(record), ensure_ascii=False))
        if later is not None:
            await order_revision(uow, order, later)
        await enter_pages(uow, named, record)
        await uow.session.merge(sealing(named, accepted))
        for row in copies(named):
            await uow.session.merge(row)
        await enter_job(uow, named)
        uow.record("dossier.restored", named.manifest.dossier_id, manifest_sha256=named.sha256)
    return told


async def enter_order(uow: UnitOfWork, named: Named, told: DossierApproved, known: ScanOrder | None) -> ScanOrder:
    """Enter the scan order of a dossier, or bring the one that is known to its end."""
    order = known or blank(told.dossier_id)
    if not order.version:
        describe(order, told)
    order.state, order.preserved_at = DossierState.PRESERVED, sealed_at(named.manifest.aip)
    order.scanned_count = order.scanned_count or len(named.manifest.pages)
    uow.session.add(order)
    await uow.session.flush()
    return order


def settled_in(record: DossierRecord) -> list[dict[str, object]]:
    """Give the documents of a dossier with their pages, as closing had settled them."""
    return [each.model_dump(include={"number", "title", "first_page", "last_page"}) for each in record.documents]


async def enter_pages(uow: UnitOfWork, named: Named, record: DossierRecord) -> None:
    """Enter the pages as they were sealed; pages that are known keep their ids."""
    dossier_id = named.manifest.dossier_id
    known = {page.number: page for page in await uow.session.exec(select(Page).where(Page.dossier_id == dossier_id))}
    names = {page.number: page.file_name for page in record.pages}
    for file in named.manifest.pages:
        number, version = file.page_number or 0, file.page_version or 1
        page = known.get(number) or Page(id=page_id(dossier_id, number), dossier_id=dossier_id, number=number)
        page.version = version
        uow.session.add(page)
        await uow.session.flush()
        await uow.session.exec(delete(Master).where(col(Master.page_id) == page.id, col(Master.version) == version))
        uow.session.add(
            Master(
                page_id=page.id,
                version=version,
                key=page_key(dossier_id, number, file.sha256),
                sha256=file.sha256,
                size=file.size,
                crc32=file.crc32,
                mib_crc32=struct.pack(f">{len(file.mib_crc32)}I", *file.mib_crc32),
                media_type=file.media_type,
                file_name=names.get(number, ""),
                station="",
                stored_at=file.created_at,
            )
        )


async def enter_job(uow: UnitOfWork, named: Named) -> None:
    """Enter the job of the sealing as done."""
    job, dossier_id = uow.plumbing.job, named.manifest.dossier_id
    asked = select(job).where(job.kind == SEAL, job.subject_id == dossier_id)
    row = (await uow.session.exec(asked)).first() or job(kind=SEAL, subject_id=dossier_id)
    row.state, row.ended_at, row.error = JobState.DONE, sealed_at(named.manifest.aip), None
    row.lease = row.leased_until = None
    uow.session.add(row)


def approved(named: Named, record: DossierRecord) -> DossierApproved:
    """Tell of the dossier as its package describes it; which list it was on no package says."""
    return DossierApproved(
        version=named.manifest.version or 1,
        dossier_id=DossierId(named.manifest.dossier_id),
        occurred_at=sealed_at(named.manifest.aip),
        actor=RESTORER.name,
        list_id=UNKNOWN_LIST,
        list_sha256="",
        fonds=record.fonds,
        description=record.dossier,
        documents=record.documents,
        criteria=(),
        year=sealed_at(named.manifest.aip).year,
    )


def acceptance(named: Named, record: DossierRecord) -> DossierAccepted:
    """Tell of the acceptance as far as the package shows it: these pages, and those left out."""
    pages = named.manifest.pages
    dossier_id = named.manifest.dossier_id
    return DossierAccepted(
        dossier_id=DossierId(dossier_id),
        occurred_at=sealed_at(named.manifest.aip),
        actor=RESTORER.name,
        accepted_count=len(pages),
        reserved_count=0,
        rejected=tuple(
            RejectedPage(
                page_id=PageId(page_id(dossier_id, each.number)), page_number=each.number, explanation=each.explanation
            )
            for each in record.left_out
        ),
        pages_sha256=pages_digest((file.page_number or 0, file.page_version or 1, file.sha256) for file in pages),
    )


def preserved(copy: DossierCopy, order: ScanOrder, frozen: Sealing) -> DossierPreserved:
    """Tell that the dossier is preserved, since when ingest says; no package tells how many A4 pages it counts for."""
    told = DossierApproved.model_validate_json(order.approval)
    return DossierPreserved(
        dossier_id=DossierId(copy.dossier_id),
        occurred_at=order.preserved_at or now(),
        actor=RESTORER.name,
        fonds_id=FondsId(told.fonds.id),
        fonds_code=told.fonds.code,
        file_code=told.description.file_code,
        title=told.description.title,
        page_count=copy.page_count,
        byte_count=copy.masters.byte_count + copy.aip.byte_count,
        masters_objid=copy.masters.objid,
        aip_objid=copy.aip.objid,
        manifest_key=copy.key,
        manifest_sha256=copy.sha256,
        verified_copies=2,
        a4_equivalents=frozen.a4_equivalents,
    )


def sealing(named: Named, accepted: DossierAccepted) -> Sealing:
    """Give what was frozen about the sealing, as far as the packages tell."""
    return Sealing(
        dossier_id=named.manifest.dossier_id,
        masters_objid=named.manifest.masters.objid,
        aip_objid=named.manifest.aip.objid,
        begun_at=sealed_at(named.manifest.aip),
        software_version="",
        acceptance=accepted.model_dump_json(),
        manifest_sha256=named.sha256,
    )


def copies(named: Named) -> Sequence[Copy]:
    """Give the two copies of each package, found right just now."""
    return [
        Copy(
            objid=package.objid,
            store=store,
            dossier_id=named.manifest.dossier_id,
            file_count=len(package.files),
            byte_count=sum(file.size for file in package.files),
            verified_at=now(),
            state=CopyState.WHOLE,
        )
        for package in (named.manifest.masters, named.manifest.aip)
        for store in ("archive", "reserve")
    ]


def sealed_at(package: ManifestPackage) -> datetime:
    """Give the moment that a package was sealed: that of its METS."""
    return next((file.created_at for file in package.files if file.path == METS), package.files[0].created_at)


def page_id(dossier_id: UUID, number: int) -> UUID:
    """Give a page whose id nobody knows any more one that is always the same."""
    return uuid5(dossier_id, f"page {number}")
