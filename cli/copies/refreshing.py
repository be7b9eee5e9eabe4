"""Refresh the offline set from the stores: what is new is copied, what is there may be re-read, nothing is deleted."""

import asyncio
import os
import time
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass

from cli.copies.fetching import keep
from cli.copies.foreign import foreign_in
from cli.copies.naming import ManifestLost, Named, Wanted, named_by, register_wanted
from cli.copies.offline_set import OfflineSet
from cli.copies.report import Did, Report
from cli.copies.walk import Holdings, both
from shared.errors import StorageFull
from shared.register.head import newest_of_each, rows_key
from shared.register.reading import head_of
from shared.storage.port import Store

AT_ONCE = 4
PORTION = 64
SPARE = 64 << 20  # folders, the inventory, and what the file system keeps for itself

Told = Callable[[Report], None]


@dataclass(frozen=True, slots=True)
class Refresh:
    """One refresh: from where to where, what is known of manifests (their digests by key), and the registers' newest
    heads that databases know.
    """

    stores: Sequence[Store]
    into: OfflineSet
    manifests: Mapping[str, str]
    verify: bool
    told: Told
    heads: Sequence[str] = ()

    async def run(self) -> Report:
        """Refresh the set. Raises StoreUnavailable, StorageFull; what was counted until then stays counted."""
        began, report = time.monotonic(), Report()
        holdings = await self.survey(report)
        async for portion in in_portions(self.wanted(holdings, report)):
            await self.keep_all(portion, report)
            self.told(report)
        report.bad_in_store = list(dict.fromkeys(report.bad_in_store))
        report.total_objects = len(self.into.digests)
        if self.verify:
            report.foreign = await asyncio.to_thread(foreign_in, self.into.root, self.into.digests)
        report.total_bytes = await asyncio.to_thread(self.into.conclude)
        report.seconds = time.monotonic() - began
        return report

    async def survey(self, report: Report) -> Holdings:
        """Look at what there is: what is gone from the stores, and whether there is room for what is new."""
        holdings, unseen, needed = Holdings(), set(self.into.digests), 0
        async for key, sizes in both(self.stores):
            size = max(size for size in sizes if size is not None)
            holdings.note(key, size)
            if len(set(sizes)) > 1:
                holdings.uneven.add(key)
            unseen.discard(key)
            if key not in self.into.digests:
                needed += size
        report.gone = sorted(unseen)
        free = os.statvfs(self.into.root)
        if needed and needed + SPARE > free.f_bavail * free.f_frsize:
            raise StorageFull(
                f"{self.into.root}: {needed:,} bytes are to be copied, {free.f_bavail * free.f_frsize:,} are free"
            )
        return holdings

    async def wanted(self, holdings: Holdings, report: Report) -> AsyncIterator[Wanted]:
        """Give every object that the set must have, dossier by dossier, then the registers."""
        masters = set[str]()  # those of a dossier that was revised are named by several manifests
        for key in sorted({*holdings.manifests, *self.manifests}):
            try:
                named = await named_by(self.stores, key, self.manifests)
            except ManifestLost:
                report.note(Did.LOST, key)
                continue
            report.bad_in_store += [(store, key) for store in named.wrong_in]
            report.bad_in_store += await self.one_sided(holdings, named)
            seen = named.masters_keys if named.manifest.masters.objid in masters else frozenset()
            masters.add(named.manifest.masters.objid)
            for each in named.objects:
                if each.key not in seen:
                    yield each
            report.unnamed += await self.unnamed(holdings, named)
        report.unnamed += sorted(folder for folder, count in holdings.folders.items() if count)
        lacking = await self.rows_lacking(holdings, report)
        for key in sorted({*holdings.registers, *lacking, *self.heads}):
            if (wanted := register_wanted(key)) is not None:
                yield wanted
            else:
                report.unnamed.append(key)

    async def rows_lacking(self, holdings: Holdings, report: Report) -> set[str]:
        """Give rows that the newest head of a register names and no store lists; its moment goes into the report."""
        lacking = set[str]()
        for service, key in newest_of_each(holdings.registers).items():
            head = await head_of(self.stores, key, service)
            if head is not None:
                report.registers[service] = head.written_at
                named = {digest for table in head.tables.values() for digest in table.portions}
                lacking |= {rows_key(service, digest) for digest in named}
        return lacking - set(holdings.registers)

    async def one_sided(self, holdings: Holdings, named: Named) -> list[tuple[str, str]]:
        """Give what a store lacks or has in another length, looked at once more: it may have been written meanwhile."""
        return [
            (store.name, each.key)
            for each in named.objects
            if each.key in holdings.uneven and each.size is not None
            for store in self.stores
            if await store.size(each.key) != each.size
        ]

    async def unnamed(self, holdings: Holdings, named: Named) -> list[str]:
        """Give objects in a dossier's folders that its manifest does not name; the folders are done with then."""
        found: list[str] = []
        keys = {each.key for each in named.objects}
        for folder in named.folders:
            count = holdings.folders.pop(folder, 0)
            if count > sum(key.startswith(folder) for key in keys):
                found += [key async for key, _ in both(self.stores, folder) if key not in keys]
        return found

    async def keep_all(self, portion: Sequence[Wanted], report: Report) -> None:
        """Have some objects in the set, a few at a time, and count those that are there for good."""
        hands, entered = asyncio.Semaphore(AT_ONCE), dict[str, str]()

        async def one(wanted: Wanted) -> None:
            async with hands:
                did = await keep(self.stores, self.into, wanted, report, verify=self.verify)
            report.note(did, wanted.key)
            if did in (Did.NEW, Did.ADOPTED, Did.RENEWED):
                entered[wanted.key] = wanted.sha256

        try:
            async with asyncio.TaskGroup() as group:
                for wanted in portion:
                    group.create_task(one(wanted))
        except BaseExceptionGroup as several:
            raise several.exceptions[0] from several
        finally:
            if entered:
                await asyncio.shield(asyncio.to_thread(self.into.enter, entered))


async def in_portions(wanted: AsyncIterator[Wanted]) -> AsyncIterator[list[Wanted]]:
    """Gather objects, so that one line of the disk's waiting serves many."""
    portion: list[Wanted] = []
    async for each in wanted:
        portion.append(each)
        if len(portion) == PORTION:
            yield portion
            portion = []
    if portion:
        yield portion
