"""A preserved dossier that is withdrawn from its list is handed over no more, until it is approved anew."""

import asyncio
import io
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from openpyxl import load_workbook

from shared.auth.roles import Role
from shared.events.catalog import DossierApproved, DossierWithdrawn
from shared.ids import DossierId, SelectionListId
from shared.jobs import Worker
from tests.facts import approved
from tests.harness import Bench
from tests.service.conftest import Set
from tests.service.handover_office import RECEIVER, agreement_of, delivered, gathered, granted, opened_packages, sealed
from tests.service.test_handover_revised import answered, preserved

GONE = "handover.dossier_withdrawn"


@pytest.fixture
async def system(at_work: Set) -> AsyncIterator[Bench]:
    async with at_work("catalog", "ingest", "handover", "reporting") as made:
        await made.tell("handover", [granted(RECEIVER, Role.RECEIVER)])
        yield made


def withdrawn(dossier: UUID, version: int = 1) -> DossierWithdrawn:
    list_id = SelectionListId(uuid4())
    return DossierWithdrawn(
        dossier_id=DossierId(dossier), list_id=list_id, reason="phát hiện hồ sơ mật", version=version
    )


def anew(dossier: UUID, version: int = 2) -> DossierApproved:
    return approved(dossier).model_copy(update={"version": version})


async def named(system: Bench, *dossiers: UUID) -> Any:  # noqa: ANN401 - an answer
    agreement = await agreement_of(system, 1)
    body = {"agreement_id": agreement, "dossier_ids": [str(each) for each in dossiers]}
    return await system.caller(Role.HANDOVER_OFFICER).post("/handover/deliveries", json=body)


async def until_ready(system: Bench, delivery: str) -> None:
    seen: dict[str, Any] = {}
    for _ in range(300):
        seen = (await system.caller(Role.HANDOVER_OFFICER).get(f"/handover/deliveries/{delivery}")).json()
        if seen["state"] == "ready":
            return
        await asyncio.sleep(0.1)
    raise AssertionError(seen)


async def test_it_is_gathered_into_no_delivery_and_shown_with_its_withdrawal(
    system: Bench, made_pages: list[Path]
) -> None:
    dossier, other = await sealed(system, made_pages[:1]), uuid4()
    await system.tell("handover", [withdrawn(dossier), withdrawn(dossier)])
    with pytest.raises(AssertionError, match="nothing_to_deliver"):
        await gathered(system)
    refused = await named(system, dossier, other)
    assert (refused.status_code, refused.json()["code"]) == (409, "handover.dossiers_unavailable")
    assert refused.json()["reasons"] == {str(dossier): "withdrawn", str(other): "not_preserved"}
    seen = await preserved(system, dossier)
    assert seen["withdrawn_at"]
    assert seen["withdrawal_reason"] == "phát hiện hồ sơ mật"
    await system.tell("handover", [anew(dossier)])
    seen = await preserved(system, dossier)
    assert (seen["withdrawn_at"], seen["withdrawal_reason"]) == (None, "")
    assert (await named(system, dossier)).status_code == 201


async def test_the_version_counts_however_the_words_arrive(system: Bench, made_pages: list[Path]) -> None:
    early, late = approved(), approved()
    await system.tell(
        "handover", [withdrawn(early.dossier_id), anew(late.dossier_id, 3), withdrawn(late.dossier_id, 2)]
    )
    dossier = await sealed(system, made_pages[:1])
    await system.tell("handover", [anew(dossier, 3), withdrawn(dossier, 2), anew(dossier, 1)])
    assert (await preserved(system, dossier))["withdrawn_at"] is None
    await system.tell("handover", [withdrawn(dossier, 3), withdrawn(dossier, 1), anew(dossier, 3)])
    assert (await preserved(system, dossier))["withdrawn_at"]
    assert (await named(system, dossier)).json()["reasons"] == {str(dossier): "withdrawn"}


async def test_a_delivery_is_not_opened_with_it_until_its_package_is_withdrawn(
    system: Bench, made_pages: list[Path]
) -> None:
    dossier = await sealed(system, made_pages[:1])
    await sealed(system, made_pages[1:2], code="H49.2001.002")
    delivery, officer = await gathered(system, dossiers=2), system.caller(Role.HANDOVER_OFFICER)
    await until_ready(system, delivery)
    await system.tell("handover", [withdrawn(dossier)])
    refused = await officer.post(f"/handover/deliveries/{delivery}/opening")
    assert (refused.status_code, refused.json()["code"]) == (409, GONE)
    assert refused.json()["dossiers"] == [str(dossier)]
    packages = (await officer.get(f"/handover/deliveries/{delivery}/packages")).json()["items"]
    (package,) = [each for each in packages if each["dossier_id"] == str(dossier)]
    given_up = await officer.post(f"/handover/packages/{package['id']}/withdrawal", json={"reason": "hồ sơ mật"})
    assert given_up.status_code == 200
    states = {each["dossier_id"]: each["state"] for each in await opened_packages(system, delivery)}
    assert sorted(states.values()) == ["offered", "withdrawn"]
    assert states[str(dossier)] == "withdrawn"


