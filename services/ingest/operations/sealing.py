"""Seal a dossier: masters first, then the AIP, each into both stores, every byte read back; only then preserved.

Names and times were frozen when sealing was ordered, every generated file of a package before its first is stored, so
a sealing that was killed resumes to the same bytes: what lies there already is read back and compared instead of
written. The AIP is made when both copies of the masters are verified, for it says that there is a reserve copy.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from uuid import UUID

from services.ingest.context import Context
from services.ingest.domain.state import DossierState, advance
from services.ingest.errors import AcceptedPagesDiffer
from services.ingest.models import Copy, ScanOrder, Sealing
from services.ingest.operations.accepting import accepted_pages, digest_of
from services.ingest.operations.freezing import frozen_layout, frozen_masters
from services.ingest.operations.hearing_out import hear_out
from services.ingest.operations.listing import Layout
from services.ingest.operations.packing import Placed, Sealed
from services.ingest.operations.past import read_past
from services.ingest.operations.reading import reading_forms
from services.ingest.operations.remembering import forget
from services.ingest.operations.revision_orders import order_waiting
from shared.clock import now
from shared.events.ingest import DossierPreserved
from shared.events.qc import DossierAccepted
from shared.ids import DossierId, FondsId
from shared.jobs import Progress
from shared.plumbing import JobColumns
from shared.storage.port import AlreadyStored, FixityLost, Store
from shared.uow import Caller

AT_ONCE = 4
PORTION = 100


async def seal_dossier(context: Context, job: JobColumns, progress: Progress) -> dict[str, object]:
    """Do the job `seal_dossier`; doing it again comes to the same."""
    await name_packages(context, job.subject_id)
    await hear_out(context, job.subject_id)
    sealed = await read_sealing(context, job.subject_id)
    if sealed.order.state == DossierState.PRESERVED:  # killed after that; its masters may have left incoming since
        return {}
    done = 0

    async def told(count: int) -> None:
        nonlocal done
        done += count
        await progress.tell(done, total)

    masters = await frozen_masters(context, sealed)
    total = len(masters) + 1
    await keep_twice(context, masters, told)
    await note_copies(context, sealed, sealed.sealing.masters_objid, masters)
    layout = await frozen_layout(context, sealed)
    total += len(layout.aip)
    await keep_twice(context, layout.aip, told)
    await note_copies(context, sealed, sealed.sealing.aip_objid, layout.aip)
    await keep_twice(context, [layout.manifest_place], told)
    await conclude(context, sealed, layout)
    return {"files": total}


async def name_packages(context: Context, dossier_id: UUID) -> None:
    """Name both packages as their profiles have it, before anything bears a name; the UUIDs stay what they are."""
    async with context.database.writing(Caller("ingest")) as uow:
        order = await uow.session.get_one(ScanOrder, dossier_id)
        sealing = await uow.session.get_one(Sealing, dossier_id, with_for_update=True)
        if sealing.masters_sha256 is None and sealing.manifest_sha256 is None:
            masters, aip = UUID(sealing.masters_objid[-36:]), UUID(sealing.aip_objid[-36:])
            sealing.masters_objid = context.masters_form.objid_of(order.fonds_code, masters)
            sealing.aip_objid = context.form.objid_of(order.fonds_code, aip)


async def read_sealing(context: Context, dossier_id: UUID) -> Sealed:
    """Read what is to be sealed. Raises AcceptedPagesDiffer when that is not what was accepted."""
    async with context.database.reading() as session:
        order = await session.get_one(ScanOrder, dossier_id)
        sealing = await session.get_one(Sealing, dossier_id)
        accepted = DossierAccepted.model_validate_json(sealing.acceptance)
        pages = await accepted_pages(session, accepted)
        is_frozen = bool(sealing.masters_sha256 or sealing.manifest_sha256)
        past = await read_past(session, dossier_id, is_frozen=is_frozen)
        readings = await reading_forms(session, dossier_id)
    if len(pages) != accepted.accepted_count or digest_of(pages) != accepted.pages_sha256:
        raise AcceptedPagesDiffer
    return Sealed(order, sealing, accepted, pages, context.form, context.masters_form, past, readings)


async def keep_twice(context: Context, files: Sequence[Placed], told: Callable[[int], Awaitable[None]]) -> None:
    """Write files to archive and reserve and read each copy back, a few at a time."""
    hands = asyncio.Semaphore(AT_ONCE)

    async def keep(placed: Placed) -> None:
        async with hands:
            await asyncio.gather(*(keep_in(context, store, placed) for store in (context.archive, context.reserve)))

    for begin in range(0, len(files), PORTION):
        portion = files[begin : begin + PORTION]
        try:
            async with asyncio.TaskGroup() as group:
                for placed in portion:
                    group.create_task(keep(placed))
        except BaseExceptionGroup as several:
            raise several.exceptions[0] from several
        await told(len(portion))


async def keep_in(context: Context, store: Store, placed: Placed) -> None:
    """Write one file to one store unless it is there, and read it back. Raises FixityLost."""
    file = placed.file
    with suppress(AlreadyStored):  # from a sealing that was killed; the bytes are compared all the same
        body = context.incoming.read(placed.source_key)
        await store.put_new(placed.key, body, size=file.size, sha256=file.sha256)
    back = await store.read_back(placed.key)
    if (back.size, back.sha256, back.crc32) != (file.size, file.sha256, file.crc32):
        raise FixityLost(f"{store.name}: {placed.key}")


async def note_copies(context: Context, sealed: Sealed, objid: str, files: Sequence[Placed]) -> None:
    """Write down that both copies of a package are verified."""
    async with context.database.writing(Caller("ingest")) as uow:
        for store in (context.archive, context.reserve):
            await uow.session.merge(
                Copy(
                    objid=objid,
                    store=store.name,
                    dossier_id=sealed.order.dossier_id,
                    file_count=len(files),
                    byte_count=sum(placed.file.size for placed in files),
                    verified_at=now(),
                )
            )
        uow.record("copies.verified", sealed.order.dossier_id, objid=objid, files=len(files))


async def conclude(context: Context, sealed: Sealed, layout: Layout) -> None:
    """Call the dossier preserved, and tell everyone, once."""
    place, manifest, file_count = layout.manifest_place, layout.manifest, len(layout.masters) + len(layout.aip)
    async with context.database.writing(Caller("ingest")) as uow:
        order = await uow.session.get_one(ScanOrder, sealed.order.dossier_id, with_for_update=True)
        if order.state == DossierState.PRESERVED:
            return
        order.state, order.preserved_at = advance(DossierState(order.state), DossierState.PRESERVED), now()
        sealing = await uow.session.get_one(Sealing, sealed.order.dossier_id)
        await forget(uow, sealed.order.dossier_id)
        await order_waiting(uow, order.dossier_id)
        uow.record("dossier.preserved", order.dossier_id, manifest_sha256=place.file.sha256, files=file_count)
        uow.publish(
            DossierPreserved(
                dossier_id=DossierId(order.dossier_id),
                fonds_id=FondsId(order.fonds_id),
                fonds_code=order.fonds_code,
                file_code=order.file_code,
                title=order.title,
                page_count=len(sealed.pages),
                byte_count=sum(file.size for file in (*manifest.masters.files, *manifest.aip.files)),
                masters_objid=manifest.masters.objid,
                aip_objid=manifest.aip.objid,
                manifest_key=place.key,
                manifest_sha256=place.file.sha256,
                verified_copies=2,
                reading_count=len(manifest.readings),
                a4_equivalents=sealing.a4_equivalents,
            )
        )
