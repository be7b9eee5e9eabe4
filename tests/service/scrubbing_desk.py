"""What tests of scrubbing share: a preserved dossier whose copies are damaged from behind, and a scrub of it."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from hashlib import sha256
from typing import Any
from uuid import UUID

from sqlmodel import select

from services.ingest.domain.fixity import CopyState
from services.ingest.main import Settings, scrubber_of
from services.ingest.models import Copy, FixityCheck, plumbing
from services.ingest.operations.scrubbing import scrub_dossier
from services.ingest.scrubber import Scrubber
from shared.auth.roles import Role
from shared.metrics import Meter
from tests.grounds import Ground
from tests.raw_stores import RawStore
from tests.service.sealing_desk import SealingDesk, sealing_desk

OTHER_STORE = {"archive": "reserve", "reserve": "archive"}


class ScrubbingDesk(SealingDesk):
    """Looks at both stores from behind, and scrubs with a scrubber of its own."""

    def __init__(self, desk: SealingDesk, ground: Ground, scrubber: Scrubber) -> None:
        super().__init__(desk.system, desk.data)
        self.ground, self.scrubber = ground, scrubber

    def store(self, name: str) -> RawStore:
        return self.ground.store(name)

    async def scrub(self, dossier: UUID) -> set[CopyState]:
        return await scrub_dossier(self.scrubber, dossier)

    async def everything(self, store: str) -> dict[str, bytes]:
        """Give what a store holds, but for what was kept aside."""
        raw = self.store(store)
        return {key: await raw.take(key) for key in await raw.keys() if not key.startswith("damaged/")}

    async def aside(self, store: str) -> dict[str, bytes]:
        """Give what was kept aside in a store."""
        raw = self.store(store)
        return {key: await raw.take(key) for key in await raw.keys() if key.startswith("damaged/")}

    async def copies(self, dossier: UUID) -> dict[tuple[str, str], Copy]:
        async with self.context.database.reading() as session:
            rows = await session.exec(select(Copy).where(Copy.dossier_id == dossier))
            return {(row.objid, row.store): row for row in rows}

    async def checks(self, dossier: UUID) -> list[FixityCheck]:
        async with self.context.database.reading() as session:
            asked = select(FixityCheck).where(FixityCheck.dossier_id == dossier).order_by(FixityCheck.id)  # type: ignore[arg-type]
            return list((await session.exec(asked)).all())

    async def findings(self, dossier: UUID, store: str) -> dict[str, int]:
        """Give what the newest checks of both packages found in a store, counted by kind."""
        found: dict[str, int] = {}
        for check in (await self.checks(dossier))[-4:]:
            if check.store == store:
                counts: dict[str, int] = json.loads(check.findings)["count"]
                found |= {kind: found.get(kind, 0) + count for kind, count in counts.items()}
        return found

    async def facts(self, act: str) -> list[dict[str, Any]]:
        async with self.context.database.reading() as session:
            asked = select(plumbing.audit.facts).where(plumbing.audit.act == act)
            return [json.loads(each) for each in await session.exec(asked)]

    async def said(self, name: str) -> list[dict[str, Any]]:
        """Give the bodies of events that left or wait to leave."""
        async with self.context.database.reading() as session:
            asked = select(plumbing.outbox.body).where(plumbing.outbox.name == name)
            return [json.loads(each) for each in await session.exec(asked)]

    async def metrics(self) -> str:
        return (await self.system.caller(Role.ADMIN).get("/ingest/metrics")).text


@asynccontextmanager
async def scrubbing_desk(ground: Ground, **further: str) -> AsyncIterator[ScrubbingDesk]:
    """Set ingest to work on a ground, and a scrubber beside it."""
    stores = {f"store_{name}_url": ground.store(name).url for name in ("incoming", "archive", "reserve")}
    told = await asyncio.to_thread(ground.settings, "ingest")
    async with sealing_desk(ground.folder, told["database_url"], **stores) as desk:
        settings = Settings.model_validate({**told, **further})
        scrubber = scrubber_of(settings, Meter("ingest"))
        for store in scrubber.stores:
            await store.prepare()
        yield ScrubbingDesk(desk, ground, scrubber)
        for store in scrubber.stores:
            await store.close()
        await scrubber.database.close()


def page_key(keys: list[str] | dict[str, bytes], number: int) -> str:
    """Find a page image among keys."""
    return next(key for key in keys if key.endswith(f"data/{number:04}.jpg") and not key.startswith("damaged/"))


def mark(body: bytes) -> str:
    """Give the name under which damaged bytes are kept aside."""
    return sha256(body).hexdigest()[:32]
