"""Drill a restore: from both stores of a system into a scratch folder, which goes again."""

import asyncio
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from pathlib import Path
from random import Random
from uuid import UUID

from cli.copies.faults import CopyRefused
from cli.copies.known_heads import known_heads
from cli.copies.offline_set import alone_in
from cli.copies.sources import dossiers_in
from cli.language import say
from cli.restore.ground import laid
from cli.restore.origin import Origin
from cli.restore.protocol import Protocol
from cli.restore.restoring import restore
from services.ingest.main import Settings
from services.ingest.models import plumbing
from services.ingest.operations.drilling import note_drill
from services.ingest.operations.suspecting import order_checks
from services.ingest.receipts import ReceiptBook
from shared.database import Database
from shared.register.head import ROOT
from shared.storage.digest import streamed
from shared.storage.open import closing, open_store
from shared.storage.port import AlreadyStored, FixityLost, Store
from shared.storage.tree import sync_folder

DRILLS, SCRATCH = "drills", "scratch-"
MOMENT = "%Y%m%dT%H%M%SZ"


@dataclass(frozen=True, slots=True)
class Sample:
    """How many dossiers are drawn, and the seed that draws them: the same seed draws the same again."""

    count: int
    seed: int

    def choose(self, keys: Sequence[str], dossiers: Mapping[str, UUID]) -> list[str]:
        """Draw dossiers, each as likely as another however often it was revised; gives the manifests of all its AIPs.

        A manifest that nobody knows the dossier of stands for itself. Raises CopyRefused when there is none."""
        if not keys:
            raise CopyRefused(
                "drill.nothing_preserved", "chưa có hồ sơ nào được bảo quản", "no dossier is preserved yet"
            )
        of_dossier = dict[UUID | str, list[str]]()
        for key in sorted(keys):
            of_dossier.setdefault(dossiers.get(key, key), []).append(key)
        groups = sorted(of_dossier.values())
        drawn = Random(self.seed).sample(groups, min(self.count, len(groups)))  # noqa: S311 (a sample)
        return sorted(key for group in drawn for key in group)


async def drill(settings: Settings, folder: Path, sample: Sample) -> Protocol:
    """Drill in a folder and keep the signed protocol there too. Raises CopyRefused, StorageFull, StoreUnavailable."""
    stores = [open_store(settings.store_archive_url, "archive"), open_store(settings.store_reserve_url, "reserve")]
    with alone_in(folder):
        for remains in folder.glob(f"{SCRATCH}*"):  # of a drill that was killed
            await asyncio.to_thread(shutil.rmtree, remains)
        heads = await known_heads(settings.database_url)  # before the stores: what is written meanwhile is newer
        async with closing(*stores):
            origin = Origin(stores, heads={service: key for service, key in heads.items() if key})
            protocol = await into_scratch(folder, origin, sample, await dossiers_in(settings.database_url))
            protocol.held_against = sorted(heads)
            await have_read(settings.database_url, protocol)
            await keep_protocol(Database(settings.database_url, plumbing), stores, folder, protocol)
    return protocol


async def into_scratch(folder: Path, origin: Origin, sample: Sample, dossiers: Mapping[str, UUID]) -> Protocol:
    """Restore a sample from the stores alone, as if nothing else were left; `dossiers` serve to draw it only.

    What the databases know of the registers' newest heads is only held against those that were found.
    """
    scratch = Path(tempfile.mkdtemp(prefix=SCRATCH, dir=folder))
    protocol = Protocol([store.name for store in origin.stores], str(scratch), seed=sample.seed, sample=[])
    try:
        async with laid(scratch) as ground:
            await restore(ground, origin, protocol, partial(sample.choose, dossiers=dossiers))
        protocol.sampled_dossiers = len({dossiers.get(key, key) for key in protocol.sample or ()})
    finally:
        await asyncio.to_thread(shutil.rmtree, scratch)
    return protocol


async def have_read(database_url: str, protocol: Protocol) -> None:
    """Have the scrubber read the dossiers that were met damaged, and say so in the protocol."""
    database = Database(database_url, plumbing)
    try:
        for code in await order_checks(database, protocol.damaged, "drill"):
            protocol.notes.append(
                say(
                    f"đã yêu cầu đọc lại và sửa mọi bản sao của hồ sơ {code}",
                    f"ordered to be read and mended: all copies of dossier {code}",
                )
            )
    finally:
        await database.close()


async def keep_protocol(database: Database, stores: Sequence[Store], folder: Path, protocol: Protocol) -> None:
    """Sign the protocol and keep it: in both stores, in the data folder, and in ingest's audit."""
    try:
        book = ReceiptBook()
        await book.open(database)
        signed = book.sign_drill(protocol.to_bytes()).encode()
        digest, moment = sha256(signed).hexdigest(), protocol.began_at.strftime(MOMENT)
        key = f"{ROOT}/{DRILLS}/{moment}-{digest}.jws"
        for store in stores:
            with suppress(AlreadyStored):
                await store.put_new(key, streamed(signed), size=len(signed), sha256=digest)
            if (await store.read_back(key)).sha256 != digest:
                raise FixityLost(f"{store.name}: {key}")
        for name, body in ((f"{moment}.jws", signed), (f"{moment}.json", protocol.to_bytes())):
            await asyncio.to_thread((folder / name).write_bytes, body)
        await asyncio.to_thread(sync_folder, folder)
        facts = {"key": key, "seed": protocol.seed, "differences": len(protocol.differences)}
        await note_drill(database, agrees=protocol.agrees, facts={**facts, "dossiers": protocol.sampled_dossiers})
    finally:
        await database.close()
