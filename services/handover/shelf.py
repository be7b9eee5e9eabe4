"""The shelf of packages that are being pulled: their layouts, and the sums of what they hold."""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID
from weakref import WeakValueDictionary

from services.handover.domain.layout import Layout
from shared.eark.zip_headers import ZipEntry
from shared.storage.port import MIB

REMEMBERED = 16


@dataclass(frozen=True, slots=True)
class Taken:
    """A package in hand: its layout, and the CRC-32 of each MiB by key in the stores."""

    layout: Layout
    mib_crc32: Mapping[str, Sequence[int]]

    def sums_of(self, entry: ZipEntry) -> Sequence[int]:
        """Give the sum of each MiB of a stored file; of one that fills no MiB it is its own. Raises KeyError."""
        return (entry.crc32,) if entry.size <= MIB else self.mib_crc32[entry.source]


class Shelf:
    """Packages that were lately asked for; they never change once frozen."""

    def __init__(self) -> None:
        self._held: OrderedDict[UUID, Taken] = OrderedDict()
        self._fetching: WeakValueDictionary[UUID, asyncio.Lock] = WeakValueDictionary()

    async def take(self, package_id: UUID, fetch: Callable[[UUID], Awaitable[Taken]]) -> Taken:
        """Give a built package, fetched when it is not on the shelf: once, however many wait for it."""
        async with self._fetching.setdefault(package_id, asyncio.Lock()):
            if package_id not in self._held:
                self._held[package_id] = await fetch(package_id)
                while len(self._held) > REMEMBERED:
                    self._held.popitem(last=False)
            self._held.move_to_end(package_id)
            return self._held[package_id]
