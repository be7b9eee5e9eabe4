"""Compare what was restored with what the manifests tell: every object in both stores, and every count."""

import asyncio

from sqlalchemy import func
from sqlmodel import col, select

from cli.language import say
from cli.restore.ground import NewGround, NewStore
from cli.restore.packages import DossierCopy, Restored
from cli.restore.protocol import Protocol
from services.handover.models import Package, PreservedDossier
from services.ingest.domain.state import DossierState
from services.ingest.models import Copy, Page, ScanOrder, Sealing
from services.ingest.operations.revision_orders import kept_aips
from services.reporting.models import LedgerDossier
from shared.storage.folder import FolderStore
from shared.storage.open import closing


async def compare(ground: NewGround, restored: Restored, protocol: Protocol) -> None:
    """Compare. Every object's digest was read back from each new store when it was written; here it is seen again
    that each is there, as long as it must be, and nothing else.
    """
    for store in ground.stores:
        await compare_store(store, restored, protocol)
    for copy in restored.dossiers:
        await compare_dossier(ground, copy, protocol)
    await compare_counts(ground, restored, protocol)


async def compare_store(store: NewStore, restored: Restored, protocol: Protocol) -> None:
    """Compare what lies in a new store."""
    expected = dict(restored.expected)
    held = FolderStore(store.root, store.name)
    async with closing(held):
        async for found in held.keys():
            size = expected.pop(found.key, None)
            if size != found.size and found.key not in restored.lost:
                protocol.differs(
                    say(
                        f"{store.name}: {found.key} có {found.size} byte, phải là {size}",
                        f"{store.name}: {found.key} is {found.size} bytes, {size} expected",
                    )
                )
    for key in sorted(expected):
        protocol.differs(say(f"{store.name}: thiếu {key}", f"{store.name}: {key} is missing"))
    protocol.counts["objects"] = len(restored.expected)
    protocol.counts["bytes"] = sum(size or 0 for size in restored.expected.values())
    await asyncio.sleep(0)


async def compare_dossier(ground: NewGround, copy: DossierCopy, protocol: Protocol) -> None:
    """Compare ingest's and handover's registers of one dossier with its manifest."""
    async with ground.databases["ingest"].reading() as session:
        order = await session.get(ScanOrder, copy.dossier_id)
        sealing = await session.get(Sealing, copy.dossier_id)
        aips = await kept_aips(session, sealing) if sealing else []
        objids = (copy.masters.objid, copy.aip.objid)
        rows = (await session.exec(select(Copy).where(col(Copy.objid).in_(objids)))).all()
        pages = (await session.exec(select(func.count()).where(col(Page.dossier_id) == copy.dossier_id))).one()
    async with ground.databases["handover"].reading() as session:
        dossier = await session.get(PreservedDossier, copy.dossier_id)
    told = {(row.objid, row.store): (row.file_count, row.byte_count) for row in rows}
    counted = {
        (package.objid, store.name): (package.file_count, package.byte_count)
        for package in (copy.masters, copy.aip)
        for store in ground.stores
    }
    is_newest = bool(aips) and aips[-1][0] == copy.aip.objid  # handover knows no other
    in_handover = dossier.manifest_sha256 if dossier and is_newest else None
    claims = {
        say("trạng thái", "its state"): (order.state if order else None, DossierState.PRESERVED),
        say("bản kê trong ingest", "its manifest in ingest"): (dict(aips).get(copy.aip.objid), copy.sha256),
        say("các bản sao", "its copies"): (told, counted),
        say("số trang", "its pages"): (min(pages, copy.page_count), copy.page_count),
        say("bản kê trong handover", "its manifest in handover"): (in_handover, copy.sha256 if is_newest else None),
        say("số trang trong handover", "its pages in handover"): (
            dossier.page_count if dossier else None,
            copy.page_count,
        ),
    }
    for what, (found, expected) in claims.items():
        if found != expected:
            protocol.differs(
                f"{copy.key}: {what}: "
                + say(f"{found}, bản kê ghi {expected}", f"{found}, the manifest tells {expected}")
            )


async def compare_counts(ground: NewGround, restored: Restored, protocol: Protocol) -> None:
    """Compare the counts of all dossiers, where none were left out on purpose."""
    async with ground.databases["ingest"].reading() as session:
        asked = select(func.count()).where(col(ScanOrder.state) == DossierState.PRESERVED)
        preserved = (await session.exec(asked)).one()
    async with ground.databases["handover"].reading() as session:
        known = (await session.exec(select(func.count(col(PreservedDossier.dossier_id))))).one()
        packages = (await session.exec(select(func.count(col(Package.id))))).one()
    async with ground.databases["reporting"].reading() as session:
        told = select(func.count()).where(col(LedgerDossier.preserved_count).is_not(None))
        reported = (await session.exec(told)).one()
    dossiers = {each.dossier_id: each.page_count for each in restored.dossiers}
    protocol.counts["pages"] = sum(dossiers.values())
    protocol.counts["dossiers"], protocol.counts["packages"] = preserved, packages
    if protocol.sample is None:
        for where, count in (("ingest", preserved), ("handover", known), ("reporting", reported)):
            if count != len(dossiers):
                protocol.differs(
                    say(
                        f"{where} biết {count} hồ sơ bảo quản, có bản kê của {len(dossiers)} hồ sơ",
                        f"{where} knows {count} preserved dossiers, there are manifests of {len(dossiers)}",
                    )
                )
