"""Nothing is delivered without an agreement that has its document, was approved by another person, and is in force."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from joserfc.jwk import ECKey, OKPKey

from services.handover.domain.agreement import LARGEST_DOCUMENT
from shared.auth.roles import Role
from shared.clock import day_in_vietnam, now
from tests.harness import Bench
from tests.service.conftest import Set
from tests.service.handover_office import RECEIVER, TERMS, approved_agreement, granted
from tests.service.reporting_facts import Dossier

TODAY = day_in_vietnam(now())


@pytest.fixture
async def system(at_work: Set) -> AsyncIterator[Bench]:
    async with at_work("handover") as made:
        await made.tell("handover", [granted(RECEIVER, Role.RECEIVER), Dossier().preserved()])
        yield made


async def drafted(caller: httpx.AsyncClient, **terms: Any) -> httpx.Response:  # noqa: ANN401 - JSON
    return await caller.post("/handover/agreements", json={**TERMS, **terms})


async def gather(system: Bench, agreement: str) -> httpx.Response:
    officer = system.caller(Role.HANDOVER_OFFICER)
    return await officer.post("/handover/deliveries", json={"agreement_id": agreement})


def told(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


async def test_only_what_another_person_approved_is_delivered_under(system: Bench) -> None:
    lan = system.caller(Role.HANDOVER_OFFICER, Role.APPROVER, name="lan", account_id=UUID(int=5))
    minh = system.caller(Role.HANDOVER_OFFICER, Role.APPROVER, name="minh", account_id=UUID(int=6))
    hoa = system.caller(Role.APPROVER, name="hoa", account_id=UUID(int=7))
    made = (await drafted(lan, with_masters=True, medium="media", profile="csip-2.2")).json()
    place = f"/handover/agreements/{made['id']}"
    assert (made["state"], made["with_masters"], made["medium"], made["profile"]) == (
        "draft",
        True,
        "media",
        "csip-2.2",
    )
    assert told(await gather(system, made["id"])) == (409, "handover.agreement_not_agreed")
    assert told(await hoa.post(f"{place}/approval")) == (409, "handover.agreement_incomplete")
    assert told(await hoa.get(f"{place}/document")) == (404, "handover.document_missing")
    attached = await minh.put(f"{place}/document", params={"name": "thỏa thuận 01.pdf"}, content=b"%PDF-1.7 \0\xff")
    assert (attached.status_code, attached.json()["document_size"]) == (200, 11)
    for hand in (lan, minh):
        assert told(await hand.post(f"{place}/approval")) == (403, "handover.own_agreement")
    approved = (await hoa.post(f"{place}/approval")).json()
    assert (approved["state"], approved["approved_by"]) == ("agreed", "hoa")
    document = await hoa.get(f"{place}/document")
    assert (document.content, document.headers["etag"]) == (b"%PDF-1.7 \0\xff", f'"{approved["document_sha256"]}"')
    assert document.headers["content-type"] == "application/octet-stream", "no browser shows what it might be"
    for late in (hoa.post(f"{place}/approval"), minh.put(f"{place}/document", content=b"other")):
        assert told(await late) == (409, "handover.state_goes_backwards")
    assert (await gather(system, made["id"])).status_code == 201
    assert (await minh.post(f"{place}/ending", json={"reason": "hết hạn"})).json()["state"] == "ended"
    assert told(await gather(system, made["id"])) == (409, "handover.agreement_not_agreed")
    assert told(await hoa.post(f"{place}/approval")) == (409, "handover.state_goes_backwards")


async def test_an_agreement_counts_on_its_days_only(system: Bench) -> None:
    officer, day = system.caller(Role.HANDOVER_OFFICER), timedelta(days=1)
    for starts_on, ends_on, status in (
        (TODAY, TODAY, 201),
        (TODAY + day, None, 409),
        (TODAY - day, TODAY - day, 409),
    ):
        days = {"starts_on": starts_on.isoformat(), "ends_on": ends_on.isoformat() if ends_on else None}
        made = (await drafted(officer, **days)).json()
        await approved_agreement(system, made["id"])
        answer = await gather(system, made["id"])
        assert answer.status_code == status, (days, answer.text)
        assert status == 201 or answer.json()["code"] == "handover.agreement_not_in_force"
    wrong = await drafted(officer, starts_on="2026-12-02", ends_on="2026-12-01")
    assert told(wrong) == (422, "handover.agreement_terms_wrong")
    for terms in ({"part_size": 5}, {"part_size": 1 << 60}, {"profile": "none"}, {"medium": "pigeon"}):
        assert told(await drafted(officer, **terms)) == (422, "invalid_request"), terms


async def test_a_document_is_of_any_bytes_up_to_a_limit(system: Bench) -> None:
    officer = system.caller(Role.HANDOVER_OFFICER)
    made = (await drafted(officer)).json()
    place = f"/handover/agreements/{made['id']}/document"
    assert told(await officer.put(place, content=b"x" * (LARGEST_DOCUMENT + 1))) == (413, "too_large")
    assert told(await officer.put(place, content=b"")) == (422, "handover.document_empty")
    assert (await officer.put(place, content=b"x" * LARGEST_DOCUMENT)).json()["document_size"] == LARGEST_DOCUMENT
    assert (await officer.put(place, content=b"y")).json()["document_size"] == 1, "until it is approved"
    missing = await officer.put(f"/handover/agreements/{uuid4()}/document", content=b"x")
    assert told(missing) == (404, "handover.agreement_unknown")


async def test_a_receipt_key_is_the_public_half_of_an_ed25519_key(system: Bench) -> None:
    officer, key = system.caller(Role.HANDOVER_OFFICER), OKPKey.generate_key("Ed25519")
    private = key.as_pem(private=True).decode()
    for wrong in ("x", private, ECKey.generate_key("P-256").as_pem(private=False).decode(), "khóa"):
        assert told(await drafted(officer, receipt_key=wrong)) == (422, "handover.receipt_key_unusable")
    other = OKPKey.generate_key("X25519").as_pem(private=False).decode()
    assert told(await drafted(officer, receipt_key=other)) == (422, "handover.receipt_key_unusable")
    assert (await drafted(officer, receipt_key=key.as_pem(private=False).decode())).status_code == 201


async def test_a_receiver_sees_its_own_agreements_and_no_drafts(system: Bench) -> None:
    officer = system.caller(Role.HANDOVER_OFFICER)
    draft, agreed = [(await drafted(officer)).json()["id"] for _ in range(2)]
    await approved_agreement(system, agreed)
    receiver, stranger = (system.caller(Role.RECEIVER, account_id=each) for each in (RECEIVER, uuid4()))
    assert [each["id"] for each in (await receiver.get("/handover/agreements")).json()["items"]] == [agreed]
    assert (await stranger.get("/handover/agreements")).json()["items"] == []
    assert (await receiver.get(f"/handover/agreements/{agreed}/document")).status_code == 200
    for caller, hidden in ((receiver, draft), (stranger, agreed)):
        for what in ("", "/document"):
            answer = await caller.get(f"/handover/agreements/{hidden}{what}")
            assert told(answer) == (404, "handover.agreement_unknown")
