"""An officer who writes a delivery onto a medium: the system, a line to it, and a folder as the medium."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx

from cli.deliver.choosing import chosen
from cli.deliver.medium import Wanted
from cli.deliver.writing import Writing, Written
from services.handover.models import Agreement
from shared.auth.roles import Role
from shared.delivery.signature import anchors_in
from tests.harness import Bench
from tests.service.conftest import Set
from tests.service.handover_office import RECEIVER, agreement_of, granted, opened_packages, sealed
from tests.service.station import Line, client_on

Bend = Callable[[bytes], AsyncIterator[bytes]]
SERVICES = ("catalog", "ingest", "handover", "reporting")


@dataclass
class DeliveringDesk:
    """One delivery that is open, and the medium that it is to be written onto."""

    system: Bench
    line: Line
    to: Path
    delivery_id: str
    packages: list[dict[str, Any]]
    ranges: list[str] = field(default_factory=list)

    @property
    def folder(self) -> Path:
        """Give the delivery's folder on the medium."""
        return self.to / "P01-001"

    @property
    def zips(self) -> list[Path]:
        """Give the packages on the medium by name."""
        return sorted(self.folder.glob("*.zip"))

    @property
    def base(self) -> str:
        """Give the delivery's address."""
        return f"/handover/deliveries/{self.delivery_id}"

    async def write(
        self, *parts: int, label: str = "HDD 01", serial: str = "S1", asked: str = "P01-001", ca: Path | None = None
    ) -> Written:
        """Write, noting from where packages are fetched."""
        self.ranges.clear()

        def note(request: httpx.Request) -> None:
            if request.url.path.endswith("/content") and "if-none-match" not in request.headers:
                self.ranges.append(request.headers.get("range", "all"))

        self.line.meanwhile = note
        async with client_on(self.line, patience=2) as client:
            wanted = Wanted(await chosen(client, asked), label, serial, frozenset(parts))
            anchors = anchors_in(ca) if ca else ()
            return await Writing(client, self.to, wanted, lambda *_: None, anchors, patience=0.1).run()

    async def media(self) -> list[dict[str, Any]]:
        """Give the media that are noted, as the receiver sees them."""
        receiver = self.system.caller(Role.RECEIVER, account_id=RECEIVER)
        listed: list[dict[str, Any]] = (await receiver.get(f"{self.base}/media")).json()["items"]
        return listed

    def bend(self, bent: Bend, name: str = "content") -> None:
        """Let something happen to every body of this name on its way, packages where none is told, from now on."""
        carry = Line.handle_async_request

        async def carried(request: httpx.Request) -> httpx.Response:
            answer = await carry(self.line, request)
            if not request.url.path.endswith(f"/{name}") or answer.status_code not in (200, 206):
                return answer
            return httpx.Response(answer.status_code, headers=answer.headers, content=bent(await answer.aread()))

        self.line.handle_async_request = carried  # type: ignore[method-assign]

    def unbend(self) -> None:
        """Let the line be as it was."""
        del self.line.handle_async_request


@asynccontextmanager
async def delivering(
    at_work: Set,
    pages: list[Path],
    medium: Path,
    settings: Mapping[str, str],
    *,
    dossiers: int = 1,
    agreed: str = "media",
    is_opened: bool = True,
    receipt_key: str = "",
) -> AsyncIterator[DeliveringDesk]:
    """Open a delivery of some dossiers, each in a part of its own, under an agreement about media."""
    async with at_work(*SERVICES, **settings) as system:
        await system.tell("handover", [granted(RECEIVER, Role.RECEIVER)])
        for number in range(1, dossiers + 1):
            await sealed(system, pages[:1], code=f"H49.2001.{number:03d}")
        agreement = await agreement_of(system, dossiers, medium=agreed, receipt_key=receipt_key)
        async with system.services["handover"].context.database.writing() as uow:
            (await uow.session.get_one(Agreement, UUID(agreement))).part_size = 1  # less than may be agreed
        officer = system.caller(Role.HANDOVER_OFFICER)
        made = await officer.post("/handover/deliveries", json={"agreement_id": agreement})
        assert made.status_code == 201, made.text
        packages = await opened_packages(system, made.json()["id"]) if is_opened else []
        await asyncio.to_thread(medium.mkdir)
        line = Line(system, Role.HANDOVER_OFFICER)
        yield DeliveringDesk(system, line, medium, made.json()["id"], packages)
