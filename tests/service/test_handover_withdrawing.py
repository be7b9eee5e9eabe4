"""With whom anything can be agreed, and how what was not opened yet is given up."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from services.handover.domain.state import NEXT, DeliveryState
from shared.auth.roles import Role
from shared.events.identity import AccountDisabled, AccountEnabled
from shared.ids import AccountId
from tests.grounds import Ground
from tests.harness import Bench
from tests.service.conftest import Set
from tests.service.handover_office import (
    RECEIVER,
    approved_agreement,
    damage_what_is_sent,
    delivered,
    failed_job,
    gathered,
    granted,
    sealed,
)
from tests.service.reporting_facts import Dossier

WHY = {"reason": "hỏng cả hai bản"}


@pytest.fixture
async def system(at_work: Set) -> AsyncIterator[Bench]:
    async with at_work("catalog", "ingest", "handover", "reporting") as made:
        await made.tell("handover", [granted(RECEIVER, Role.RECEIVER)])
        yield made


async def agree(system: Bench, receiver: UUID, fonds_code: str = "P01") -> httpx.Response:
    told = {"receiver_id": str(receiver), "receiver_name": "Cục", "fonds_code": fonds_code}
    told |= {"agreed_on": "2026-11-24", "reference": "01/TT"}
    return await system.caller(Role.HANDOVER_OFFICER).post("/handover/agreements", json=told)


async def agreed(system: Bench) -> str:
    """Agree, with document and approval; gives the agreement's id."""
    made = str((await agree(system, RECEIVER)).json()["id"])
    await approved_agreement(system, made)
    return made


async def packages_of(officer: httpx.AsyncClient, delivery: str) -> list[dict[str, Any]]:
    listed: list[dict[str, Any]] = (await officer.get(f"/handover/deliveries/{delivery}/packages")).json()["items"]
    return listed


async def waiting(officer: httpx.AsyncClient) -> set[str]:
    listed = (await officer.get("/handover/preserved")).json()["items"]
    return {each["dossier_id"] for each in listed if each["package_id"] is None}


async def are_waiting(officer: httpx.AsyncClient, expected: set[str]) -> bool:
    return await waiting(officer) == expected


async def is_in_state(officer: httpx.AsyncClient, delivery: str, state: str) -> bool:
    return bool((await officer.get(f"/handover/deliveries/{delivery}")).json()["state"] == state)


async def until(look: Callable[[], Awaitable[bool]]) -> None:
    for _ in range(300):
        if await look():
            return
        await asyncio.sleep(0.1)
    pytest.fail("it does not come")


async def test_nothing_is_agreed_with_a_stranger_or_about_a_fonds_that_nobody_knows(system: Bench) -> None:
    await system.tell("handover", [Dossier().preserved()])
    station = uuid4()
    await system.tell("handover", [granted(station, Role.STATION)])
    for account in (uuid4(), station):
        refused = await agree(system, account)
        assert (refused.status_code, refused.json()["code"]) == (422, "handover.receiver_unknown")
    refused = await agree(system, RECEIVER, "P0l")
    assert (refused.status_code, refused.json()["code"]) == (422, "handover.fonds_unknown")
    assert (await agree(system, RECEIVER)).status_code == 201


async def test_who_may_receive_no_longer_gets_no_new_delivery(system: Bench) -> None:
    await system.tell("handover", [Dossier().preserved()])
    agreement = await agreed(system)
    earlier = granted(RECEIVER, Role.RECEIVER)
    earlier = earlier.model_copy(update={"occurred_at": earlier.occurred_at - timedelta(hours=1)})
    await system.tell("handover", [granted(RECEIVER, Role.MONITOR), earlier])
    officer = system.caller(Role.HANDOVER_OFFICER)
    refused = await officer.post("/handover/deliveries", json={"agreement_id": agreement})
    assert (refused.status_code, refused.json()["code"]) == (422, "handover.receiver_unknown")


async def test_nothing_is_agreed_with_or_gathered_for_a_receiver_that_is_shut_out(system: Bench) -> None:
    await system.tell("handover", [Dossier().preserved()])
    agreement = await agreed(system)
    await system.tell("handover", [AccountDisabled(account_id=AccountId(RECEIVER))])
    officer = system.caller(Role.HANDOVER_OFFICER)
    gathering = officer.post("/handover/deliveries", json={"agreement_id": agreement})
    for refused in (await agree(system, RECEIVER), await gathering):
        assert (refused.status_code, refused.json()["code"]) == (422, "handover.receiver_disabled")
    await system.tell("handover", [AccountEnabled(account_id=AccountId(RECEIVER))])
    assert (await agree(system, RECEIVER)).status_code == 201


