"""Scrubbing both copies of a dossier, each time between two turns of the least work: read and hash the same files.

The least is a plain loop over the files of both stores, one after the other, past the system's cache as the scrubber
reads them.
"""

import asyncio
import os
import statistics
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from hashlib import sha256
from pathlib import Path
from uuid import UUID

from services.embedded import embedded_settings, folder_of
from services.ingest.domain.fixity import CopyState
from services.ingest.domain.state import DossierState
from services.ingest.main import Settings, scrubber_of
from services.ingest.models import Copy, ScanOrder, Sealing
from services.ingest.operations.listing import manifest_key
from services.ingest.operations.scrubbing import scrub_dossier
from services.ingest.scrubber import Scrubber
from shared.clock import now
from shared.eark.layout import page_path
from shared.eark.manifest import Manifest, ManifestFile, ManifestPackage
from shared.eark.names import archive_objid, folder_name
from shared.ids import new_id
from shared.metrics import Meter
from shared.migrating import migrate
from shared.storage.digest import streamed

ROUNDS = 5
CHUNK = 4 << 20
MANY = ((24, 16_000_000), (300, 1_000_000))  # pages and their bytes: TIFF, JPEG


async def measure_scrubbing(folder: Path) -> list[str]:
    """Give the figures of two kinds of pages in folders."""
    return [await measure(folder / str(size), count, size) for count, size in MANY]


async def measure(data: Path, count: int, size: int) -> str:
    """Scrub one dossier again and again."""
    told = {**embedded_settings("ingest", data), "ingest_scrub_bytes_a_second": str(1 << 40)}  # no limit
    (data / "ingest").mkdir(parents=True)
    await asyncio.to_thread(migrate, folder_of("ingest"), told["database_url"])
    async with opened(scrubber_of(Settings.model_validate(told), Meter("ingest"))) as scrubber:
        dossier_id = await preserve(scrubber, count, size)
        files = [path for path in (data / "stores").rglob("*") if path.is_file()]
        rounds = []
        before = await asyncio.to_thread(read_and_hash, files)
        for _ in range(ROUNDS):
            started = time.perf_counter()
            states = await scrub_dossier(scrubber, dossier_id)
            seconds = time.perf_counter() - started
            if states != {CopyState.WHOLE}:
                raise AssertionError(states)
            after = await asyncio.to_thread(read_and_hash, files)
            least = statistics.mean((before, after))
            rounds.append((least / seconds, seconds))
            before = after
    ratio, seconds = sorted(rounds)[ROUNDS // 2]
    total = sum(path.stat().st_size for path in files) / 1e6
    return (
        f"scrubbing {count} pages of {size / 1e6:.0f} MB in two stores: {total / seconds:.0f} MB/s against "
        f"{total / seconds / ratio:.0f} MB/s of read+hash: ratio {ratio:.2f} (wanted 0.8; median of {ROUNDS}, "
        f"{min(rounds)[0]:.2f} to {max(rounds)[0]:.2f})"
    )


@asynccontextmanager
async def opened(scrubber: Scrubber) -> AsyncIterator[Scrubber]:
    """Have a scrubber's stores ready for as long as the block lasts."""
    for store in scrubber.stores:
        await store.prepare()
    yield scrubber
    for store in scrubber.stores:
        await store.close()
    await scrubber.database.close()


async def preserve(scrubber: Scrubber, count: int, size: int) -> UUID:
    """Lay a dossier into both stores, with the rows that say so."""
    moment, dossier_id = now(), new_id()
    masters, aip = archive_objid("P01", new_id()), archive_objid("P01", new_id())
    pages = [await lay(scrubber, masters, page_path(number, "image/jpeg"), size) for number in range(1, count + 1)]
    described = [await lay(scrubber, aip, "METS.xml", 10_000)]
    manifest = Manifest(
        dossier_id=dossier_id,
        masters=ManifestPackage(objid=masters, files=tuple(pages)),
        aip=ManifestPackage(objid=aip, files=tuple(described)),
    ).to_bytes()
    order = ScanOrder(
        dossier_id=dossier_id, version=1, fonds_id=new_id(), fonds_code="P01", file_code="1", folder_name="1",
        title="1", expected_count=count, approval="{}", state=DossierState.PRESERVED, preserved_at=moment,
    )  # fmt: skip
    sealing = Sealing(
        dossier_id=dossier_id, masters_objid=masters, aip_objid=aip, begun_at=moment, software_version="",
        acceptance="{}", manifest_sha256=sha256(manifest).hexdigest(),
    )  # fmt: skip
    key = manifest_key(order, sealing)
    async with scrubber.database.writing() as uow:
        uow.session.add(order)
        await uow.session.flush()
        uow.session.add(sealing)
        for store in scrubber.stores:
            await store.put_new(key, streamed(manifest), size=len(manifest))
            for objid, files in ((masters, pages), (aip, described)):
                uow.session.add(
                    Copy(
                        objid=objid, store=store.name, dossier_id=dossier_id, file_count=len(files),
                        byte_count=sum(file.size for file in files), verified_at=moment,
                    )
                )  # fmt: skip
    return dossier_id


async def lay(scrubber: Scrubber, objid: str, path: str, size: int) -> ManifestFile:
    """Put a file of random bytes into both stores."""
    body, key = os.urandom(size), f"P01/{folder_name(objid)}/{path}"
    archived, fixity = [await store.put_new(key, streamed(body), size=size) for store in scrubber.stores]
    if archived != fixity:
        raise AssertionError(key)
    return ManifestFile(
        path=path, key=key, size=size, sha256=fixity.sha256, crc32=fixity.crc32, media_type="image/jpeg",
        created_at=now().replace(microsecond=0),
    )  # fmt: skip


def read_and_hash(files: Sequence[Path]) -> float:
    """Read and hash files one after the other; gives the seconds."""
    started = time.perf_counter()
    for path in files:
        digest = sha256()
        with path.open("rb", buffering=0) as file:
            os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
            while chunk := file.read(CHUNK):
                digest.update(chunk)
    return time.perf_counter() - started
