"""From a list to two deliveries, over HTTP: an amended list corrects what is sealed, then what was handed over."""

import io
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4
from zipfile import ZipFile

from shared.auth.roles import Role
from tests.harness import Bench
from tests.service.catalog_desk import ARRANGED, FONDS, Desk
from tests.service.conftest import Set
from tests.service.handover_office import RECEIVER, agreement_of, granted, opened_packages
from tests.service.qc_desk import told
from tests.service.test_ingest_pages import put
from tests.service.test_qc_journey import until

NO_READER = {"ingest_reader": "none"}
ALL = ("catalog", "ingest", "qc", "handover", "reporting")


async def test_a_correction_reaches_the_package_at_home_and_the_receiver(at_work: Set, made_pages: list[Path]) -> None:
    async with at_work(*ALL, **NO_READER) as system:
        await system.tell("handover", [granted(RECEIVER, Role.RECEIVER)])
        await Journey(system, made_pages[0].read_bytes()).run()


class Journey:
    """An archivist, a station, an inspector, an officer, a receiver, and two dossiers between them."""

    def __init__(self, system: Bench, image: bytes) -> None:
        self.system, self.image, self.desk = system, image, Desk(system)
        self.station = system.caller(Role.STATION, name="station-1")
        self.inspector = system.caller(Role.INSPECTOR, name="lan", account_id=uuid4())
        self.officer = system.caller(Role.HANDOVER_OFFICER)
        self.receiver = system.caller(Role.RECEIVER, account_id=RECEIVER)

    async def run(self) -> None:
        self.desk.fonds_id = await self.desk.fonds()
        corrected, stays = [await self.desk.chosen(number, page_count=1) for number in (1, 2)]
        first_list = await self.desk.approved_list(corrected, stays)
        for dossier in (corrected, stays):
            await self.preserve(dossier)
        second_list = await self.amend(first_list, corrected, "Hồ sơ đắp đê")
        seen = await self.revised(corrected, "Hồ sơ đắp đê")
        assert ([each["state"] for each in seen["revisions"]], seen["verified_copies"]) == (["preserved"], 2)
        unchanged = (await self.station.get(f"/ingest/dossiers/{stays}")).json()
        assert (unchanged["later_version"], unchanged["revisions"]) == (None, []), "what says the same makes no package"

        agreement = await agreement_of(self.system, 2, fonds_code=FONDS["code"])
        packages = {each["dossier_id"]: each for each in await self.deliver(agreement)}
        assert "Hồ sơ đắp đê" in await self.descriptions(packages[corrected])
        await self.accept(*packages.values())

        await self.amend(second_list, corrected, "Hồ sơ đắp đê Thao Giang")
        await self.revised(corrected, "Hồ sơ đắp đê Thao Giang")
        due = (await self.officer.get("/handover/preserved", params={"outdated": True})).json()["items"]
        assert [each["dossier_id"] for each in due] == [corrected]
        (again,) = await self.deliver(agreement, corrected)
        assert again["predecessor"] == packages[corrected]["objid"]
        assert "Thao Giang" in await self.descriptions(again)
        await self.accept(again)
        await until(self.agreed, "the ledger")

    async def preserve(self, dossier: str) -> None:
        """Scan the one page of a dossier, have it accepted, and wait for its copies."""

        async def state() -> Any:  # noqa: ANN401 - JSON
            answer = await self.station.get(f"/ingest/dossiers/{dossier}")
            return answer.json() if answer.status_code == 200 else {}

        async def shown() -> Any:  # noqa: ANN401 - JSON
            seen = (await self.inspector.get(f"/qc/dossiers/{dossier}")).json()
            is_ready = seen.get("compared_count") == 1 and seen["state"] == "scanned"
            return is_ready and (await self.inspector.get(f"/qc/dossiers/{dossier}/pages")).json()["items"]

        async def preserved() -> bool:
            return bool((await state()).get("state") == "preserved")

        await until(state, "the scan order")
        assert (await put(self.station, UUID(dossier), 1, self.image + dossier.encode())).status_code == 201
        closing = await self.station.post(f"/ingest/dossiers/{dossier}/closing", json={"scanned_count": 1})
        assert closing.status_code == 200
        (page,) = await until(shown, "the checks")
        note = {"note": "rõ"} if page["judgement"] == "fail" else {}
        answer = await self.inspector.put(f"/qc/verdicts/{uuid4()}", json=told(page, **note))
        assert answer.status_code == 200, answer.text
        done = await self.inspector.post(f"/qc/dossiers/{dossier}/acceptance", json={"note": "đủ"})
        assert done.json()["state"] == "accepted", done.text
        await until(preserved, "the sealing")

    async def amend(self, list_id: str, dossier: str, title: str) -> str:
        """Correct a title and approve it in the next edition of its list."""
        amended = await self.desk.amended(list_id)
        body = {"file_code": "H49.1954.1", "title": title, "page_count": 1, **ARRANGED}
        changed = await self.desk.put(f"/catalog/dossiers/{dossier}", body)
        assert changed.status_code == 200, changed.text
        assert (await self.desk.submit(amended)).status_code == 200
        assert (await self.desk.approve(amended)).status_code == 200
        return amended

    async def revised(self, dossier: str, title: str) -> dict[str, Any]:
        """Wait until ingest has a package of a title and handover knows it; gives the dossier then."""

        async def told_so() -> Any:  # noqa: ANN401 - JSON
            seen = (await self.station.get(f"/ingest/dossiers/{dossier}")).json()
            listed = (await self.officer.get("/handover/preserved")).json()["items"]
            known = {each["dossier_id"]: each["title"] for each in listed}
            return seen if seen["title"] == known.get(dossier) == title else None

        found: dict[str, Any] = await until(told_so, f"the package of {title}")
        return found

    async def deliver(self, agreement: str, *dossiers: str) -> list[dict[str, Any]]:
        body = {"agreement_id": agreement, "dossier_ids": dossiers}
        made = await self.officer.post("/handover/deliveries", json=body)
        assert made.status_code == 201, made.text
        return await opened_packages(self.system, made.json()["id"])

    async def accept(self, *packages: dict[str, Any]) -> None:
        for package in packages:
            said = {"answer": "accepted", "sha256": package["sha256"]}
            answer = await self.receiver.put(f"/handover/packages/{package['id']}/receipt", json=said)
            assert answer.status_code == 200, answer.text

    async def descriptions(self, package: dict[str, Any]) -> str:
        body = (await self.receiver.get(f"/handover/packages/{package['id']}/content")).content
        with ZipFile(io.BytesIO(body)) as packed:
            return "".join(packed.read(name).decode() for name in packed.namelist() if "/descriptive/" in name)

    async def agreed(self) -> bool:
        """Say whether the ledger counts each page once, all the way."""
        totals = (await self.desk.auditor.get("/reporting/ledger/totals")).json()
        steps = ("expected", "scanned", "accepted", "preserved", "delivered", "received")
        return [totals[each] for each in steps] == [2] * len(steps)
