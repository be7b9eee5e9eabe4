"""An archivist's desk, for the tests of the catalog: a running service, its people, and workbooks to import."""

import asyncio
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from io import BytesIO
from typing import Any
from uuid import UUID

import httpx
from openpyxl import Workbook
from sqlmodel import col, func, select

from services.catalog.domain.columns import DOSSIERS
from services.catalog.domain.state import ENDED
from services.catalog.models import CriterionMark, Dossier, plumbing
from services.catalog.models.imports import WorkbookImport
from shared.auth.roles import Role
from shared.events.base import Event
from shared.events.catalog import DossierApproved
from shared.ids import new_id
from tests.grounds import Ground
from tests.harness import Bench, Issuer, bench

FONDS = {"code": "P01", "title": "Ủy ban hành chính tỉnh", "kind": "fonds", "archive_code": "H49"}
ARRANGED: dict[str, object] = {
    "is_arranged": True, "arrangement_number": "1/BB-CL", "arrangement_on": "2024", "secrecy_by": "Nguyễn Thị Lan",
}  # fmt: skip
RIGHT: dict[str, object] = {
    "fileCode": "H49.64.1954.001",
    "title": "Hồ sơ về việc đắp đê",
    "numberOfPage": 12,
    "criteria": "permanent",
    "evidence": "Mục lục số 1",
    "arranged": "x",
    "arrangementNumber": "1/BB-CL",
    "arrangementDate": "2024",
    "secrecyCheckedBy": "Nguyễn Thị Lan",
}


class Desk:
    """One fonds, an archivist who describes and chooses, an approver who decides."""

    def __init__(self, made: Bench) -> None:
        self.made = made
        self.archivist_id = new_id()
        self.archivist = made.caller(Role.ARCHIVIST, name="lan", account_id=self.archivist_id)
        self.approver = made.caller(Role.APPROVER, name="minh")
        self.appraiser = made.caller(Role.APPRAISER, name="hoa")
        self.auditor = made.caller(Role.AUDITOR)
        self.fonds_id = ""
        self.database = made.services["catalog"].context.database

    async def fonds(self, **changes: str) -> str:
        """Add a fonds."""
        answer = await self.archivist.post("/catalog/fonds", json={**FONDS, **changes})
        assert answer.status_code == 201, answer.text
        return str(answer.json()["id"])

    async def dossier(self, number: int = 1, **changes: object) -> str:
        """Add a dossier that may be listed, but for its criteria."""
        told = {"fonds_id": self.fonds_id, "file_code": f"H49.1954.{number}", "title": f"Hồ sơ {number}",
                "page_count": 10, **ARRANGED, **changes}  # fmt: skip
        answer = await self.archivist.post("/catalog/dossiers", json=told)
        assert answer.status_code == 201, answer.text
        return str(answer.json()["id"])

    async def chosen(self, number: int = 1, **changes: object) -> str:
        """Add a dossier that may be listed."""
        dossier_id = await self.dossier(number, **changes)
        marks = {"criteria": [{"criterion": "permanent", "evidence": "Mục lục số 1"}]}
        assert (await self.put(f"/catalog/dossiers/{dossier_id}/criteria", marks)).status_code == 200
        return dossier_id

    async def put(self, url: str, told: object) -> httpx.Response:
        """Change a dossier in the version that it has now."""
        seen = await self.archivist.get("/".join(url.split("/")[:4]))
        return await self.archivist.put(url, json=told, headers={"If-Match": seen.headers.get("etag", '"1"')})

    async def list_of(self, *dossier_ids: str, fonds_id: str = "") -> str:
        """Begin a list and put dossiers on it."""
        told = {"fonds_id": fonds_id or self.fonds_id, "name": "Danh mục 2026", "year": 2026}
        list_id = str((await self.archivist.post("/catalog/lists", json=told)).json()["id"])
        if dossier_ids:
            assert (await self.put_on(list_id, *dossier_ids)).status_code == 200
        return list_id

    async def put_on(self, list_id: str, *dossier_ids: str) -> httpx.Response:
        """Put dossiers on a list."""
        return await self.archivist.put(f"/catalog/lists/{list_id}/dossiers", json={"dossier_ids": list(dossier_ids)})

    async def submit(self, list_id: str) -> httpx.Response:
        """Submit a list."""
        return await decided(self.archivist, list_id, "submission")

    async def approve(self, list_id: str) -> httpx.Response:
        """Approve a list."""
        return await decided(self.approver, list_id, "approval")

    async def import_rows(self, *rows: Mapping[str, object], **asks: str) -> httpx.Response:
        """Import rows into the fonds."""
        return await self.send(workbook(rows), **asks)

    async def send(self, content: bytes | AsyncIterator[bytes], **asks: str) -> httpx.Response:
        """Import the bytes of a file into the fonds; gives the refusal, or what became of it in the end."""
        answer = await self.order(content, **asks)
        return await self.ended(answer.json()["id"]) if answer.status_code == 202 else answer

    async def order(self, content: bytes | AsyncIterator[bytes], **asks: str) -> httpx.Response:
        """Send the bytes of a file and wait for nothing."""
        params = {"fonds_id": self.fonds_id, **asks}
        return await self.archivist.post("/catalog/imports", params=params, content=content)

    async def ended(self, import_id: str) -> httpx.Response:
        """Look until an import has ended."""
        async with asyncio.timeout(60):
            while True:
                answer = await self.archivist.get(f"/catalog/imports/{import_id}")
                if answer.json()["state"] in ENDED:
                    return answer
                await asyncio.sleep(0.02)

    async def published(self) -> list[Event]:
        """Give everything that was published."""
        async with self.database.reading() as session:
            rows = (await session.exec(select(plumbing.outbox).order_by(col(plumbing.outbox.position)))).all()
        return [Event.known[row.name].model_validate_json(row.body) for row in rows]

    async def events(self) -> list[DossierApproved]:
        """Give what was published of approved dossiers; nothing else was."""
        found = [event for event in await self.published() if isinstance(event, DossierApproved)]
        assert len(found) == len(await self.published())
        return found

    async def approved_list(self, *dossier_ids: str) -> str:
        """Bring dossiers onto an approved list."""
        list_id = await self.list_of(*dossier_ids)
        assert (await self.submit(list_id)).status_code == 200
        assert (await self.approve(list_id)).status_code == 200
        return list_id

    async def amended(self, list_id: str) -> str:
        """Begin an amendment."""
        answer = await self.archivist.post(f"/catalog/lists/{list_id}/amendment", json={"reason": "rà soát lại"})
        assert answer.status_code == 201, answer.text
        return str(answer.json()["id"])

    async def acts(self) -> list[str]:
        """Give the acts that were recorded, oldest first."""
        async with self.database.reading() as session:
            return list(await session.exec(select(plumbing.audit.act).order_by(col(plumbing.audit.id))))

    async def counts(self) -> tuple[int, int, int]:
        """Count dossiers, criteria and imports."""
        async with self.database.reading() as session:
            return (
                (await session.exec(select(func.count()).select_from(Dossier))).one(),
                (await session.exec(select(func.count()).select_from(CriterionMark))).one(),
                (await session.exec(select(func.count()).select_from(WorkbookImport))).one(),
            )

    async def stored(self, dossier_id: str) -> Dossier:
        """Give a dossier as the database has it."""
        async with self.database.reading() as session:
            return await session.get_one(Dossier, UUID(dossier_id))