async def test_neither_an_offered_package_is_served_any_more_nor_an_accepted_one(
    system: Bench, made_pages: list[Path]
) -> None:
    dossier = await sealed(system, made_pages[:1])
    package: dict[str, Any] = await delivered(system)
    receiver, content = system.caller(Role.RECEIVER, account_id=RECEIVER), f"/handover/packages/{package['id']}/content"
    await system.tell("handover", [withdrawn(dossier)])
    for caller in (receiver, system.caller(Role.HANDOVER_OFFICER)):
        for query in ("", "?form=tar"):
            refused = await caller.get(content + query)
            assert (refused.status_code, refused.json()["code"]) == (409, GONE)
    await system.tell("handover", [anew(dossier)])
    assert (await receiver.get(content)).status_code == 200
    await answered(system, package)
    await system.tell("handover", [withdrawn(dossier, 2)])
    refused = await receiver.get(content)
    assert (refused.status_code, refused.json()["code"]) == (409, GONE)
    receipt = (await receiver.get(f"/handover/packages/{package['id']}/receipt")).json()
    assert receipt["answer"] == "accepted", "the receiver has it"
    await answered(system, package)  # said once more, it is the same answer


async def test_it_cannot_be_accepted_unseen_but_rejected(system: Bench, made_pages: list[Path]) -> None:
    dossier = await sealed(system, made_pages[:1])
    package: dict[str, Any] = await delivered(system)
    receiver, place = system.caller(Role.RECEIVER, account_id=RECEIVER), f"/handover/packages/{package['id']}"
    await system.tell("handover", [withdrawn(dossier)])
    said: dict[str, Any] = {"answer": "accepted", "sha256": package["sha256"]}
    refused = await receiver.put(f"{place}/receipt", json=said)
    assert (refused.status_code, refused.json()["code"]) == (409, GONE)
    said |= {"answer": "rejected", "reasons": [{"code": "outside_agreement"}]}
    assert (await receiver.put(f"{place}/receipt", json=said)).status_code == 200
    assert (await receiver.get(f"{place}/content")).json()["code"] == GONE


async def test_its_title_is_held_back_while_it_is_withdrawn(system: Bench, made_pages: list[Path]) -> None:
    dossier = await sealed(system, made_pages[:1])
    package: dict[str, Any] = await delivered(system)
    receiver = system.caller(Role.RECEIVER, account_id=RECEIVER)

    async def listed() -> tuple[str, str]:
        paper = await receiver.get(f"/handover/deliveries/{package['delivery_id']}/papers/dossier-list.xlsx")
        rows = load_workbook(io.BytesIO(paper.content)).worksheets[0].iter_rows(values_only=True)
        told = " ".join(str(cell) for row in rows for cell in row if cell is not None)
        return told, (await preserved(system, dossier))["title"]

    before = await listed()
    assert all("Hồ sơ mẫu" in each for each in before)
    await system.tell("handover", [withdrawn(dossier)])
    paper, title = await listed()
    assert "Hồ sơ mẫu" not in paper
    assert "H49.2001.001" in paper
    assert title == "H49.2001.001"
    await system.tell("handover", [anew(dossier)])
    assert await listed() == before


async def test_nothing_is_built_or_proved_of_it(at_work: Set, made_pages: list[Path]) -> None:
    async with at_work("catalog", "ingest", "handover", "reporting", handover_builders="0") as system:
        await system.tell("handover", [granted(RECEIVER, Role.RECEIVER)])
        dossier, admin = await sealed(system, made_pages[:1]), system.caller(Role.ADMIN)
        delivery = await gathered(system)
        service = system.services["handover"]
        worker = Worker(service.context.database, service.kinds, 1, service.meter)
        for version in (1, 2):  # its layout, then its bytes
            await system.tell("handover", [withdrawn(dossier, version)])
            await worker.work_once()
            (failed,) = (await admin.get("/handover/jobs?state=failed")).json()["items"]
            assert failed["error"].startswith(GONE)
            await system.tell("handover", [anew(dossier, version + 1)])
            assert (await admin.post(f"/handover/jobs/{failed['id']}/retry")).status_code == 200
            await worker.work_once()
        await worker.work_once()  # its manifest
        await until_ready(system, delivery)
