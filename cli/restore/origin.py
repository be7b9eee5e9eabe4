"""Where a restore reads from: a store by its URL, a store's folder, or an offline set."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from cli.copies.faults import CopyRefused
from cli.copies.inventory import NAME, OBJECTS, Inventory, InventoryMalformed
from shared.eark.manifest import BESIDE
from shared.register.head import newest_of_each
from shared.storage.folder import FolderStore
from shared.storage.open import closing, open_store
from shared.storage.port import Store


@dataclass(frozen=True, slots=True)
class Origin:
    """The stores to read from, the first one first, and the digests that inventories tell, by key.

    `notes` are what is wrong with the places themselves, `heads` the newest head of each service's register that a
    database knows.
    """

    stores: Sequence[Store]
    inventoried: dict[str, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    heads: Mapping[str, str] = field(default_factory=dict)

    @property
    def manifests(self) -> dict[str, str]:
        """Give the digests of manifests that are known."""
        return {key: digest for key, digest in self.inventoried.items() if key.endswith(BESIDE)}

    @property
    def known_heads(self) -> dict[str, str]:
        """Give the newest head of each service that an inventory or a database knows."""
        return newest_of_each([*self.inventoried, *self.heads.values()])


@asynccontextmanager
async def opened(places: Sequence[str]) -> AsyncIterator[Origin]:
    """Open the places that a person named. Raises CopyRefused."""
    origin = Origin([])
    stores = [store_at(place, f"from{number}", origin) for number, place in enumerate(places, 1)]
    async with closing(*stores):
        yield Origin(stores, origin.inventoried, origin.notes)


def store_at(place: str, name: str, origin: Origin) -> Store:
    """Open one place; the inventory of a set is entered in the origin. Raises CopyRefused."""
    if "://" in place:
        try:
            return open_store(place, name)
        except ValueError as wrong:
            raise CopyRefused("restore.origin_unknown", str(wrong), str(wrong)) from wrong
    folder = Path(place).absolute()
    if (folder / NAME).is_file():
        try:
            origin.inventoried.update(Inventory.read(folder, with_part=True).digests)
        except (InventoryMalformed, UnicodeDecodeError) as wrong:
            origin.notes.append(f"{folder / NAME}: {wrong}")
        return FolderStore(folder / OBJECTS, name)
    if not (folder / ".unfinished").is_dir():
        raise CopyRefused(
            "restore.origin_unknown",
            f"{folder} không phải là bộ sao hay kho",
            f"{folder} is neither an offline set nor a store",
        )
    return FolderStore(folder, name)
