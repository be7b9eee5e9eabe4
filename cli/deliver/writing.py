"""Write a delivery onto a medium: what is there and right stays, all is read back, and at last it is noted."""

import asyncio
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from cli.client import ApiClient, ApiProblem
from cli.copies.faults import CopyRefused, place_of
from cli.copies.offline_set import room_named
from cli.deliver import medium as on_medium
from cli.deliver.leaving_out import demand_served, left_out_for, name_left_out, take_off
from cli.deliver.medium import Medium, Wanted, alone_on, demand_ground, demand_only, medium_of
from cli.deliver.placing import digest_on, place_whole, reads_back_wrong
from cli.language import say
from cli.pull.beside import DeliveryRefused, settle
from cli.pull.fetching import PATIENCE, Told, fetch, size_of
from cli.pull.proof import Proof, proven_manifest
from cli.pull.pulling import FRESH_TRIES, folder_of
from shared.delivery.folder import INVENTORY, PAPERS
from shared.delivery.left_out import FILE as LEFT_OUT
from shared.delivery.left_out import LeftOut
from shared.delivery.manifest import FILE, SIGNATURE, ManifestEntry
from shared.delivery.manifest_file import ManifestFile
from shared.errors import StorageFull

if TYPE_CHECKING:
    from asn1crypto.x509 import Certificate

PAPER_NAMES = tuple(
    f"{title}.{form}"
    for title, forms in {
        "statistical-list": ("xlsx", "pdf"),
        "dossier-list": ("xlsx", "pdf"),
        "minutes": ("docx", "pdf"),
    }.items()
    for form in forms
)
FONT_MISSING = "font_missing"
SPARE = 16 << 20  # papers, the inventory, and what the file system keeps for itself


@dataclass(frozen=True, slots=True)
class Written:
    """What is on a medium, read back and noted, and what was left out of it because it was kept back."""

    folder: Path
    parts: Sequence[int]
    package_count: int
    byte_count: int
    inventory_sha256: str
    missing_papers: Sequence[str] = ()
    left_out: Sequence[LeftOut] = ()


