"""Check a copy: every object of a package is read back whole in one store and compared; nothing is changed here."""

import asyncio
from collections.abc import Container, Coroutine, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from services.ingest.domain.fixity import Finding, Named
from services.ingest.scrubber import Scrubber
from shared.storage.port import Fixity, MendableStore, NotStored, Unreadable

AT_ONCE = 2
PORTION = 500

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Package:
    """A package as its dossier's manifest names it; `folder` is None where the manifest is lost."""

    objid: str
    folder: str | None
    objects: Sequence[Named]


@dataclass(frozen=True, slots=True)
class Fault:
    """An object that is not what it must be, and the sums of what lies there, if anything can be read."""

    named: Named
    finding: Finding
    found: Fixity | None = None


@dataclass(slots=True)
class Look:
    """What was seen of one copy: how much was read, which objects are wrong, which should not be there."""

    store: MendableStore
    byte_count: int = 0
    faults: dict[str, Fault] = field(default_factory=dict)
    extras: list[str] = field(default_factory=list)


async def look_at(scrubber: Scrubber, store: MendableStore, package: Package, sums: Container[str]) -> Look:
    """Read a copy from its first object to its last. Raises StoreUnavailable."""
    look, hands = Look(store), asyncio.Semaphore(AT_ONCE)

    async def examine(named: Named) -> None:
        async with hands:
            size, fault = await examined(scrubber, store, named, sums)
        look.byte_count += size
        if fault is not None:
            look.faults[named.key] = fault

    for begin in range(0, len(package.objects), PORTION):
        await all_of([examine(named) for named in package.objects[begin : begin + PORTION]])
    if package.folder is not None:
        known = {named.key for named in package.objects}
        look.extras = [found.key async for found in store.keys(package.folder) if found.key not in known]
    scrubber.count.read(store.name, look.byte_count)
    return look


async def examined(
    scrubber: Scrubber, store: MendableStore, named: Named, sums: Container[str] = ()
) -> tuple[int, Fault | None]:
    """Read one object; gives how many bytes that were, and what is wrong with it. Raises StoreUnavailable."""
    try:
        found = await store.read_back(named.key, pace=scrubber.pace)
    except NotStored:
        return 0, Fault(named, Finding.MISSING)
    except Unreadable:
        return 0, Fault(named, Finding.UNREADABLE)
    finding = named.finding(found, sums)
    return found.size, Fault(named, finding, found) if finding else None


async def all_of(calls: Sequence[Coroutine[object, object, T]]) -> list[T]:
    """Make calls at the same time; the first error ends them all and is raised as it is."""
    try:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(call) for call in calls]
    except BaseExceptionGroup as several:
        raise several.exceptions[0] from several
    return [task.result() for task in tasks]
