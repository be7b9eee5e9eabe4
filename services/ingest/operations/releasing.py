"""Release the masters of preserved dossiers: their archive and reserve copies are enough, the incoming one may go."""

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from uuid import UUID

from sqlmodel import col, select

from services.ingest.context import Context
from services.ingest.domain.fixity import CopyState
from services.ingest.domain.state import DossierState
from services.ingest.errors import CopiesIncomplete
from services.ingest.models import Copy, Master, Page, RescanOrder, ScanOrder, Sealing
from services.ingest.operations.listing import manifest_key
from services.ingest.swept import Reason
from shared.clock import now
from shared.eark.manifest import Manifest
from shared.errors import ArchiveError, Unavailable
from shared.storage.port import NotStored, Store
from shared.uow import Caller

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Preserved:
    """A preserved dossier as the database knows it: its sealing, its verified copies, every version of its pages."""

    order: ScanOrder
    sealing: Sealing
    copies: frozenset[tuple[str, str]]
    versions: Sequence[tuple[Page, Master]]


async def release_masters(context: Context, moment: datetime) -> tuple[int, int]:
    """Release every dossier that was preserved long enough ago; gives how many, and how many must wait for a person."""
    async with context.database.reading() as session:
        due = await session.exec(
            select(ScanOrder.dossier_id)
            .where(
                ScanOrder.state == DossierState.PRESERVED,
                col(ScanOrder.preserved_at) <= moment - context.keep_incoming,
                col(ScanOrder.released_at).is_(None),
                ~select(RescanOrder.id)  # a page may yet come, and may find the bytes of an older one
                .where(
                    RescanOrder.dossier_id == ScanOrder.dossier_id,
                    col(RescanOrder.fulfilled_version).is_(None),
                    col(RescanOrder.withdrawn_at).is_(None),
                )
                .exists(),
            )
            .order_by(col(ScanOrder.preserved_at))
        )
        dossiers = due.all()
    withheld = 0
    for dossier_id in dossiers:
        try:
            await release(context, await read_preserved(context, dossier_id))
        except Unavailable:
            raise
        except ArchiveError as refusal:
            log.error("masters of dossier %s stay in incoming: %s: %s", dossier_id, refusal.code, refusal)
            withheld += 1
    return len(dossiers) - withheld, withheld


async def read_preserved(context: Context, dossier_id: UUID) -> Preserved:
    """Read what is known of a preserved dossier."""
    async with context.database.reading() as session:
        copies = await session.exec(select(Copy).where(Copy.dossier_id == dossier_id, Copy.state == CopyState.WHOLE))
        versions = select(Page, Master).join(Master, col(Master.page_id) == Page.id)
        return Preserved(
            await session.get_one(ScanOrder, dossier_id),
            await session.get_one(Sealing, dossier_id),
            frozenset((copy.objid, copy.store) for copy in copies),
            (await session.exec(versions.where(Page.dossier_id == dossier_id))).all(),
        )


async def release(context: Context, preserved: Preserved) -> None:
    """Delete the sealed masters of a dossier from incoming, once both copies are sure.

    What was not sealed stays: older versions of a page that was scanned again, and pages that were rejected.
    Raises CopiesIncomplete.
    """
    manifest = await sure_manifest(context, preserved)
    sealed = {(file.page_number, file.page_version): file for file in manifest.pages}
    leaving: dict[str, Master] = {}
    staying: set[str] = set()
    for page, master in preserved.versions:
        file = sealed.get((page.number, master.version))
        if file is None:
            staying.add(master.key)
        elif (file.sha256, file.size) == (master.sha256, master.size):
            leaving[master.key] = master
        else:
            raise CopiesIncomplete(f"page {page.number} is other bytes in the manifest")
    gone = [master for key, master in leaving.items() if key not in staying]
    for master in gone:
        if await context.incoming.size(master.key) is not None:  # a sweep that was killed was here before
            await context.incoming.delete(master.key)
            context.swept.add(Reason.PRESERVED, master.size)
    async with context.database.writing(Caller("ingest")) as uow:
        order = await uow.session.get_one(ScanOrder, preserved.order.dossier_id, with_for_update=True)
        if order.released_at is None:
            order.released_at = now()
            size = sum(master.size for master in gone)
            uow.record("masters.released", order.dossier_id, pages=len(gone), bytes=size, staying=len(staying))


async def sure_manifest(context: Context, preserved: Preserved) -> Manifest:
    """Give the manifest of a dossier if both stores hold all it names. Raises CopiesIncomplete."""
    stores: tuple[Store, Store] = (context.archive, context.reserve)
    sealing, key = preserved.sealing, manifest_key(preserved.order, preserved.sealing)
    wanted = {(objid, store.name) for objid in (sealing.masters_objid, sealing.aip_objid) for store in stores}
    if missing := wanted - preserved.copies:
        raise CopiesIncomplete(f"no verified copy of {sorted(missing)}")
    bodies = [await whole(store, key) for store in stores]
    if {sha256(body).hexdigest() for body in bodies} != {sealing.manifest_sha256}:
        raise CopiesIncomplete(key)
    manifest = await asyncio.to_thread(Manifest.from_bytes, bodies[0])
    for store in stores:
        await demand_whole(store, manifest)
    return manifest


async def demand_whole(store: Store, manifest: Manifest) -> None:
    """Demand that a store holds every file of a manifest in its right size. Raises CopiesIncomplete."""
    for package in (manifest.masters, manifest.aip):
        folder = package.files[0].key.removesuffix(package.files[0].path)
        sizes = {found.key: found.size async for found in store.keys(folder)}
        wrong = [file.key for file in package.files if sizes.get(file.key) != file.size]
        if wrong:
            raise CopiesIncomplete(f"{store.name}: {len(wrong)} files, the first is {wrong[0]}")


async def whole(store: Store, key: str) -> bytes:
    """Read an object whole. Raises CopiesIncomplete."""
    try:
        return b"".join([chunk async for chunk in store.read(key)])
    except NotStored as missing:
        raise CopiesIncomplete(f"{store.name}: {key}") from missing
