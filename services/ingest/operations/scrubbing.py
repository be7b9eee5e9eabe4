"""Scrub a dossier: check both copies of its packages, mend what one has right, quarantine what neither has."""

import asyncio
import logging
from collections.abc import Sequence
from hashlib import sha256
from uuid import UUID

from services.ingest.domain.fixity import CopyState, Finding, Named
from services.ingest.domain.state import DossierState
from services.ingest.models import ScanOrder, Sealing
from services.ingest.operations.checking import Fault, Look, Package, all_of, examined, look_at
from services.ingest.operations.listing import manifest_key_of
from services.ingest.operations.mending import Mended, Repair, mend
from services.ingest.operations.noting import Checked, note
from services.ingest.operations.revision_orders import kept_aips
from services.ingest.scrubber import Scrubber
from shared.clock import now
from shared.eark.manifest import Manifest, ManifestPackage
from shared.storage.port import NotStored, Store, Unreadable

log = logging.getLogger(__name__)


async def scrub_dossier(scrubber: Scrubber, dossier_id: UUID) -> set[CopyState]:
    """Scrub one dossier; gives the states its copies are in. Doing it again comes to the same.

    Raises StoreUnavailable, and then nothing is said of the copies.
    """
    begun_at = now()
    async with scrubber.database.reading() as session:
        order = await session.get_one(ScanOrder, dossier_id)
        sealing = await session.get(Sealing, dossier_id)
    if sealing is None or order.state != DossierState.PRESERVED:
        return set()
    async with scrubber.database.reading() as session:
        aips = await kept_aips(session, sealing)
    packages = await packages_of(scrubber, order.fonds_code, sealing.masters_objid, aips)
    checks = [await judge(scrubber, dossier_id, *each) for each in packages]
    return await note(scrubber, checks, begun_at)


async def packages_of(
    scrubber: Scrubber, fonds_code: str, masters_objid: str, aips: Sequence[tuple[str, str]]
) -> list[tuple[Package, frozenset[str]]]:
    """Say what each package must hold, and all digests of the dossier; a manifest is an object of the AIP beside it.

    Without a manifest that is right nothing can be said of the objects: then it is all that is checked. The masters are
    named by each manifest of a dossier, and are one package.
    """
    masters: Package | None = None
    found, bare = list[Package](), list[tuple[Package, frozenset[str]]]()
    for objid, digest in aips:
        key = manifest_key_of(fonds_code, objid)
        body = await right_body(scrubber.stores, key, digest)
        if body is None:
            bare.append((Package(objid, None, [Named(key, None, digest)]), frozenset()))
            continue
        manifest = await asyncio.to_thread(Manifest.from_bytes, body)
        masters, aip = named_in(manifest.masters), named_in(manifest.aip)
        found.append(Package(aip.objid, aip.folder, [*aip.objects, Named(key, len(body), digest)]))
    if masters is None:
        bare.insert(0, (Package(masters_objid, None, bare[0][0].objects), frozenset()))
    whole = [masters, *found] if masters else found
    sums = frozenset(named.sha256 for package in whole for named in package.objects)
    return [*((package, sums) for package in whole), *bare]


def named_in(package: ManifestPackage) -> Package:
    """Give the objects of a package as its manifest names them."""
    folder = package.files[0].key.removesuffix(package.files[0].path)
    return Package(package.objid, folder, [Named(file.key, file.size, file.sha256) for file in package.files])


async def right_body(stores: Sequence[Store], key: str, digest: str) -> bytes | None:
    """Read an object from the first store that has it right, None if neither has."""
    for store in stores:
        try:
            if (await store.read_back(key)).sha256 != digest:
                continue
            body = b"".join([chunk async for chunk in store.read(key)])
        except (NotStored, Unreadable):
            continue
        if sha256(body).hexdigest() == digest:
            return body
    return None


async def judge(scrubber: Scrubber, dossier_id: UUID, package: Package, sums: frozenset[str]) -> Checked:
    """Check both copies of a package and mend what can be."""
    archive, reserve = await all_of([look_at(scrubber, store, package, sums) for store in scrubber.stores])
    looks = {archive.store.name: archive, reserve.store.name: reserve}
    checked = Checked(dossier_id, package, looks)
    for key in archive.faults.keys() & reserve.faults.keys():
        if await is_lost(scrubber, archive, reserve, key):
            checked.lost.add(key)
    for look, other in ((archive, reserve), (reserve, archive)):
        for fault in look.faults.values():
            scrubber.count.found(look.store.name, fault.finding)
            log.error("%s in %s is %s", fault.named.key, look.store.name, fault.finding)
            if fault.named.key not in checked.lost:
                await mend_one(scrubber, checked, fault, look, other)
        for key in look.extras:
            scrubber.count.found(look.store.name, Finding.EXTRA)
            log.error("%s in %s is named by no manifest", key, look.store.name)
    return checked


async def is_lost(scrubber: Scrubber, archive: Look, reserve: Look, key: str) -> bool:
    """Read an object that seemed wrong in both stores once more in each: a cable or a memory may have erred."""
    named = archive.faults[key].named
    again = [await examined(scrubber, look.store, named) for look in (archive, reserve)]
    return all(fault is not None for _, fault in again)


async def mend_one(scrubber: Scrubber, checked: Checked, fault: Fault, bad: Look, good: Look) -> None:
    """Mend one object and enter how that ended."""
    key, store = fault.named.key, bad.store.name
    mended = await mend(scrubber, Repair(checked.dossier_id, fault, bad.store, good.store))
    if mended in (Mended.REPAIRED, Mended.NOT_NEEDED):
        checked.repaired.setdefault(store, []).append(key)
    elif mended is Mended.REFUSED:
        checked.refused.setdefault(store, []).append(key)
    else:
        checked.lost.add(key)
