"""An open delivery whose receiver can answer no more is given up by two persons; its dossiers go another way."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from joserfc.jwk import OKPKey

from shared.auth.roles import Role
from tests.harness import Bench
from tests.service.conftest import Set
from tests.service.handover_office import RECEIVER, agreement_of, gathered, granted, opened_packages, sealed
from tests.service.test_handover_receipts import PUBLIC, receipt
from tests.service.test_handover_revised import again_delivered, preserved

WHY = {"reason": "Bên nhận mất khóa ký xác nhận."}


@pytest.fixture
async def system(at_work: Set) -> AsyncIterator[Bench]:
    async with at_work("catalog", "ingest", "handover", "reporting") as made:
        await made.tell("handover", [granted(RECEIVER, Role.RECEIVER)])
        yield made


def told(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


async def differences(system: Bench, dossier: UUID) -> list[tuple[str, str]]:
    """Give what the ledger says of a dossier behind its preservation, once it has heard why."""
    found: list[tuple[str, str]] = []
    for _ in range(100):
        listed = (await system.caller(Role.AUDITOR).get("/reporting/ledger/differences")).json()["items"]
        mine = [each for each in listed if each["dossier_id"] == str(dossier)]
        found = [(each["step"], each["explanation"]) for each in mine if each["step"] in ("delivered", "received")]
        if any(explanation for _, explanation in found):
            break
        await asyncio.sleep(0.1)
    return found


async def test_unanswered_packages_are_explained_and_their_dossiers_go_under_a_new_key(
    system: Bench, made_pages: list[Path]
) -> None:
    first = await sealed(system, made_pages[:1])
    second = await sealed(system, made_pages[1:2], code="H49.2001.002")
    delivery = await gathered(system, dossiers=2, receipt_key=PUBLIC)
    packages = {each["dossier_id"]: each for each in await opened_packages(system, delivery)}
    done, left = packages[str(first)], packages[str(second)]
    receiver, officer = system.caller(Role.RECEIVER, account_id=RECEIVER), system.caller(Role.HANDOVER_OFFICER)
    accepted = await receiver.put(f"/handover/packages/{done['id']}/receipt", json=receipt(done, "accepted", []))
    assert accepted.status_code == 200
    place, approver = f"/handover/deliveries/{delivery}/giving-up", system.caller(Role.APPROVER)
    paper = f"/handover/deliveries/{delivery}/papers/dossier-list.xlsx"
    before = (await officer.get(paper)).content
    assert told(await approver.post(f"{place}/approval")) == (409, "handover.giving_up_unasked")
    assert told(await officer.post(f"{place}/approval")) == (403, "forbidden")
    assert (await officer.post(place, json=WHY)).json()["state"] == "open"
    given_up = (await approver.post(f"{place}/approval")).json()
    assert (given_up["state"], given_up["is_complete"], given_up["given_up_at"] is None) == ("closed", True, False)
    assert given_up["packages"] == {"accepted": 1, "given_up": 1}
    assert (await preserved(system, first))["package_id"] == done["id"], "what was answered stays answered"
    assert (await preserved(system, second))["package_id"] is None
    assert (await officer.get(paper)).content == before, "papers stay what both sides signed"
    late = await receiver.put(f"/handover/packages/{left['id']}/receipt", json=receipt(left, "accepted", []))
    assert told(late) == (409, "handover.package_not_offered")
    assert told(await receiver.get(f"/handover/packages/{left['id']}/content")) == (409, "handover.package_not_offered")
    assert await differences(system, second) == [("received", WHY["reason"])]
    key = OKPKey.generate_key("Ed25519").as_pem(private=False).decode()
    again = await again_delivered(system, await agreement_of(system, 1, receipt_key=key))
    (package,) = await opened_packages(system, again.json()["id"])
    assert package["dossier_id"] == str(second)


async def test_only_an_open_delivery_is_given_up_and_by_another_person_than_asked(
    system: Bench, made_pages: list[Path]
) -> None:
    await sealed(system, made_pages[:1])
    delivery, both = await gathered(system), uuid4()
    officer: Any = system.caller(Role.HANDOVER_OFFICER, account_id=both)
    place = f"/handover/deliveries/{delivery}/giving-up"
    assert told(await officer.post(place, json=WHY)) == (409, "handover.delivery_not_open")
    await opened_packages(system, delivery)
    assert (await officer.post(place, json=WHY)).status_code == 200
    own = system.caller(Role.APPROVER, account_id=both)
    assert told(await own.post(f"{place}/approval")) == (403, "handover.own_giving_up")
    other = system.caller(Role.APPROVER)
    assert (await other.get(f"/handover/deliveries/{delivery}")).json()["giving_up_reason"] == WHY["reason"]
    assert (await other.post(f"{place}/approval")).status_code == 200
    assert told(await other.post(f"{place}/approval")) == (409, "handover.delivery_not_open")
    assert told(await officer.post(place, json=WHY)) == (409, "handover.delivery_not_open")
