"""The new data folder that a restore fills: empty databases of every service, and both stores."""

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from cli.copies.faults import CopyRefused
from cli.copies.inside import Inside
from services.embedded import embedded_settings, folder_of, part
from shared.database import Database
from shared.ids import new_id
from shared.inbox import Listener
from shared.metrics import Meter
from shared.migrating import migrate
from shared.plumbing import Plumbing
from shared.storage.tree import Tree, sync_folder

SERVICES = ("catalog", "ingest", "qc", "handover", "reporting")


class NewStore:
    """A store's folder that is being filled; nothing else writes to it."""

    def __init__(self, root: Path, name: str) -> None:
        self.root, self.name = root, name
        self.objects = Inside(root)
        Tree(root).prepare()

    def temporary(self) -> Path:
        """Name a file that is yet to be written."""
        return self.root / ".unfinished" / str(new_id())

    def place(self, temporary: Path, key: str) -> None:
        """Give a proven file its key. Raises InTheWay, FileExistsError."""
        self.objects.place(temporary, key)

    def make_durable(self, keys: Iterable[str]) -> None:
        """Make the names of objects outlive a power cut."""
        for key in {key.rpartition("/")[0]: key for key in keys}.values():
            self.objects.sync(key)


@dataclass(frozen=True, slots=True)
class NewGround:
    """Databases by service, the two stores, and the folder they are in."""

    folder: Path
    databases: dict[str, Database]
    stores: tuple[NewStore, NewStore]

    def plumbing(self, service: str) -> Plumbing:
        """Give the tables of a service."""
        return self.databases[service].plumbing

    def listener(self, service: str) -> Listener:
        """Give the ear of a service: facts that were found in packages are told to it as events are."""
        return Listener(part(service).subscriptions, self.databases[service], Meter(service))


@asynccontextmanager
async def laid(folder: Path) -> AsyncIterator[NewGround]:
    """Make a new data folder. Raises CopyRefused when something lies there."""
    demand_empty(folder)
    for service in SERVICES:
        await asyncio.to_thread(migrate, folder_of(service), embedded_settings(service, folder)["database_url"])
    async with AsyncExitStack() as stack:
        databases: dict[str, Database] = {}
        for service in SERVICES:
            url = embedded_settings(service, folder)["database_url"]
            databases[service] = Database(url, part(service).plumbing)
            stack.push_async_callback(databases[service].close)
        stores = (
            NewStore(folder / "stores" / "archive", "archive"),
            NewStore(folder / "stores" / "reserve", "reserve"),
        )
        yield NewGround(folder, databases, stores)


def demand_empty(folder: Path) -> None:
    """Make sure of an empty folder of our own. Raises CopyRefused."""
    if folder.is_symlink() or (folder.exists() and (not folder.is_dir() or any(folder.iterdir()))):
        raise CopyRefused(
            "restore.not_empty",
            f"{folder} không trống; chỉ khôi phục vào một thư mục mới",
            f"{folder} is not empty; a restore makes a new data folder",
        )
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    sync_folder(folder.parent)