@dataclass
class Writing:
    """One delivery while it is written. `patience` is how long it waits for a further byte, in seconds."""

    client: ApiClient
    to: Path
    wanted: Wanted
    told: Told
    anchors: "Sequence[Certificate]" = ()
    patience: float = PATIENCE
    digests: dict[str, str] = field(default_factory=dict)

    @property
    def base(self) -> str:
        """Give the address of the delivery."""
        return f"/handover/deliveries/{self.wanted.delivery['id']}"

    async def run(self) -> Written:
        """Write everything that is missing, read back everything, and note the medium.

        Raises CopyRefused, StorageFull, StoreUnavailable, ApiProblem, httpx.HTTPError; what is on the medium stays.
        """
        name = folder_of(self.wanted.delivery)
        folder = self.to.absolute() / name
        parts = await self.parts()
        with room_named(self.to):
            demand_ground(self.to, name)
            with alone_on(folder):
                return await self.write(folder, parts)

    async def parts(self) -> Sequence[int]:
        """Give the parts to be written, in order. Raises CopyRefused."""
        there = [part["number"] async for part in self.client.items(f"{self.base}/parts", limit=500)]
        missing = self.wanted.parts - set(there)
        if missing:
            raise CopyRefused(
                "deliver.part_unknown",
                f"đợt bàn giao không có phần {min(missing)}",
                f"the delivery has no part {min(missing)}",
            )
        return [number for number in there if not self.wanted.parts or number in self.wanted.parts]

    async def write(self, folder: Path, parts: Sequence[int]) -> Written:
        """Write into the delivery's folder, which nobody else does meanwhile."""
        medium = await asyncio.to_thread(medium_of, folder, self.wanted, parts)
        self.digests[on_medium.FILE] = await asyncio.to_thread(place_whole, folder / on_medium.FILE, medium.to_bytes())
        manifest = await self.manifest(folder)
        entries = [entry for entry in manifest.entries() if entry.part in medium.parts]
        await asyncio.to_thread(demand_only, folder, {*names_of(entries)})
        left_out = await self.bring(folder, entries)
        if digest := await asyncio.to_thread(name_left_out, folder, left_out):
            self.digests[LEFT_OUT] = digest
        missing = await self.papers(folder / PAPERS)
        lines = "".join(f"{self.digests[name]}  {name}\n" for name in sorted(self.digests))
        inventory = await asyncio.to_thread(place_whole, folder / INVENTORY, lines.encode())
        await self.note(medium, inventory, left_out)
        there = [entry for entry in entries if entry.file in self.digests]
        size = sum(entry.size for entry in there)
        return Written(folder, medium.parts, len(there), size, inventory, missing, left_out)

    async def bring(self, folder: Path, entries: Sequence[ManifestEntry]) -> Sequence[LeftOut]:
        """Have the packages on the medium; gives those that are left out, because the system keeps them back.

        All are asked for first: what will not come needs no room.
        """
        left_out = [each for each in [await self.left_out(folder, entry) for entry in entries] if each]
        refused = {each.package_id for each in left_out}
        wanted = [entry for entry in entries if entry.package_id not in refused]
        await asyncio.to_thread(demand_room, folder, wanted)
        for entry in wanted:
            if lost := await self.left_out(folder, entry, is_kept=True):
                left_out.append(lost)
            else:
                self.digests[entry.file] = entry.sha256
        return sorted(left_out, key=lambda each: each.file)

    async def left_out(self, folder: Path, entry: ManifestEntry, *, is_kept: bool = False) -> LeftOut | None:
        """Ask for a package, or have it on the medium (`is_kept`); where it is kept back, nothing of it stays there."""
        place = folder / entry.file
        try:
            await (self.keep(entry, place) if is_kept else demand_served(self.client, entry))
        except ApiProblem as problem:
            lost = left_out_for(entry, problem)
            await asyncio.to_thread(take_off, place)
            self.told(place.name, say(f"để lại: {lost.code}: ", f"left out: {lost.code}: ") + problem.title)
            return lost
        return None

    async def manifest(self, folder: Path) -> ManifestFile:
        """Have the manifest and its signature on the medium. Raises CopyRefused."""
        try:
            manifest = await proven_manifest(self.client, self.wanted.delivery, folder, Proof(self.anchors))
        except DeliveryRefused as refused:
            raise CopyRefused("deliver.manifest_refused", str(refused), str(refused)) from refused
        for name in (FILE, SIGNATURE):
            if (folder / name).exists():
                expected = sha256(await asyncio.to_thread((folder / name).read_bytes)).hexdigest()
                self.digests[name] = await asyncio.to_thread(digest_on, folder / name)
                if self.digests[name] != expected:
                    raise reads_back_wrong(folder / name)
        return manifest

    async def keep(self, entry: ManifestEntry, place: Path) -> None:
        """Have one package on the medium, right: one that is there is read, one that was cut off is gone on with."""
        if place.exists():
            if await asyncio.to_thread(digest_on, place) == entry.sha256:
                self.told(place.name, say("đã có, đọc lại đúng", "there already, reads back right"))
                return
            self.told(place.name, say("đọc lại sai, ghi lại từ đầu", "reads back wrong, written anew"))
            await asyncio.to_thread(place.unlink)
        part, fresh = place.with_suffix(".part"), 0
        package = {"id": str(entry.package_id), "size": entry.size, "sha256": entry.sha256}
        while True:
            fresh += not part.exists()
            await fetch(self.client, package, part, self.told, self.patience)
            if await asyncio.to_thread(digest_on, part) == entry.sha256:
                break
            await asyncio.to_thread(part.unlink)
            if fresh >= FRESH_TRIES:
                raise reads_back_wrong(place)
            self.told(place.name, say("đọc lại sai, ghi lại từ đầu", "reads back wrong, written anew"))
        await asyncio.to_thread(settle, part, place)
        self.told(place.name, say("đã ghi và đọc lại", "written and read back"))

    async def papers(self, folder: Path) -> Sequence[str]:
        """Have the papers on the medium; gives those that the system could not print, for want of a font."""
        await asyncio.to_thread(folder.mkdir, exist_ok=True)
        missing = []
        for name in PAPER_NAMES:
            try:
                content = (await self.client.send("GET", f"{self.base}/papers/{name}")).content
            except ApiProblem as problem:
                if problem.code != FONT_MISSING:
                    raise
                missing.append(name)
                continue
            self.digests[f"{PAPERS}/{name}"] = await asyncio.to_thread(place_whole, folder / name, content)
        return missing

    async def note(self, medium: Medium, inventory: str, left_out: Sequence[LeftOut]) -> None:
        """Note in the system that this medium was written; the same again is the same note. Raises ApiProblem."""
        told = {
            "label": medium.label,
            "serial": medium.serial,
            "parts": list(medium.parts),
            "inventory_sha256": inventory,
            "left_out": [str(each.package_id) for each in left_out],
        }
        await self.client.put(f"{self.base}/media/{medium.medium_id}", told)


def names_of(entries: Sequence[ManifestEntry]) -> Iterator[str]:
    """Give every name that may lie in a delivery's folder."""
    yield PAPERS
    for name in (on_medium.FILE, FILE, SIGNATURE, LEFT_OUT, INVENTORY):
        yield from (name, f"{name}.new")
    yield str(Path(FILE).with_suffix(".new"))
    for entry in entries:
        yield from (entry.file, str(Path(entry.file).with_suffix(".part")))


def demand_room(folder: Path, entries: Sequence[ManifestEntry]) -> None:
    """Demand room for what is still to be written. Raises StorageFull."""
    needed = sum(
        max(0, entry.size - size_of((folder / entry.file).with_suffix(".part")))
        for entry in entries
        if not (folder / entry.file).exists()
    )
    facts = os.statvfs(folder)
    free = facts.f_bavail * facts.f_frsize
    if needed and needed + SPARE > free:
        raise StorageFull(f"{place_of(folder)}: {needed:,} bytes are to be written, {free:,} are free")
