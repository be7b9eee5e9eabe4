"""Fetch one object into the set: from the archive, from the reserve where the archive has it wrong."""

import asyncio
import os
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Protocol

from cli.copies.inside import InTheWay
from cli.copies.naming import Wanted
from cli.copies.offline_set import OfflineSet, fixity_of, room_named
from cli.copies.report import Did, Report
from shared.errors import StorageFull
from shared.storage.port import Fixity, FixityLost, NotStored, Store, StoreUnavailable


class Target(Protocol):
    """A place that objects are written to, under a temporary name first."""

    root: Path

    def temporary(self) -> Path:
        """Name a file that is yet to be written."""
        ...

    def place(self, temporary: Path, key: str) -> None:
        """Give a proven file its key. Raises InTheWay, FileExistsError."""
        ...


async def keep(stores: Sequence[Store], into: OfflineSet, wanted: Wanted, report: Report, *, verify: bool) -> Did:
    """Have one object in the set, right; what lies there right already stays. Raises StoreUnavailable, StorageFull."""
    try:
        did = await asyncio.to_thread(judged, into, wanted, verify=verify)
        if did is not None:
            return did
        is_renewed = await asyncio.to_thread(cleared, into, wanted)
        if not await fetched(stores, into, wanted, report):
            return Did.LOST
        return Did.RENEWED if is_renewed or wanted.key in into.digests else Did.NEW
    except InTheWay:
        return Did.IN_THE_WAY


def judged(into: OfflineSet, wanted: Wanted, *, verify: bool) -> Did | None:
    """Say what is to be said of an object without fetching it, None when it must be fetched. Raises InTheWay."""
    with room_named(into.root):
        known, size = into.digests.get(wanted.key), into.objects.size(wanted.key)
        if known is not None and known != wanted.sha256:
            return Did.DIFFERS
        if size is None or wanted.size not in (None, size):
            return None
        if known is not None and not verify:
            return Did.KNOWN
        if is_right(read(into, wanted), wanted):
            return Did.ADOPTED if known is None else Did.REREAD
        return None


def read(into: OfflineSet, wanted: Wanted) -> Fixity | None:
    """Read an object of the set, None where the medium gives nothing."""
    try:
        return into.fixity(wanted.key)
    except OSError:
        return None


def is_right(found: Fixity | None, wanted: Wanted) -> bool:
    """Say whether bytes are those that must be."""
    return found is not None and found.sha256 == wanted.sha256 and wanted.size in (None, found.size)


def cleared(into: OfflineSet, wanted: Wanted) -> bool:
    """Keep aside what lies wrong in the place of an object; says whether something did."""
    with room_named(into.root):
        if into.objects.size(wanted.key) is None:
            return False
        found = read(into, wanted)
        into.set_aside(wanted.key, found.sha256[:32] if found else "unreadable")
        return True


async def fetched(stores: Sequence[Store], into: Target, wanted: Wanted, report: Report) -> bool:
    """Write an object from the first store that has it right; False when none has.

    It is proven on the medium of the set, by its digest: that proves what was read from the store as well. Raises
    StoreUnavailable when none has it and one does not answer: that is no loss.
    """
    outage: StoreUnavailable | None = None
    wrong_in: list[str] = []
    for store in stores:
        temporary = into.temporary()
        try:
            size = await written(store, into, wanted, temporary)
        except StoreUnavailable as away:
            outage = away
            continue
        finally:
            with suppress(OSError):
                temporary.unlink(missing_ok=True)
        if size is not None:
            report.written_bytes += size
            report.bad_in_store += [(name, wanted.key) for name in wrong_in]
            return True
        wrong_in.append(store.name)
    if outage is not None:
        raise outage
    return False


async def written(store: Store, into: Target, wanted: Wanted, temporary: Path) -> int | None:
    """Write one store's object and give it its key if it is right; gives its length then."""
    with room_named(into.root):
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o640)
    try:
        await store.copy_to(wanted.key, descriptor)
    except (NotStored, FixityLost):
        return None
    except StorageFull as full:
        raise StorageFull(f"{into.root}: {full}") from full
    else:
        return await asyncio.to_thread(proven_and_placed, into, wanted, temporary, os.dup(descriptor))
    finally:
        os.close(descriptor)


def proven_and_placed(into: Target, wanted: Wanted, temporary: Path, descriptor: int) -> int | None:
    """Make a written file durable, read it back, and give it its key if it is right. Raises InTheWay."""
    with room_named(into.root):
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        found = fixity_of(os.open(temporary, os.O_RDONLY | os.O_NOFOLLOW))
        if not is_right(found, wanted):
            return None
        into.place(temporary, wanted.key)
        return found.size