async def test_a_cancelled_delivery_frees_its_dossiers_and_stays_cancelled(
    system: Bench, made_pages: list[Path]
) -> None:
    dossier = str(await sealed(system, made_pages[:1]))
    first, officer = await gathered(system), system.caller(Role.HANDOVER_OFFICER, name="lan")
    assert await waiting(officer) == set()
    wordless = await officer.post(f"/handover/deliveries/{first}/cancellation", json={"reason": " "})
    assert wordless.status_code == 422
    cancelled = await officer.post(f"/handover/deliveries/{first}/cancellation", json=WHY)
    assert (cancelled.status_code, cancelled.json()["state"]) == (200, "cancelled")
    assert (cancelled.json()["reason"], cancelled.json()["packages"]) == (WHY["reason"], {"withdrawn": 1})
    assert await waiting(officer) == {dossier}
    for act in ("opening", "cancellation"):
        again = await officer.post(f"/handover/deliveries/{first}/{act}", json=WHY)
        assert (again.status_code, again.json()["code"]) == (409, "handover.state_goes_backwards")
    package = await delivered(system)
    assert (package["dossier_id"], package["state"]) == (dossier, "offered")
    for act in (f"deliveries/{package['delivery_id']}/cancellation", f"packages/{package['id']}/withdrawal"):
        late = await officer.post(f"/handover/{act}", json=WHY)
        assert (late.status_code, late.json()["code"]) == (409, "handover.state_goes_backwards"), "it is open"
    acts = (await system.caller(Role.AUDITOR).get("/handover/audit", params={"subject_id": first})).json()["items"]
    assert [(act["actor"], act["act"]) for act in acts if "cancelled" in act["act"]] == [("lan", "delivery.cancelled")]
    receiver = system.caller(Role.RECEIVER, account_id=RECEIVER)
    assert [each["id"] for each in (await receiver.get("/handover/deliveries")).json()["items"]] == [
        package["delivery_id"]
    ]


async def test_a_package_that_cannot_be_built_is_withdrawn_and_the_others_are_delivered(
    system: Bench, made_pages: list[Path], ground: Ground
) -> None:
    broken = str(await sealed(system, made_pages[:1], "H49.2001.001"))
    for store in ("archive", "reserve"):
        await damage_what_is_sent(ground.store(store))
    whole = str(await sealed(system, made_pages[1:2], "H49.2001.002"))
    officer = system.caller(Role.HANDOVER_OFFICER)
    await until(lambda: are_waiting(officer, {broken, whole}))
    delivery = await gathered(system)
    subject = (await failed_job(system))["subject_id"]
    assert (await officer.post(f"/handover/deliveries/{delivery}/opening")).status_code == 409
    withdrawn = await officer.post(f"/handover/packages/{subject}/withdrawal", json=WHY)
    assert (withdrawn.status_code, withdrawn.json()["state"], withdrawn.json()["dossier_id"]) == (
        200,
        "withdrawn",
        broken,
    )
    assert withdrawn.json()["reason"] == WHY["reason"]
    assert await waiting(officer) == {broken}
    await until(lambda: is_in_state(officer, delivery, "ready"))
    (last,) = [each for each in await packages_of(officer, delivery) if each["state"] == "built"]
    refused = await officer.post(f"/handover/packages/{last['id']}/withdrawal", json=WHY)
    assert (refused.status_code, refused.json()["code"]) == (409, "handover.nothing_would_remain")
    assert (await officer.post(f"/handover/deliveries/{delivery}/opening")).status_code == 200
    receiver = system.caller(Role.RECEIVER, account_id=RECEIVER)
    listed = {each["dossier_id"]: each["state"] for each in await packages_of(receiver, delivery)}
    assert listed == {broken: "withdrawn", whole: "offered"}
    told = {"answer": "accepted", "sha256": last["sha256"]}
    assert (await receiver.put(f"/handover/packages/{last['id']}/receipt", json=told)).status_code == 200
    assert (await officer.get(f"/handover/deliveries/{delivery}")).json()["state"] == "closed"


def test_nothing_follows_a_cancelled_or_released_delivery() -> None:
    assert NEXT[DeliveryState.CANCELLED] == NEXT[DeliveryState.RELEASED] == frozenset()
    assert NEXT[DeliveryState.CLOSED] == {DeliveryState.RELEASED}
    assert DeliveryState.CANCELLED not in NEXT[DeliveryState.OPEN]
