"""A list from its maker to its second edition, over HTTP: what stations, inspectors and the ledger hear of it."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from typing import Any
from uuid import UUID

import pytest

from shared.auth.roles import Role
from shared.ids import new_id
from tests.grounds import EmbeddedGround
from tests.harness import Bench, Issuer, bench
from tests.service.catalog_desk import ARRANGED, Desk, decided
from tests.service.test_ingest_pages import JPEG, put

SERVICES = ("catalog", "ingest", "qc", "handover", "reporting")


@pytest.fixture
async def system(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Bench]:
    ground = EmbeddedGround(tmp_path_factory.mktemp("ground"))
    services = [await ground.service(name) for name in SERVICES]
    async with bench(Issuer(ground.folder), *services) as made:
        yield made


async def until(look: Callable[[], Awaitable[bool]]) -> None:
    """Wait until the others have heard."""
    for _ in range(200):
        if await look():
            return
        await asyncio.sleep(0.05)
    raise AssertionError("it was never heard")


class Office:
    """An archivist's desk beside a scanning station."""

    def __init__(self, system: Bench) -> None:
        self.desk = Desk(system)
        self.station = system.caller(Role.STATION, account_id=new_id())

    async def order(self, dossier: str) -> dict[str, Any]:
        """Give a dossier as the station sees it."""
        told: dict[str, Any] = (await self.station.get(f"/ingest/dossiers/{dossier}")).json()
        return told

    async def wait_for(self, dossiers: Sequence[str], **wanted: object) -> None:
        """Wait until the station sees dossiers so."""

        async def seen() -> bool:
            orders = [await self.order(each) for each in dossiers]
            return all(order.get(name) == value for order in orders for name, value in wanted.items())

        await until(seen)

    async def first_edition(self, dossiers: Sequence[str]) -> str:
        """Have a list appraised and approved with its decision."""
        list_id = await self.desk.list_of(*dossiers)
        await self.desk.submit(list_id)
        opinion = {"opinion": "Đủ căn cứ", "remarks": [{"dossier_id": dossiers[-1], "remark": "nghi trùng"}]}
        appraised = await decided(self.desk.appraiser, list_id, "appraisal", opinion)
        assert appraised.status_code == 200, appraised.text
        decision = {"number": "12/QĐ-TTLT", "signed_on": "02/03/2026", "signer": "Trần Thị Mai"}
        approved = await decided(self.desk.approver, list_id, "approval", {"decision": decision})
        assert (approved.json()["state"], approved.json()["number"]) == ("approved", 1)
        return list_id


async def test_a_withdrawn_dossier_is_scanned_no_further_and_a_corrected_one_as_described_anew(system: Bench) -> None:
    office = Office(system)
    desk = office.desk
    desk.fonds_id = await desk.fonds()
    stays, corrected, gone, begun = dossiers = [await desk.chosen(number, page_count=2) for number in (1, 2, 3, 4)]
    first = await office.first_edition(dossiers)
    await office.wait_for(dossiers, state="open")
    assert (await put(office.station, UUID(begun), 1, JPEG)).status_code == 201
    second = await desk.amended(first)
    for dossier in (gone, begun):
        await desk.archivist.delete(f"/catalog/lists/{second}/dossiers/{dossier}")
    body = {"file_code": "H49.1954.2", "title": "Hồ sơ đắp đê", "page_count": 3, **ARRANGED}
    assert (await desk.put(f"/catalog/dossiers/{corrected}", body)).status_code == 200
    differences = (await desk.auditor.get(f"/catalog/lists/{second}/differences")).json()["items"]
    assert {each["dossier_id"]: each["kind"] for each in differences} == {
        corrected: "changed", gone: "withdrawn", begun: "withdrawn",
    }  # fmt: skip
    await office.wait_for([gone], state="open")  # the first edition is valid until the second is approved
    await desk.submit(second)
    assert (await desk.approve(second)).status_code == 200
    await office.wait_for([gone, begun], state="withdrawn", is_withdrawn=True)
    assert (await put(office.station, UUID(gone), 1, JPEG)).json()["code"] == "ingest.dossier_withdrawn"
    await office.wait_for([begun], scanned_count=1)
    await office.wait_for([stays], version=2, title="Hồ sơ 1")
    await office.wait_for([corrected], title="Hồ sơ đắp đê", expected_count=3, state="open")

    async def left_the_plan() -> bool:
        totals = (await desk.auditor.get("/reporting/ledger/totals")).json()
        seen = (await desk.auditor.get(f"/qc/dossiers/{gone}")).json()
        return (totals["expected"], totals["withdrawn"], seen["is_withdrawn"]) == (2 + 3, 2, True)

    await until(left_the_plan)
