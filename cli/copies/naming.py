"""What each object must be: the manifest of its dossier says it, a register object's own name says it.

Which manifest is right is said by whoever knew it (ingest's database, a set's inventory, the registers); without such
a word it is what the stores agree on.
"""

import asyncio
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256

from shared.eark.errors import RecordUnreadable
from shared.eark.manifest import Manifest
from shared.storage.keys import KeyMalformed, demand_key
from shared.storage.port import FixityLost, NotStored, Store, StoreUnavailable

_NAMED = re.compile(r"(?:.*[-/])?([0-9a-f]{64})\.\w+")
LARGEST_MANIFEST = 1 << 30


@dataclass(frozen=True, slots=True)
class Wanted:
    """An object as it must be; the length of some is not known beforehand."""

    key: str
    size: int | None
    sha256: str


@dataclass(frozen=True, slots=True)
class Named:
    """A dossier's manifest, right as far as anybody can say, and all that it names with itself at the end."""

    key: str
    manifest: Manifest
    sha256: str
    objects: tuple[Wanted, ...]
    wrong_in: tuple[str, ...] = ()

    @property
    def folders(self) -> tuple[str, ...]:
        """Give the package folders."""
        packages = (self.manifest.masters, self.manifest.aip)
        return tuple(each.files[0].key.removesuffix(each.files[0].path) for each in packages if each.files)

    @property
    def masters_keys(self) -> frozenset[str]:
        """Give the keys of the masters, which every manifest of a dossier names."""
        return frozenset(file.key for file in self.manifest.masters.files)


class ManifestLost(Exception):
    """No store has this manifest right."""


@dataclass(slots=True)
class Bodies:
    """What lies under a manifest's key in each store."""

    by_store: dict[str, bytes] = field(default_factory=dict)

    async def read(self, store: Store, key: str) -> None:
        """Read it from one store, if it has it."""
        try:
            if (await store.size(key) or 0) <= LARGEST_MANIFEST:
                self.by_store[store.name] = b"".join([chunk async for chunk in store.read(key)])
        except (NotStored, FixityLost, StoreUnavailable):
            return

    def right(self, digest: str | None) -> bytes | None:
        """Choose the right one: of the digest that is known, else the one all of them are."""
        if digest is not None:
            return next((body for body in self.by_store.values() if sha256(body).hexdigest() == digest), None)
        different = set(self.by_store.values())
        return different.pop() if len(different) == 1 else None


async def named_by(stores: Sequence[Store], key: str, known: Mapping[str, str]) -> Named:
    """Give what a manifest names. Raises ManifestLost."""
    bodies = Bodies()
    for store in stores:
        await bodies.read(store, key)
    body = bodies.right(known.get(key))
    if body is None:
        raise ManifestLost(key)
    try:
        manifest = await asyncio.to_thread(Manifest.from_bytes, body)
        files = [file for package in (manifest.masters, manifest.aip) for file in package.files]
        objects = [Wanted(inner_key(file.key, key), file.size, file.sha256) for file in files]
    except (RecordUnreadable, KeyMalformed) as wrong:
        raise ManifestLost(f"{key}: {wrong}") from wrong
    digest = sha256(body).hexdigest()
    wrong_in = tuple(store.name for store in stores if bodies.by_store.get(store.name) != body)
    return Named(key, manifest, digest, (*objects, Wanted(key, len(body), digest)), wrong_in)


def inner_key(key: str, manifest_key: str) -> str:
    """Give the key of a file of a package: beside its manifest, and nowhere else. Raises KeyMalformed."""
    fonds = manifest_key.partition("/")[0]
    if not demand_key(key).startswith(f"{fonds}/"):
        raise KeyMalformed(key)
    return key


def register_wanted(key: str) -> Wanted | None:
    """Give what an object of the registers must be, None for one whose name does not tell."""
    found = _NAMED.fullmatch(key)
    return Wanted(key, None, found[1]) if found else None
