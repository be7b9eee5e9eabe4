"""Restore the packages: every object that a manifest names goes into both new stores and is read back there."""

import asyncio
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Self
from uuid import UUID

from cli.copies.fetching import Target, fetched
from cli.copies.inside import InTheWay
from cli.copies.naming import ManifestLost, Named, Wanted, named_by, register_wanted
from cli.copies.report import Report
from cli.copies.walk import Holdings, both
from cli.language import say
from cli.restore.ground import NewGround
from cli.restore.protocol import Protocol
from shared.eark.manifest import ManifestPackage
from shared.errors import Unavailable
from shared.storage.port import Store

AT_ONCE = 4
PORTION = 64


@dataclass(frozen=True, slots=True)
class PackageCopy:
    """A package that was restored: how much it is, and how many of its objects are good nowhere."""

    objid: str
    file_count: int
    byte_count: int
    lost_count: int

    @classmethod
    def of(cls, package: ManifestPackage, lost: Container[str], *further: str) -> Self:
        """Count a package; what lies beside it counts among what may be lost."""
        keys = [*(file.key for file in package.files), *further]
        size = sum(file.size for file in package.files)
        return cls(package.objid, len(package.files), size, sum(key in lost for key in keys))


@dataclass(frozen=True, slots=True)
class DossierCopy:
    """A dossier that was restored, by one of its manifests, without the names of its files: there may be millions.

    A dossier that was revised has a manifest for each of its AIPs; all of them name the same masters.
    """

    key: str
    sha256: str
    dossier_id: UUID
    version: int | None
    predecessor: str | None
    page_count: int
    reading_count: int
    folders: tuple[str, ...]
    masters: PackageCopy
    aip: PackageCopy

    @classmethod
    def of(cls, named: Named, lost: Container[str]) -> Self:
        """Count what a manifest names."""
        manifest = named.manifest
        return cls(
            key=named.key,
            sha256=named.sha256,
            dossier_id=manifest.dossier_id,
            version=manifest.version,
            predecessor=manifest.predecessor,
            page_count=len(manifest.pages),
            reading_count=len(manifest.readings),
            folders=named.folders,
            masters=PackageCopy.of(manifest.masters, lost),
            aip=PackageCopy.of(manifest.aip, lost, named.key),
        )


@dataclass(slots=True)
class Restored:
    """What was restored: the dossiers by their manifests, what corrects a dossier after what it corrects; the objects
    that are good nowhere, and what must lie in each new store.
    """

    dossiers: list[DossierCopy] = field(default_factory=list)
    lost: set[str] = field(default_factory=set)
    expected: dict[str, int | None] = field(default_factory=dict)

    @property
    def dossier_ids(self) -> set[UUID]:
        """Give the dossiers whose manifests were found."""
        return {each.dossier_id for each in self.dossiers}


async def survey(stores: Sequence[Store], manifests: Mapping[str, str], protocol: Protocol) -> Holdings:
    """Look at what the stores hold. Keys that are none are told and passed over."""
    holdings = Holdings()
    async for key, sizes in both(stores):
        holdings.note(key, max(size for size in sizes if size is not None))
    for key in sorted(manifests.keys() - set(holdings.manifests)):
        protocol.differs(say(f"không còn: {key}", f"missing: {key}"))
    return holdings


async def restore_packages(
    ground: NewGround, stores: Sequence[Store], keys: Sequence[str], manifests: Mapping[str, str], protocol: Protocol
) -> Restored:
    """Restore the dossiers that manifests name."""
    restored, masters = Restored(), dict[str, str]()
    for key in keys:
        try:
            named = await named_by(stores, key, manifests)
        except ManifestLost as lost:
            protocol.differs(say(f"bản kê không nơi nào còn đúng: {lost}", f"manifest good nowhere: {lost}"))
            protocol.damaged.add(key)
            continue
        if named.wrong_in:
            protocol.damaged.add(key)
        protocol.notes += [taken_from_another(store, key) for store in named.wrong_in]
        new = unseen(named, masters)
        if new is None:
            protocol.differs(
                say(f"nêu bản gốc khác với bản kê kia: {key}", f"names masters otherwise than another manifest: {key}")
            )
            continue
        await restore_objects(ground, stores, new, restored, protocol)
        restored.dossiers.append(DossierCopy.of(named, restored.lost))
    restored.dossiers.sort(key=lambda each: (each.predecessor is not None, each.version or 0))
    return restored


def unseen(named: Named, masters: dict[str, str]) -> Sequence[Wanted] | None:
    """Give what a manifest names beyond masters that another has named already, None where it names them otherwise.

    `masters` are the digests of their lists by OBJID, as far as they were met.
    """
    package = named.manifest.masters
    digest, known = sha256(package.to_bytes()).hexdigest(), masters.get(package.objid)
    if known is None:
        masters[package.objid] = digest
        return named.objects
    keys = named.masters_keys
    return [each for each in named.objects if each.key not in keys] if known == digest else None


async def restore_registers(
    ground: NewGround, stores: Sequence[Store], keys: Sequence[str], restored: Restored, protocol: Protocol
) -> None:
    """Restore the registers themselves: the next heads follow on them."""
    wanted = [each for key in keys if (each := register_wanted(key)) is not None]
    protocol.notes += [
        say(f"không phải sổ đăng ký: {key}", f"not a register: {key}") for key in keys if register_wanted(key) is None
    ]
    await restore_objects(ground, stores, wanted, restored, protocol)


async def restore_objects(
    ground: NewGround, stores: Sequence[Store], wanted: Sequence[Wanted], restored: Restored, protocol: Protocol
) -> None:
    """Write objects to both new stores, a few at a time; those that are good nowhere are named."""
    for begin in range(0, len(wanted), PORTION):
        portion, hands = wanted[begin : begin + PORTION], asyncio.Semaphore(AT_ONCE)
        await asyncio.gather(*(restore_one(ground, stores, each, hands, (restored, protocol)) for each in portion))
        there = [each.key for each in portion if each.key not in restored.lost]
        for store in ground.stores:
            await asyncio.to_thread(store.make_durable, there)


async def restore_one(
    ground: NewGround,
    stores: Sequence[Store],
    wanted: Wanted,
    hands: asyncio.Semaphore,
    into: tuple[Restored, Protocol],
) -> None:
    """Write one object to both new stores, each read back there and held against its digest."""
    restored, protocol = into
    async with hands:
        report = Report()
        is_kept = [await kept(stores, store, wanted, report) for store in ground.stores]
    protocol.notes += sorted({taken_from_another(store, key) for store, key in report.bad_in_store})
    protocol.damaged |= {key for _, key in report.bad_in_store}
    if all(is_kept):
        restored.expected[wanted.key] = report.written_bytes // len(ground.stores)
    else:
        restored.lost.add(wanted.key)
        protocol.damaged.add(wanted.key)
        protocol.differs(say(f"không nơi nào còn đúng: {wanted.key}", f"good nowhere: {wanted.key}"))


def taken_from_another(store: str, key: str) -> str:
    """Say that one place did not have an object right, or not at all, and another had."""
    return say(
        f"{key} sai hoặc không có ở {store}, đã lấy từ nơi khác",
        f"{key} is wrong or absent in {store}, taken from another",
    )


async def kept(stores: Sequence[Store], target: Target, wanted: Wanted, report: Report) -> bool:
    """Say whether an object could be written. An outage of the last store that may have it is a loss here."""
    try:
        return await fetched(stores, target, wanted, report)
    except (Unavailable, InTheWay, FileExistsError):
        return False
