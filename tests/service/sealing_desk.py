"""Ingest at work on either database, with no hands of its own: tests seal and sweep when they choose to."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from hashlib import sha256
from pathlib import Path
from uuid import UUID, uuid4

from sqlmodel import select

from services.embedded import embedded_settings, folder_of
from services.ingest.context import Context
from services.ingest.main import Settings, assemble
from services.ingest.models import ScanOrder, plumbing
from services.ingest.operations.accepting import SEAL
from services.ingest.operations.sealing import seal_dossier
from shared.auth.roles import Role
from shared.events.qc import DossierAccepted, RejectedPage, RescanOrdered, pages_digest
from shared.ids import DossierId, PageId, RescanOrderId
from shared.jobs import Progress, Worker
from shared.migrating import migrate
from tests.facts import approved
from tests.harness import Bench, Issuer, bench
from tests.service.test_ingest_pages import digest, put

NO_HANDS = {"ingest_sealings": "0", "ingest_readers": "0"}


class SealingDesk:
    """Brings dossiers as far as their sealing, and seals them."""

    def __init__(self, system: Bench, data: Path) -> None:
        context = system.services["ingest"].context
        assert isinstance(context, Context)
        self.system, self.context, self.data = system, context, data
        self.station = system.caller(Role.STATION, account_id=UUID(int=7))

    async def scanned(self, bodies: Sequence[bytes]) -> tuple[UUID, list[UUID]]:
        """Send a dossier's pages; gives the ids of the dossier and of its pages."""
        event = approved(pages=len(bodies))
        await self.system.tell("ingest", [event])
        answers = [await put(self.station, event.dossier_id, number, body) for number, body in enumerate(bodies, 1)]
        return event.dossier_id, [UUID(answer.json()["page_id"]) for answer in answers]

    async def rescanned(self, dossier: UUID, page: UUID, number: int, body: bytes) -> UUID:
        """Order page `number` again and send its second version, if there is a body; gives the order's id."""
        order = RescanOrdered(
            rescan_order_id=RescanOrderId(uuid4()),
            page_id=PageId(page),
            dossier_id=DossierId(dossier),
            page_number=number,
            page_version=1,
            reason="mờ",
        )
        await self.system.tell("ingest", [order])
        if body:
            told = {"Content-Type": "image/jpeg", "Content-Digest": digest(body)}
            path = f"/ingest/rescan-orders/{order.rescan_order_id}/page"
            assert (await self.station.put(path, content=body, headers=told)).status_code == 201
        return order.rescan_order_id

    async def close(self, dossier: UUID, documents: Sequence[tuple[str, int, int]]) -> None:
        """Close a dossier with its documents: title, first and last page."""
        told = [
            {"number": number, "title": title, "first_page": first, "last_page": last}
            for number, (title, first, last) in enumerate(documents, start=1)
        ]
        body = {"scanned_count": documents[-1][2], "documents": told}
        assert (await self.station.post(f"/ingest/dossiers/{dossier}/closing", json=body)).status_code == 200

    async def accepted(
        self,
        dossier: UUID,
        kept: dict[int, tuple[int, bytes]],
        *rejected: tuple[int, UUID],
        told_count: int | None = None,
    ) -> None:
        """Close a dossier and let its inspector accept it: which version of which page, which pages not."""
        told = {"scanned_count": len(kept) + len(rejected)}
        assert (await self.station.post(f"/ingest/dossiers/{dossier}/closing", json=told)).status_code == 200
        pages = [(number, version, sha256(body).hexdigest()) for number, (version, body) in kept.items()]
        event = DossierAccepted(
            dossier_id=DossierId(dossier),
            accepted_count=len(kept),
            reserved_count=0,
            pages_sha256=pages_digest(pages),
            told_count=told_count,
            rejected=tuple(
                RejectedPage(page_id=PageId(page), page_number=number, explanation="rách") for number, page in rejected
            ),
        )
        await self.system.tell("ingest", [event])

    async def work(self) -> None:
        """Do every job of reading forms that waits, as workers would."""
        service = self.system.services["ingest"]
        while await Worker(self.context.database, service.apart, 1, service.meter).work_once():
            pass

    async def seal(self, dossier: UUID) -> None:
        """Do the sealing job of a dossier, as a worker would, and what comes before it."""
        await self.work()
        job = plumbing.job
        async with self.context.database.reading() as session:
            row = (await session.exec(select(job).where(job.kind == SEAL, job.subject_id == dossier))).one()
        await seal_dossier(self.context, row, Progress(self.context.database, row))

    async def preserved(self, bodies: Sequence[bytes]) -> UUID:
        """Bring a dossier all the way."""
        dossier, _ = await self.scanned(bodies)
        await self.accepted(dossier, {number: (1, body) for number, body in enumerate(bodies, 1)})
        await self.seal(dossier)
        return dossier

    async def order(self, dossier: UUID) -> ScanOrder:
        """Give the row of a dossier."""
        async with self.context.database.reading() as session:
            return await session.get_one(ScanOrder, dossier)

    async def acts(self) -> list[str]:
        """Give what the audit says, oldest first."""
        async with self.context.database.reading() as session:
            return list((await session.exec(select(plumbing.audit.act).order_by(plumbing.audit.id))).all())  # type: ignore[arg-type]

    def lying(self, store: str) -> dict[str, bytes]:
        """Give every object of a store."""
        root = self.data / "stores" / store
        files = [path for path in root.rglob("*") if path.is_file() and ".unfinished" not in path.parts]
        return {str(path.relative_to(root)): path.read_bytes() for path in files}


@asynccontextmanager
async def sealing_desk(data: Path, database_url: str, **further: str) -> AsyncIterator[SealingDesk]:
    """Set ingest to work on a database of either kind, and on folders where no other stores are named."""
    await asyncio.to_thread(migrate, folder_of("ingest"), database_url)
    settings = {**embedded_settings("ingest", data), "database_url": database_url, **NO_HANDS, **further}
    service = assemble(Settings.model_validate(settings))
    async with bench(Issuer(data), service) as system:
        yield SealingDesk(system, data)
