"""Walk both stores side by side: which dossiers have a manifest, which registers there are, what nobody names."""

from collections import Counter
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field

from shared.eark.manifest import BESIDE
from shared.storage.port import Store, StoredObject

REGISTERS, ASIDE = "registers", "damaged"


@dataclass(slots=True)
class Holdings:
    """What the stores hold: keys of manifests and of registers with their sizes, and objects by package folder.

    `uneven` are keys that one store lacks or has in another length; a sealing at work may be why.
    """

    manifests: list[str] = field(default_factory=list)
    registers: list[str] = field(default_factory=list)
    folders: Counter[str] = field(default_factory=Counter)
    uneven: set[str] = field(default_factory=set)
    byte_count: int = 0
    object_count: int = 0

    def note(self, key: str, size: int) -> None:
        """Enter an object; what was kept aside as damaged is none."""
        self.object_count, self.byte_count = self.object_count + 1, self.byte_count + size
        top, _, rest = key.partition("/")
        if top == REGISTERS:
            self.registers.append(key)
        elif key.endswith(BESIDE) and "/" not in rest:
            self.manifests.append(key)
        else:
            self.folders[folder_of(key)] += 1


def folder_of(key: str) -> str:
    """Give the package folder of an object: the first two steps of its key, with a slash at the end."""
    return "/".join(key.split("/")[:2]) + "/"


async def both(stores: Sequence[Store], prefix: str = "") -> AsyncIterator[tuple[str, list[int | None]]]:
    """Give every key that any store has, in order, with its size in each; what was kept aside is passed over."""
    listings = [store.keys(prefix) for store in stores]
    heads = [await following(listing) for listing in listings]
    while any(heads):
        key = min(head.key for head in heads if head)
        sizes = [head.size if head and head.key == key else None for head in heads]
        if not key.startswith(f"{ASIDE}/"):
            yield key, sizes
        for place, head in enumerate(heads):
            if head and head.key == key:
                heads[place] = await following(listings[place])


async def following(listing: AsyncIterator[StoredObject]) -> StoredObject | None:
    """Give the next object of a listing, None at its end."""
    return await anext(listing, None)
