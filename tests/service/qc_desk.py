"""An inspectors' desk in tests: dossiers whose pages are checked already, put straight into qc's database."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from sqlmodel import select

from services.qc.models import InspectedDossier, InspectedPage, Lot, PageCheck
from shared.auth.roles import Role
from shared.clock import now
from shared.events.base import Event
from shared.events.ingest import MasterStored
from shared.ids import DossierId, PageId
from tests.grounds import Ground
from tests.harness import Bench

CLOCKS = ("holding", "desk", "locking", "pacing", "accepting_many")


@dataclass
class Clock:
    """A clock that a test puts forward."""

    ahead: timedelta = timedelta()

    def __call__(self) -> datetime:
        return now() + self.ahead

    def pass_by(self, **time: float) -> None:
        """Let time pass."""
        self.ahead += timedelta(**time)


def wind_up(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """Put a clock that can be put forward where qc asks for the time."""
    clock = Clock()
    for module in CLOCKS:
        monkeypatch.setattr(f"services.qc.operations.{module}.now", clock)
    return clock


@dataclass
class Desk:
    """Qc, with inspectors at it."""

    system: Bench
    ground: Ground
    inspectors: dict[str, httpx.AsyncClient] = field(default_factory=dict)

    def inspector(self, name: str) -> httpx.AsyncClient:
        """Give an inspector, the same one for the same name."""
        if name not in self.inspectors:
            self.inspectors[name] = self.system.caller(Role.INSPECTOR, name=name, account_id=uuid4())
        return self.inspectors[name]

    async def dossier(self, judgements: str, *, sampled: tuple[int, ...] = (), lot: UUID | None = None) -> UUID:
        """Lay out a scanned dossier; a letter for each page: (p)ass, (r)eview, (f)ail, (-) not checked yet."""
        dossier_id = uuid4()
        words = {"p": "pass", "r": "review", "f": "fail", "-": None}
        async with self.system.services["qc"].context.database.writing() as uow:
            if lot is not None:  # one whose sample was refused, so that its dossiers are concluded one by one
                refused = Lot(id=lot, name="Lô mẫu", series="mẫu", state="rejected", page_count=100, created_by="lan")
                await uow.session.merge(refused)
            uow.session.add(
                InspectedDossier(
                    dossier_id=dossier_id, lot_id=lot, fonds_code="P01", file_code="H49.01", title="Hồ sơ mẫu",
                    scanned_count=len(judgements), state="scanned", seed=1,
                )
            )  # fmt: skip
            for number, letter in enumerate(judgements, 1):
                page_id, sha256, judgement = uuid4(), uuid4().hex * 2, words[letter]
                findings: list[dict[str, object]] = [] if letter != "r" else [
                    {"code": "content.blank", "severity": "review", "value": None, "limit": None}
                ]  # fmt: skip
                uow.session.add(
                    InspectedPage(
                        page_id=page_id, dossier_id=dossier_id, lot_id=lot, number=number, version=1, sha256=sha256,
                        is_readable=None if judgement is None else True, judgement=judgement, findings=findings,
                        is_sampled=number in sampled, is_compared=judgement is not None,
                    )
                )  # fmt: skip
                uow.session.add(
                    PageCheck(
                        id=uuid4(), page_id=page_id, dossier_id=dossier_id, number=number, version=1, key="k",
                        sha256=sha256, size=1, media_type="image/jpeg", judgement=judgement, findings=findings,
                        has_images=True,
                    )
                )  # fmt: skip
        return dossier_id

    async def pages(self, dossier_id: UUID) -> list[dict[str, Any]]:
        """Give the pages of a dossier as they are shown."""
        answer = await self.inspector("ai").get(f"/qc/dossiers/{dossier_id}/pages", params={"limit": 500})
        pages: list[dict[str, Any]] = answer.json()["items"]
        return pages

    async def take(self, name: str, scope: UUID, count: int = 10, **further: object) -> list[dict[str, Any]]:
        """Have an inspector take pages; gives them as they are handed out."""
        answer = await self.inspector(name).post(f"/qc/scopes/{scope}/holds", json={"count": count, **further})
        assert answer.status_code == 200, answer.text
        return [taken["page"] for taken in answer.json()["pages"]]

    async def say(
        self, name: str, page: dict[str, Any], verdict: str = "accepted", **further: object
    ) -> httpx.Response:
        """Have an inspector give a verdict under a new key."""
        return await self.inspector(name).put(f"/qc/verdicts/{uuid4()}", json=told(page, verdict, **further))

    async def undo(self, name: str, key: object) -> httpx.Response:
        """Have an inspector take a verdict back."""
        return await self.inspector(name).put(f"/qc/verdicts/{uuid4()}", json={"undoes": str(key)})

    async def rescanned(self, page: dict[str, Any], version: int = 2, order: UUID | None = None) -> str:
        """Let a newer image of a page arrive; gives its digest."""
        sha256 = uuid4().hex * 2
        stored = MasterStored(
            page_id=PageId(UUID(page["page_id"])), version=version, dossier_id=DossierId(UUID(page["dossier_id"])),
            page_number=page["number"], key=f"{page['page_id']}/{version}", sha256=sha256, size=1,
            media_type="image/jpeg", station="station-1",
        )  # fmt: skip
        await self.ground.store("incoming").lay(stored.key, b"x")
        await self.system.tell("qc", [stored])
        return sha256

    async def told_of(self, event: type[Event]) -> list[Any]:
        """Give the events of a kind that qc has written for others."""
        database = self.system.services["qc"].context.database
        outbox = database.plumbing.outbox
        async with database.reading() as session:
            asked = select(outbox.body).where(outbox.name == event.name).order_by("position")
            return [event.model_validate_json(body) for body in await session.exec(asked)]


def told(page: dict[str, Any], verdict: str = "accepted", **further: object) -> dict[str, Any]:
    """Say something of a page as it was shown."""
    return {"page_id": page["page_id"], "sha256": page["sha256"], "verdict": verdict, **further}


def code_of(answer: httpx.Response) -> tuple[int, str]:
    """Give status and code of a refusal."""
    return answer.status_code, str(answer.json().get("code"))


def queued(page: dict[str, Any], verdict: str = "accepted", **further: object) -> dict[str, Any]:
    """Make a verdict as it waits in a client's queue."""
    return {"key": str(uuid4()), **told(page, verdict, **further)}


async def send(desk: Desk, name: str, *queue: dict[str, Any]) -> list[dict[str, Any]]:
    """Send a queue; gives the answers."""
    answer = await desk.inspector(name).post("/qc/verdicts", json={"verdicts": queue})
    assert answer.status_code == 200, answer.text
    answers: list[dict[str, Any]] = answer.json()["answers"]
    return answers


def results(answers: list[dict[str, Any]]) -> list[str]:
    """Give for each answer the verdict or the code of the refusal."""
    return [each["given"]["verdict"] if each["given"] else each["refused"]["code"] for each in answers]
