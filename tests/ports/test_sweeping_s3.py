"""The incoming store is swept on an S3 server as it is in a folder."""

from datetime import timedelta
from hashlib import sha256
from pathlib import Path

from cli.backing.seaweed import Seaweed
from services.ingest.domain.incoming_key import page_key
from services.ingest.operations.sweeping import sweep
from shared.clock import now
from shared.storage.digest import streamed
from tests.service.sealing_desk import sealing_desk
from tests.service.test_ingest_pages import JPEG, OTHER


async def test_sealed_masters_drafts_and_strays_leave_and_old_versions_stay(tmp_path: Path, seaweed: Seaweed) -> None:
    stores = {f"store_{name}_url": seaweed.url(name) for name in ("incoming", "archive", "reserve")}
    async with sealing_desk(tmp_path, f"sqlite+aiosqlite:///{tmp_path}/ingest.db", **stores) as desk:
        incoming = desk.context.incoming
        dossier, pages = await desk.scanned([JPEG, OTHER])
        newer = JPEG + b"newer"
        await desk.rescanned(dossier, pages[0], 1, newer)
        await desk.accepted(dossier, {1: (2, newer), 2: (1, OTHER)})
        await desk.seal(dossier)
        await incoming.put_new(page_key(dossier, 3, sha256(b"stray").hexdigest()), streamed(b"stray"), size=5)
        await sweep(desk.context, now())
        archive = desk.context.archive
        sealed = {(await archive.read_back(found.key)).sha256 async for found in archive.keys("")}
        drafts = sealed - {sha256(body).hexdigest() for body in (newer, OTHER)}
        frozen_first = 1  # the manifest of the masters alone, which only the sealing needs
        assert len([found async for found in incoming.keys("")]) == 3 + 1 + len(drafts) + frozen_first
        await sweep(desk.context, now() + timedelta(days=31))
        old = page_key(dossier, 1, sha256(JPEG).hexdigest())
        assert [found.key async for found in incoming.keys("")] == [old]
