"""A scanner station beside ingest: its folder, its journal, and a line on which a test lets things happen."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID, uuid4

import httpx
from pydantic import SecretStr

from cli.client import ApiClient
from cli.credential import Credential
from cli.scan.agent import ScanAgent
from cli.scan.journal import Journal
from cli.scan.round import Round
from shared.auth.roles import Role
from shared.events.qc import DossierAccepted, RescanOrdered, pages_digest
from shared.ids import DossierId, PageId, RescanOrderId
from tests.facts import approved
from tests.harness import Bench
from tests.service.conftest import Set

QUIET = 0.05
Meanwhile = Callable[[httpx.Request], None]


def jpeg(text: str, size: int = 3000) -> bytes:
    """Make bytes that begin as a JPEG does; nobody decodes them here."""
    return b"\xff\xd8\xff\xe0" + (text.encode() * size)[:size] + b"\xff\xd9"


class Line(httpx.AsyncBaseTransport):
    """Carries requests to the app, gives tokens in identity's place; `meanwhile` sees each request leave."""

    def __init__(self, system: Bench, role: Role, account_id: UUID | None = None) -> None:
        self._app = httpx.ASGITransport(app=system._app, raise_app_exceptions=False)  # type: ignore[arg-type]
        self._token = system.issuer.token(role, name="station-1", account_id=account_id)
        self.meanwhile: Meanwhile = lambda _request: None
        self.carried: list[str] = []

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Carry a request."""
        if request.url.path == "/identity/tokens":
            return httpx.Response(200, json={"access_token": self._token, "expires_in": 600})
        self.meanwhile(request)
        await request.aread()
        if len(request.content) != int(request.headers.get("content-length", len(request.content))):
            raise httpx.LocalProtocolError("Too little data for declared Content-Length", request=request)
        self.carried.append(f"{request.method} {request.url.path}")
        return await self._app.handle_async_request(request)


def client_on(line: Line, patience: float = 5) -> ApiClient:
    """Give a client on a line."""
    nobody = Credential(url="http://saoluu.test", account_id=uuid4(), secret=SecretStr("none"))
    return ApiClient(nobody, patience=patience, transport=line)


@dataclass
class Station:
    """A station that scans into one folder."""

    system: Bench
    line: Line
    root: Path
    agent: ScanAgent
    journal: Journal
    told: list[tuple[str, int, int]] = field(default_factory=list)

    def scan(self, name: str, body: bytes | None = None) -> Path:
        """Let the scanner write a page."""
        place = self.root / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(jpeg(name) if body is None else body)
        return place

    async def once(self, **how: bool) -> Round:
        """Run the agent once."""
        return await self.agent.run_once(patience=2, **how)

    def pages(self, dossier_id: UUID) -> dict[int, tuple[str, int]]:
        """Give each page's file and newest version, as the journal has them."""
        newest = self.journal.remembered(str(dossier_id)).newest
        return {number: (entry.file, entry.version) for number, entry in newest.items()}

    async def order_rescan(self, dossier_id: UUID, number: int) -> None:
        """Have an inspector want a page again."""
        known = self.journal.remembered(str(dossier_id)).newest[number]
        order = RescanOrdered(
            rescan_order_id=RescanOrderId(uuid4()),
            page_id=PageId(UUID(known.page_id)),
            dossier_id=DossierId(dossier_id),
            page_number=number,
            page_version=known.version,
            reason="mờ",
        )
        await self.system.tell("ingest", [order])


CODE = "H49"


@asynccontextmanager
async def station_at(at_work: Set, folder: Path) -> AsyncIterator[Station]:
    """Set a station up beside an ingest at work."""
    async with at_work("ingest") as system:
        line = Line(system, Role.STATION)
        (folder / "scans").mkdir()
        with Journal(folder / "journal.db") as journal:
            async with client_on(line) as client:
                agent = ScanAgent(client, folder / "scans", journal, quiet=QUIET)
                yield Station(system, line, folder / "scans", agent, journal)


async def preserved(station: Station, dossier: UUID) -> None:
    """Bring the dossier to its two verified copies."""
    caller = station.system.caller(Role.STATION)
    newest = station.journal.remembered(str(dossier)).newest
    digests = [(number, entry.version, entry.sha256) for number, entry in sorted(newest.items())]
    closing = {"scanned_count": len(digests), "explanation": "đủ"}
    assert (await caller.post(f"/ingest/dossiers/{dossier}/closing", json=closing)).status_code == 200
    accepted = DossierAccepted(
        dossier_id=approved(dossier).dossier_id,
        accepted_count=len(digests),
        reserved_count=0,
        pages_sha256=pages_digest(digests),
    )
    await station.system.tell("ingest", [accepted])
    for _ in range(300):
        if (await caller.get(f"/ingest/dossiers/{dossier}")).json()["verified_copies"] == 2:
            return
        await asyncio.sleep(0.1)
    raise AssertionError("it was not preserved")


async def numbers_there(station: Station, dossier: UUID) -> dict[int, str]:
    """Give each page's file name, as the archive has it."""
    answer = await station.system.caller(Role.STATION).get(f"/ingest/dossiers/{dossier}/pages")
    return {page["number"]: page["file_name"] for page in answer.json()["items"]}
