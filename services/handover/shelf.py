"""The shelf of packages that are being pulled: their layouts, the files generated for them, the sums of the others."""

from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from services.handover.domain.layout import Layout
from services.handover.models import Package
from shared.eark.zip_headers import ZipEntry
from shared.storage.port import MIB

REMEMBERED = 16


@dataclass(frozen=True, slots=True)
class Taken:
    """A package in hand: its layout, its generated files by name, and the CRC-32 of each MiB by key in the stores."""

    layout: Layout
    generated: Mapping[str, bytes]
    mib_crc32: Mapping[str, Sequence[int]]

    def sums_of(self, entry: ZipEntry) -> Sequence[int]:
        """Give the sum of each MiB of a stored file; of one that fills no MiB it is its own. Raises KeyError."""
        return (entry.crc32,) if entry.size <= MIB else self.mib_crc32[entry.source]


class Shelf:
    """Packages that were lately asked for; they never change once frozen."""

    def __init__(self) -> None:
        self._held: OrderedDict[UUID, Taken] = OrderedDict()

    async def take(self, package: Package, fetch: Callable[[Package], Awaitable[Taken]]) -> Taken:
        """Give a built package, fetched when it is not on the shelf."""
        if package.id not in self._held:
            self._held[package.id] = await fetch(package)
            while len(self._held) > REMEMBERED:
                self._held.popitem(last=False)
        self._held.move_to_end(package.id)
        return self._held[package.id]