@asynccontextmanager
async def catalog_desk(ground: Ground, **settings: Any) -> AsyncIterator[Desk]:  # noqa: ANN401 - any setting
    """Set the catalog to work on new ground, with one fonds."""
    service = await ground.service("catalog", **settings)
    async with bench(Issuer(ground.folder), service) as made:
        desk = Desk(made)
        desk.fonds_id = await desk.fonds()
        yield desk


async def decided(
    person: httpx.AsyncClient,
    list_id: str,
    act: str,
    body: object = None,
    *,
    seen: str = "",
    **asks: Any,  # noqa: ANN401 - whatever else is asked
) -> httpx.Response:
    """Decide on a list as it was seen, or as it is now; whoever may not look at it names some tag or other."""
    place, method = f"/catalog/lists/{list_id}", "PUT" if act.startswith("decision") else "POST"
    tag = seen or (await person.get(place)).headers.get("etag", f'"{"0" * 32}"')
    return await person.request(method, f"{place}/{act}", json=body, headers={"If-Match": tag}, **asks)


def workbook(rows: Iterable[Mapping[str, object]], columns: Sequence[str] = tuple(DOSSIERS.readers)) -> bytes:
    """Make an inventory: headings for people, field names, rows."""
    book = Workbook()
    sheet = book.active or book.create_sheet()
    sheet.title = "Hồ sơ"
    sheet.append([f"Cột {name}" for name in columns])
    sheet.append(list(columns))
    for row in rows:
        sheet.append([row.get(name) for name in columns])
    written = BytesIO()
    book.save(written)
    return written.getvalue()
