"""What services stand on in a test, in either mode: SQLite and folders, or PostgreSQL and S3."""

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Self
from uuid import uuid4

from sqlalchemy.engine import make_url

from cli.backing.seaweed import Seaweed
from services.embedded import STORES, embedded_settings, folder_of, part
from shared.migrating import migrate
from shared.service import Service
from tests.databases import Databases
from tests.raw_stores import RawBucket, RawFolder, RawStore


class Ground(ABC):
    """Databases and stores of one system; a service that is set up here again finds what it left."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @abstractmethod
    def database_url(self, service: str) -> str:
        """Give the database of a service, in its newest shape."""

    @abstractmethod
    def empty_database_url(self, name: str) -> str:
        """Give a database without any table."""

    @abstractmethod
    def store(self, name: str) -> RawStore:
        """Give one of the four stores, seen from behind."""

    @abstractmethod
    def files(self) -> Iterator[Path]:
        """Give every file in which a database may have left something."""

    def settings(self, service: str) -> Mapping[str, str]:
        """Give the settings of a service that stands here."""
        return {
            "database_url": self.database_url(service),
            "identity_keys_url": (self.folder / "identity-keys.json").as_uri(),
            **{f"store_{name}_url": self.store(name).url for name in STORES},
        }

    async def service(self, name: str, **further: Any) -> Service:  # noqa: ANN401 - any setting
        """Assemble a service that stands here."""
        settings = {**await asyncio.to_thread(self.settings, name), **further}
        made: Service = part(name).assemble(part(name).Settings(**settings))
        return made

    def files_with(self, text: str) -> list[str]:
        """Give the names of files that hold a text, database pages and journals included."""
        return [path.name for path in self.files() if text.encode() in path.read_bytes()]


class EmbeddedGround(Ground):
    """SQLite files and folders, all under one data folder."""

    def database_url(self, service: str) -> str:
        url = embedded_settings(service, self.folder)["database_url"]
        file = Path(str(make_url(url).database))
        if not file.exists():
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(migrated_file(service))
        return url

    def empty_database_url(self, name: str) -> str:
        return f"sqlite+aiosqlite:///{self.folder / name}.db"

    def store(self, name: str) -> RawStore:
        return RawFolder(self.folder / "stores" / name)

    def files(self) -> Iterator[Path]:
        return (path for path in self.folder.rglob("*") if path.is_file())


class FullGround(Ground):
    """Databases and buckets that nobody else uses, on servers that several tests share."""

    def __init__(self, folder: Path, databases: Databases, seaweed: Seaweed) -> None:
        super().__init__(folder)
        self._databases = databases
        self._seaweed = seaweed
        self._tag = uuid4().hex
        self._urls: dict[str, str] = {}

    def database_url(self, service: str) -> str:
        if service not in self._urls:
            self._urls[service] = self._databases.migrated(service)
        return self._urls[service]

    def empty_database_url(self, name: str) -> str:
        if name not in self._urls:
            self._urls[name] = self._databases.empty()
        return self._urls[name]

    def store(self, name: str) -> RawStore:
        return RawBucket(self._seaweed.url(f"{self._tag}-{name}"))

    def files(self) -> Iterator[Path]:
        return self._databases.files()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._databases.drop(self._urls.values())


@cache
def migrated_file(service: str) -> bytes:
    """Give the SQLite file of an empty database: migrating takes longer than most tests."""
    with TemporaryDirectory() as folder:
        file = Path(folder) / "empty.db"
        migrate(folder_of(service), f"sqlite+aiosqlite:///{file}")
        return file.read_bytes()
