"""An agency's own desk beside the archivist's, for the tests of what agencies send in."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

import httpx

from shared.auth.roles import Role
from shared.events.identity import AccountGranted
from shared.ids import AccountId, new_id
from tests.grounds import Ground
from tests.service.catalog_desk import Desk, catalog_desk

TRANSFER = {
    "title": "Phông Sở Công nghiệp",
    "starts_on": "1976",
    "ends_on": "12/2004",
    "dossier_count": 1200,
    "shelf_metres": 25.5,
    "box_count": 204,
    "planned_year": 2026,
    "holds_no_secret": True,
}
MINUTES = {
    "number": "05/BB-TTLTLS",
    "signed_on": "2026-10-20",
    "given_by": "Trần Văn Bình, Chánh Văn phòng",
    "received_by": "Nguyễn Thị Lan, Trưởng phòng",
    "dossier_count": 1195,
    "shelf_metres": 25.5,
    "box_count": 203,
}


class AgenciesDesk:
    """Two agencies with an account each, and the archivist's desk."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.archivist, self.auditor = desk.archivist, desk.auditor
        self.agency_id = self.other_id = ""
        self.agency = self.other = desk.auditor

    async def open(self) -> None:
        """Make the agencies, and let an account act for each."""
        self.agency_id, self.agency = await self.acting("Sở Công Thương", "H49.12")
        self.other_id, self.other = await self.acting("Sở Y tế", "H49.30")

    async def acting(self, name: str, code: str) -> tuple[str, httpx.AsyncClient]:
        """Make an agency and a caller that acts for it."""
        told = {"names": [{"name": name, "starts_on": "2008-01-01"}],
                "codes": [{"code": code, "starts_on": "2008-01-01"}]}  # fmt: skip
        agency_id = str((await self.archivist.post("/catalog/agencies", json=told)).json()["id"])
        account: UUID = new_id()
        await self.desk.made.tell(
            "catalog",
            [AccountGranted(account_id=AccountId(account), account_name=name, kind="person", roles=("agency",))],
        )
        answer = await self.archivist.put(f"/catalog/agencies/{agency_id}/accounts/{account}")
        assert answer.status_code == 200, answer.text
        return agency_id, self.desk.made.caller(Role.AGENCY, name=name, account_id=account)

    async def registered(self, **changes: object) -> dict[str, Any]:
        """Let the agency register a transfer."""
        body = {**TRANSFER, "agency_id": self.agency_id, **changes}
        answer = await self.agency.post("/catalog/transfers", json=body)
        assert answer.status_code == 201, answer.text
        told: dict[str, Any] = answer.json()
        return told

    async def received(self, transfer: dict[str, Any], **changes: object) -> dict[str, Any]:
        """Take a transfer in."""
        answer = await act(self.archivist, transfer, "receipt", {**MINUTES, **changes})
        assert answer.status_code == 200, answer.text
        told: dict[str, Any] = answer.json()
        return told


async def act(caller: httpx.AsyncClient, transfer: dict[str, Any], what: str, body: object = None) -> httpx.Response:
    """Change a transfer in the version that was seen."""
    url, headers = f"/catalog/transfers/{transfer['id']}", {"If-Match": f'"{transfer["version"]}"'}
    if what == "":
        return await caller.put(url, json=body, headers=headers)
    return await caller.post(f"{url}/{what}", json=body, headers=headers)


@asynccontextmanager
async def agencies_desk(ground: Ground) -> AsyncIterator[AgenciesDesk]:
    """Set the catalog to work with two agencies."""
    async with catalog_desk(ground) as desk:
        made = AgenciesDesk(desk)
        await made.open()
        yield made
