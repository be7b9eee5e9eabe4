"""An agency's year with the centre, over HTTP from its account to the report; restored from the stores alone."""

import asyncio
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlmodel import SQLModel

from services.catalog.models.agencies import (
    Agency,
    AgencyAccess,
    AgencyAccount,
    AgencyCodeSpan,
    AgencyName,
    FondsAgencies,
    Past,
)
from services.catalog.models.difficulties import Difficulty
from services.catalog.models.transfers import Arrangement, MinutesDocument, Transfer, TransferMinutes
from services.catalog.models.yearly import YearlyLine, YearlyList
from services.reporting.models import ReportedDifficulty, ReportedTransfer
from shared.auth.roles import Role
from tests.grounds import Ground
from tests.harness import Bench
from tests.service.agencies_desk import AgenciesDesk, act
from tests.service.catalog_desk import Desk
from tests.service.restoring_desk import RestoringDesk
from tests.service.test_catalog_yearly import frozen

KEPT: list[type[SQLModel]] = [
    Agency, AgencyAccess, AgencyAccount, AgencyCodeSpan, AgencyName, FondsAgencies, Past, Difficulty, Arrangement,
    MinutesDocument, Transfer, TransferMinutes, YearlyLine, YearlyList,
]  # fmt: skip


async def test_an_account_made_by_the_administrator_acts_for_its_agency(whole_system: Bench) -> None:
    admin, archivist = whole_system.caller(Role.ADMIN), whole_system.caller(Role.ARCHIVIST)
    account = {"name": "so-cong-thuong", "kind": "person", "roles": ["agency"]}
    made = (await admin.post("/identity/accounts", json=account)).json()["account"]
    known = (await archivist.get("/identity/agency-accounts")).json()["items"]
    names = [{"name": "Sở Công Thương", "starts_on": "2008-01-01"}]
    agency = (await archivist.post("/catalog/agencies", json={"names": names})).json()
    url = f"/catalog/agencies/{agency['id']}/accounts/{made['id']}"
    for _ in range(100):  # until the catalog has heard of the account
        given = await archivist.put(url)
        if given.status_code == 200:
            break
        await asyncio.sleep(0.1)
    caller = whole_system.caller(Role.AGENCY, account_id=UUID(made["id"]))
    seen = (await caller.get("/catalog/agencies")).json()["items"]
    assert known == [{"id": made["id"], "name": "so-cong-thuong"}]
    assert [each["id"] for each in seen] == [agency["id"]]
    for shut in ("/catalog/fonds", "/catalog/dossiers", "/catalog/lists", "/catalog/yearly-lists", "/reporting/ledger"):
        assert (await caller.get(shut)).status_code == 403, shut


async def test_what_agencies_sent_in_comes_back_from_the_stores_alone(ground: Ground, tmp_path: Path) -> None:
    restoring = RestoringDesk(ground, [], tmp_path / "new")
    async with restoring.at_work() as system:
        desk = AgenciesDesk(Desk(system))
        await desk.open()
        desk.desk.fonds_id = await desk.desk.fonds()
        await sent_in(desk)
        await until_reported(system)
    protocol = await restoring.restore("archive")
    assert protocol.differences == []
    for table in KEPT:
        rows = await restoring.rows("catalog", table)
        assert rows, table
        assert rows == await restoring.rows_before("catalog", table), table
    for projection in (ReportedDifficulty, ReportedTransfer):
        rows = await restoring.rows("reporting", projection)
        assert rows, "made anew from what was heard"
        assert rows == await restoring.rows_before("reporting", projection)


async def sent_in(desk: AgenciesDesk) -> None:
    """Let an agency live through a year: a transfer with its minutes, a difficulty, a merger; and freeze two lists."""
    archivist, fonds = desk.archivist, f"/catalog/fonds/{desk.desk.fonds_id}/agencies"
    await archivist.put(fonds, json={"creator_id": desk.agency_id}, headers={"If-Match": '"0"'})
    told = {"reported_on": "2026-06-30", "arranged_metres": 25.5}
    transfer = (await act(desk.agency, await desk.registered(), "arrangements", told)).json()
    received = await desk.received(transfer)
    await archivist.put(
        f"/catalog/transfers/{received['id']}/minutes",
        content=b"%PDF scan",
        headers={"If-Match": f'"{received["version"]}"'},
    )
    body: dict[str, Any] = {
        "kind": "money",
        "text": "Thiếu kinh phí",
        "agency_id": desk.agency_id,
        "holds_no_secret": True,
    }
    assert (await desk.agency.post("/catalog/difficulties", json=body)).status_code == 201
    merged = {"successor_id": desk.other_id, "on": "2026-07-01", "basis": "Nghị quyết"}
    answer = await archivist.post(
        f"/catalog/agencies/{desk.agency_id}/succession", json=merged, headers={"If-Match": '"1"'}
    )
    assert answer.status_code == 200, answer.text
    await desk.desk.chosen(1)
    first = await frozen(desk.desk)
    await desk.desk.chosen(2)
    await frozen(desk.desk, replaces_id=first["id"])


async def until_reported(system: Bench) -> None:
    """Wait until reporting has heard of it."""
    auditor = system.caller(Role.AUDITOR)
    for _ in range(100):
        figures = (await auditor.get("/reporting/transfer-figures", params={"year": 2026})).json()
        if figures["total"]["received_transfers"] and (await auditor.get("/reporting/difficulties")).json()["items"]:
            return
        await asyncio.sleep(0.1)
    raise AssertionError("never heard")
