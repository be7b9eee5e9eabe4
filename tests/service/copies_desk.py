"""What tests of copies share: preserved dossiers on a ground, an offline set beside it, and the command itself."""

import os
import subprocess
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from hashlib import sha256
from pathlib import Path
from uuid import UUID

from cli.copies.inventory import Inventory
from cli.copies.offline_set import opened
from cli.copies.refreshing import Refresh
from cli.copies.report import Report
from cli.copies.sources import manifests_in
from shared.storage.open import closing, open_store
from tests.grounds import Ground
from tests.raw_stores import RawStore
from tests.service.scrubbing_desk import scrubbing_desk
from tests.service.sealing_desk import SealingDesk
from tests.service.test_ingest_pages import JPEG, OTHER

SAOLUU = str(Path(sys.executable).parent / "saoluu")


class CopiesDesk:
    """Keeps dossiers, copies them out, and looks at the set from behind."""

    def __init__(self, ground: Ground, desk: SealingDesk, to: Path) -> None:
        self.ground, self.desk, self.to = ground, desk, to

    def store(self, name: str) -> RawStore:
        return self.ground.store(name)

    async def preserved(self) -> UUID:
        return await self.desk.preserved([JPEG, OTHER])

    async def copy(self, *, verify: bool = False) -> Report:
        """Refresh the set as the command does."""
        urls = {name: self.store(name).url for name in ("archive", "reserve")}
        stores = [open_store(url, name) for name, url in urls.items()]
        with opened(self.to) as into:
            async with closing(*stores):
                manifests = await manifests_in(self.ground.database_url("ingest"))
                return await Refresh(stores, into, manifests, verify, lambda _report: None).run()

    def objects(self) -> dict[str, bytes]:
        """Give every object of the set."""
        root = self.to / "objects"
        files = [path for path in root.rglob("*") if path.is_file() and ".unfinished" not in path.parts]
        return {str(path.relative_to(root)): path.read_bytes() for path in files}

    def demand_true(self) -> None:
        """Demand that the inventory names exactly what is there, with the right digests, also for `sha256sum`."""
        inventory, objects = Inventory.read(self.to), self.objects()
        assert inventory.digests == {key: sha256(body).hexdigest() for key, body in objects.items()}
        assert inventory.byte_count == sum(map(len, objects.values()))
        words = ["sha256sum", "--check", "--strict", "--quiet", "inventory.sha256"]
        assert subprocess.run(words, cwd=self.to, capture_output=True, check=False).returncode == 0

    async def everything(self) -> dict[str, bytes]:
        """Give what the archive holds."""
        raw = self.store("archive")
        return {key: await raw.take(key) for key in await raw.keys() if not key.startswith("damaged/")}


@asynccontextmanager
async def copies_desk(ground: Ground, to: Path) -> AsyncIterator[CopiesDesk]:
    """Set ingest to work on a ground."""
    async with scrubbing_desk(ground) as desk:
        yield CopiesDesk(ground, desk, to)


def run(*words: str, limit: str = "", **environment: str) -> "subprocess.CompletedProcess[str]":
    """Run the command line, in English; `limit` is a shell command before it."""
    told = {**os.environ, "SAOLUU_LANGUAGE": "en", **environment}
    command = ["/bin/sh", "-c", f'{limit} exec "$@"', "sh", SAOLUU, *words]
    return subprocess.run(command, capture_output=True, text=True, env=told, timeout=300, check=False)


def spoil(path: Path) -> None:
    """Flip a bit in the middle of a file."""
    body = bytearray(path.read_bytes())
    body[len(body) // 2] ^= 1
    path.write_bytes(body)


def only(named: Mapping[str, bytes], ending: str) -> str:
    """Give the first key that ends so."""
    return next(key for key in sorted(named) if key.endswith(ending))
