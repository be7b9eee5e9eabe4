"""A desk for lots: dossiers that are scanned and checked, and what people say of lots over HTTP."""

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx
from sqlmodel import col, select

from services.qc.domain.inspection import DossierState
from services.qc.models import InspectedDossier, InspectedPage, PageCheck
from shared.auth.roles import Role
from shared.events.ingest import DossierScanned, MasterStored
from shared.ids import DossierId, PageId
from tests.facts import approved
from tests.grounds import Ground
from tests.harness import Bench

Told = dict[str, Any]
REASONS = {"rescan": "blurred", "rejected": "unreadable", "accepted_with_reservation": "skewed"}
STRICT = {"scheme": "iso2859", "level": "II", "critical": 0, "major": 1.0, "minor": 4.0}


class LotDesk:
    """Two people of qc: `inspector` judges pages, `head` decides about lots."""

    def __init__(self, system: Bench, ground: Ground, pages: Sequence[Path]) -> None:
        self.system = system
        self.ground = ground
        self.pages = [page.read_bytes() for page in pages]
        self.inspector = system.caller(Role.INSPECTOR, name="lan")
        self.head = system.caller(Role.APPROVER, name="minh")

    async def dossiers(self, count: int, *, broken: int = 0) -> list[UUID]:
        """Give dossiers that are closed and wholly checked; the last `broken` pages of the first are cut short."""
        made: list[UUID] = []
        for number in range(count):
            event = approved(pages=len(self.pages), code=f"H49.{number}")
            bodies = list(self.pages)
            for place in range(len(bodies) - broken if number == 0 else len(bodies), len(bodies)):
                bodies[place] = bodies[place][: len(bodies[place]) // 2]
            masters = [await self.master(event.dossier_id, place, body) for place, body in enumerate(bodies, 1)]
            closed = DossierScanned(
                dossier_id=DossierId(event.dossier_id), expected_count=len(bodies), scanned_count=len(bodies)
            )
            await self.system.tell("qc", [event, *masters, closed])
            made.append(event.dossier_id)
        for dossier in made:
            await self.checked(dossier)
        return made

    async def laid(self, pages: int) -> UUID:
        """Give a checked dossier of many pages that nobody had to scan: rows as the checks leave them."""
        dossier = InspectedDossier(dossier_id=uuid4(), state=DossierState.SCANNED, scanned_count=pages, seed=1)
        facts: list[Told] = [
            {"dossier_id": dossier.dossier_id, "number": n, "version": 1, "sha256": "0" * 64}
            for n in range(1, pages + 1)
        ]
        rows = [
            InspectedPage(page_id=uuid4(), judgement="pass", is_readable=True, is_compared=True, **each)
            for each in facts
        ]
        checks = [
            PageCheck(
                id=uuid4(), page_id=row.page_id, key="k", size=1, media_type="image/jpeg", judgement="pass", **each
            )
            for row, each in zip(rows, facts, strict=True)
        ]
        async with self.system.services["qc"].context.database.writing() as uow:
            uow.session.add_all([dossier, *rows, *checks])
        return dossier.dossier_id

    async def master(
        self, dossier: UUID, number: int, body: bytes, *, page: UUID | None = None, version: int = 1
    ) -> MasterStored:
        """Put a page's bytes where ingest would have, and give the event that tells of it."""
        key = f"{dossier}/{number:06d}/{uuid4().hex}"
        await self.ground.store("incoming").lay(key, body)
        return MasterStored(
            page_id=PageId(page or uuid4()), version=version, dossier_id=DossierId(dossier), page_number=number,
            key=key, sha256=uuid4().hex * 2, size=len(body), media_type="image/jpeg", station="station-1",
        )  # fmt: skip

    async def checked(self, dossier: UUID) -> None:
        """Wait until every page of a dossier is judged by the machine."""
        for _ in range(600):
            seen = (await self.inspector.get(f"/qc/dossiers/{dossier}")).json()
            if seen.get("compared_count") == len(self.pages) and seen["open_rescans"] == 0:
                return
            await asyncio.sleep(0.05)
        raise AssertionError("the pages were not checked")

    async def create(self, dossiers: Sequence[UUID], **more: object) -> httpx.Response:
        """Ask for a lot of dossiers."""
        body = {"name": "Lô 1", "dossier_ids": [str(each) for each in dossiers], **more}
        return await self.inspector.post("/qc/lots", json=body)

    async def drawn(self, dossiers: Sequence[UUID], **more: object) -> str:
        """Give the id of a lot whose sample is drawn."""
        made = await self.create(dossiers, **more)
        assert made.status_code == 201, made.text
        lot: str = made.json()["id"]
        started = await self.inspector.post(f"/qc/lots/{lot}/start")
        assert started.status_code == 200, started.text
        return lot

    async def read(self, lot: str) -> Told:
        """Give a lot as it is now."""
        told: Told = (await self.inspector.get(f"/qc/lots/{lot}")).json()
        return told

    async def waiting(self, lot: str) -> list[Told]:
        """Give the pages of a lot that wait for a person."""
        pages = (await self.inspector.get(f"/qc/lots/{lot}/pages", params={"limit": 500})).json()["items"]
        return [page for page in pages if page["awaits_person"]]

    async def say(self, page: Told, verdict: str, note: str = "") -> httpx.Response:
        """Judge the newest version of a page, as the inspector."""
        told = {"page_id": page["page_id"], "sha256": page["sha256"], "verdict": verdict, "note": note}
        return await self.inspector.put(f"/qc/verdicts/{uuid4()}", json={**told, "reason": REASONS.get(verdict, "")})

    async def order_rescan(self, page: Told) -> None:
        """Order a page to be scanned again."""
        answer = await self.say(page, "rescan", "quét lại")
        assert answer.status_code == 200, answer.text

    async def rescan(self, page: Told) -> None:
        """Send the new image of a page, and wait until it is checked."""
        dossier = UUID(page["dossier_id"])
        body = self.pages[page["number"] - 1]
        new = await self.master(dossier, page["number"], body, page=UUID(page["page_id"]), version=page["version"] + 1)
        await self.system.tell("qc", [new])
        await self.checked(dossier)

    async def decide(
        self, lot: str, decision: str, note: str = "", *, by: httpx.AsyncClient | None = None
    ) -> httpx.Response:
        """Accept or reject a lot, as the head unless somebody else is named."""
        return await (by or self.head).post(f"/qc/lots/{lot}/{decision}", json={"note": note})

    async def published(self, name: str) -> list[str]:
        """Give the bodies of events that qc has written for others."""
        database = self.system.services["qc"].context.database
        outbox = database.plumbing.outbox
        async with database.reading() as session:
            return list(await session.exec(select(outbox.body).where(outbox.name == name)))

    async def acts(self, subject: UUID | str) -> list[str]:
        """Give the acts that are recorded of something."""
        database = self.system.services["qc"].context.database
        audit = database.plumbing.audit
        async with database.reading() as session:
            rows = await session.exec(
                select(audit.act).where(audit.subject_id == UUID(str(subject))).order_by(col(audit.at))
            )
            return list(rows)


def refusal(answer: httpx.Response) -> tuple[int, str]:
    """Give the status and the code of a refusal."""
    return answer.status_code, answer.json()["code"]
