"""What tests of restoring share: a system with preserved dossiers and registers on a ground, and a restore of it."""

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlmodel import SQLModel, select
from sqlmodel.ext.asyncio.session import AsyncSession

from cli.restore.command import restored
from cli.restore.protocol import Protocol
from services.embedded import embedded_settings, part
from shared.auth.roles import Role
from shared.database import Database
from tests.grounds import Ground
from tests.harness import Bench, Issuer, bench
from tests.service.handover_office import RECEIVER, gathered, granted, sealed

SERVICES = ("catalog", "ingest", "handover", "reporting", "qc")


class RestoringDesk:
    """Brings dossiers to their copies, stops the system, and restores it elsewhere."""

    def __init__(self, ground: Ground, pages: list[Path], new: Path) -> None:
        self.ground, self.pages, self.new = ground, pages, new

    @asynccontextmanager
    async def at_work(self) -> AsyncIterator[Bench]:
        """Set the services to work; their registers are written when the block ends."""
        services = [await self.ground.service(name, registers_kept=True) for name in SERVICES]
        async with bench(Issuer(self.ground.folder), *services) as system:
            yield system

    async def lived(self, codes: Sequence[str] = ("H49.2001.001", "H49.2001.002")) -> list[UUID]:
        """Preserve dossiers, gather them into a delivery, and stop."""
        async with self.at_work() as system:
            await system.tell("handover", [granted(RECEIVER, Role.RECEIVER)])
            dossiers = [await sealed(system, self.pages, code) for code in codes]
            officer = system.caller(Role.HANDOVER_OFFICER)
            await until_preserved(officer, dossiers)
            await gathered(system)
        return dossiers

    async def restore(self, *names: str) -> Protocol:
        """Restore from some of the stores."""
        return await restored([self.ground.store(name).url for name in names or ("archive",)], self.new)

    @asynccontextmanager
    async def session(self, service: str) -> AsyncIterator[AsyncSession]:
        """Read a restored database."""
        database = Database(embedded_settings(service, self.new)["database_url"], part(service).plumbing)
        try:
            async with database.reading() as session:
                yield session
        finally:
            await database.close()

    async def rows(self, service: str, table: type[SQLModel]) -> list[dict[str, Any]]:
        """Give the rows of a restored table."""
        async with self.session(service) as session:
            return sorted((row.model_dump() for row in (await session.exec(select(table))).all()), key=spelt)

    async def rows_before(self, service: str, table: type[SQLModel]) -> list[dict[str, Any]]:
        """Give the rows of a table as they were."""
        url = await asyncio.to_thread(self.ground.database_url, service)
        database = Database(url, part(service).plumbing)
        try:
            async with database.reading() as session:
                return sorted((row.model_dump() for row in (await session.exec(select(table))).all()), key=spelt)
        finally:
            await database.close()

    async def keys(self) -> list[str]:
        """Give what the archive held."""
        return [key for key in await self.ground.store("archive").keys() if not key.startswith("damaged/")]


async def until_preserved(officer: Any, dossiers: Sequence[UUID]) -> None:  # noqa: ANN401 (an HTTP client)
    """Wait until handover has heard of every dossier."""
    for _ in range(100):
        known = {each["dossier_id"] for each in (await officer.get("/handover/preserved")).json()["items"]}
        if known.issuperset(map(str, dossiers)):
            return
        await asyncio.sleep(0.1)
    raise AssertionError


def spelt(row: dict[str, Any]) -> str:
    """Spell a row out, whatever order its JSON has its keys in: what rows are sorted by."""
    return json.dumps(row, sort_keys=True, default=str)
