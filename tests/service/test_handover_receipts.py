"""Receipts: coded, signed as was agreed, given once; a rejection asks for a correction that the next package names."""

import json
from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from joserfc.jwk import OKPKey
from sqlalchemy import update
from sqlmodel import col

from services.handover.domain.restorable import restorable_until
from services.handover.models import Package
from shared.auth.roles import Role
from shared.clock import day_in_vietnam, now
from shared.delivery.receipt import sign, statement
from tests.harness import Bench
from tests.service.conftest import Set
from tests.service.handover_office import RECEIVER, delivered, gathered, granted, opened_packages, sealed

KEY = OKPKey.generate_key("Ed25519")
PUBLIC, PRIVATE = (KEY.as_pem(private=is_private).decode() for is_private in (False, True))
ILLEGIBLE = [{"code": "illegible", "note": "trang 2"}]


@pytest.fixture
async def system(at_work: Set) -> AsyncIterator[Bench]:
    async with at_work("catalog", "ingest", "handover", "reporting") as made:
        await made.tell("handover", [granted(RECEIVER, Role.RECEIVER)])
        yield made


def told(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


def receipt(
    package: dict[str, Any], answer: str, reasons: list[dict[str, str]], key: str = PRIVATE, **signed: str
) -> dict[str, Any]:
    """Make a signed receipt; `signed` is signed in place of what is said."""
    said = {"answer": answer, "sha256": package["sha256"], **signed}
    signature = sign(statement(UUID(package["id"]), package["objid"], said["answer"], said["sha256"], reasons), key)
    return {"answer": answer, "sha256": package["sha256"], "reasons": reasons, "signature": signature}


async def test_what_was_agreed_to_be_signed_is_taken_with_the_right_signature_only(
    system: Bench, made_pages: list[Path]
) -> None:
    await sealed(system, made_pages[:1])
    package: dict[str, Any] = await delivered(system, receipt_key=PUBLIC)
    receiver = system.caller(Role.RECEIVER, account_id=RECEIVER)
    place = f"/handover/packages/{package['id']}/receipt"
    assert told(await receiver.get(place)) == (404, "handover.receipt_unknown")
    good = receipt(package, "accepted", [])
    stranger = OKPKey.generate_key("Ed25519").as_pem(private=True).decode()
    for forged in (
        {**receipt(package, "rejected", []), "answer": "accepted"},
        receipt(package, "accepted", [], sha256="0" * 64),
        receipt(package, "accepted", [], stranger),
        {**good, "signature": good["signature"][:-5] + "AAAAA"},
        {**good, "signature": "x.y.z"},
        {**good, "signature": good["signature"] + "\u00e9"},
        {**receipt(package, "rejected", ILLEGIBLE), "reasons": [{"code": "duplicate"}]},
    ):
        assert told(await receiver.put(place, json=forged)) == (422, "handover.receipt_forged"), forged
    assert told(await receiver.put(place, json={**good, "signature": ""})) == (422, "handover.receipt_unsigned")
    first, again = [(await receiver.put(place, json=good)).json() for _ in range(2)]
    assert first == again == (await receiver.get(place)).json()
    assert first["signature"] == good["signature"]
    differs = receipt(package, "rejected", ILLEGIBLE)
    assert told(await receiver.put(place, json=differs)) == (409, "handover.receipt_differs")


async def test_a_receipt_belongs_to_who_the_package_is_for(system: Bench, made_pages: list[Path]) -> None:
    await sealed(system, made_pages[:1])
    package: dict[str, Any] = await delivered(system, receipt_key=PUBLIC)
    stranger = system.caller(Role.RECEIVER, account_id=uuid4())
    place = f"/handover/packages/{package['id']}/receipt"
    answers = [await stranger.put(place, json=receipt(package, "accepted", [])), await stranger.get(place)]
    for what in (f"deliveries/{package['delivery_id']}", f"packages/{package['id']}"):
        parts = ("parts", "manifest.jsonl", "manifest.jsonl.p7s", "content", "packages")
        answers += [await stranger.get(f"/handover/{what}/{part}") for part in parts]
    assert {answer.status_code for answer in answers} == {404}
    codes = {answer.json()["code"] for answer in answers}
    assert codes == {"handover.package_unknown", "handover.delivery_unknown", "not_found"}


async def test_reasons_are_coded_and_some_need_a_note(system: Bench, made_pages: list[Path]) -> None:
    await sealed(system, made_pages[:1])
    package: dict[str, Any] = await delivered(system)
    receiver = system.caller(Role.RECEIVER, account_id=RECEIVER)
    place = f"/handover/packages/{package['id']}/receipt"
    listed = (await receiver.get("/handover/reasons", headers={"Accept-Language": "en"})).json()["items"]
    assert {"code": "duplicate", "text": "This dossier was received before", "needs_note": False} in listed
    said = {"answer": "rejected", "sha256": package["sha256"]}
    for reasons, code in (
        ([], "reason_missing"),
        ([{"code": "nonsense"}], "reason_unknown"),
        ([{"code": "other"}], "reason_note_missing"),
    ):
        assert told(await receiver.put(place, json={**said, "reasons": reasons})) == (422, f"handover.{code}")
    both = {**said, "answer": "accepted", "reasons": ILLEGIBLE}
    assert told(await receiver.put(place, json=both)) == (422, "handover.reason_unexpected")
    assert told(await receiver.get(place)) == (404, "handover.receipt_unknown"), "nothing of all that was taken"
    signed = {**said, "reasons": ILLEGIBLE, "signature": "x.y.z"}
    assert told(await receiver.put(place, json=signed)) == (422, "handover.receipt_forged"), "no key was agreed"
    assert (await receiver.put(place, json={**said, "reasons": ILLEGIBLE})).json()["reasons"] == ILLEGIBLE
    answer = await receiver.put(place, json={**said, "reasons": [{"code": "illegible", "note": "trang 3"}]})
    assert told(answer) == (409, "handover.receipt_differs"), "twice different"


async def test_a_rejected_package_is_replaced_whatever_form_is_agreed_by_then(
    system: Bench, made_pages: list[Path]
) -> None:
    await sealed(system, made_pages[:1])
    first: dict[str, Any] = await delivered(system)
    receiver = system.caller(Role.RECEIVER, account_id=RECEIVER)
    rejected = {"answer": "rejected", "sha256": first["sha256"], "reasons": ILLEGIBLE}
    assert (await receiver.put(f"/handover/packages/{first['id']}/receipt", json=rejected)).status_code == 200
    second: dict[str, Any] = await delivered(system, profile="csip-2.1", with_masters=True)
    assert (first["holds"], second["holds"], second["predecessor"]) == ("readings", "both", first["objid"])


async def test_a_rejected_package_is_replaced_by_one_that_names_it_and_then_the_delivery_is_complete(
    system: Bench, made_pages: list[Path]
) -> None:
    await sealed(system, made_pages[:1])
    first: dict[str, Any] = await delivered(system)
    receiver, officer = system.caller(Role.RECEIVER, account_id=RECEIVER), system.caller(Role.HANDOVER_OFFICER)
    rejected = {"answer": "rejected", "sha256": first["sha256"], "reasons": ILLEGIBLE}
    assert (await receiver.put(f"/handover/packages/{first['id']}/receipt", json=rejected)).status_code == 200

    async def delivery() -> tuple[str, int, bool]:
        seen = (await officer.get(f"/handover/deliveries/{first['delivery_id']}")).json()
        return seen["state"], seen["open_corrections"], seen["is_complete"]

    async def corrections(*, is_settled: bool) -> list[dict[str, Any]]:
        listed = await officer.get("/handover/corrections", params={"is_settled": str(is_settled).lower()})
        found: list[dict[str, Any]] = listed.json()["items"]
        return found

    assert await delivery() == ("closed", 1, False)
    (open_,) = await corrections(is_settled=False)
    assert (open_["package_id"], open_["objid"], open_["successor_id"]) == (first["id"], first["objid"], None)
    given_up = await gathered(system)
    (linked,) = await corrections(is_settled=False)
    assert linked["successor_id"] is not None
    await officer.post(f"/handover/deliveries/{given_up}/cancellation", json={"reason": "nhầm"})
    assert [each["successor_id"] for each in await corrections(is_settled=False)] == [None], "it waits again"
    (second,) = await opened_packages(system, await gathered(system))
    assert second["predecessor"] == first["objid"]
    content = (await receiver.get(f"/handover/packages/{second['id']}/content")).content
    assert first["objid"].encode() in content, "METS names the package that it replaces"
    manifest = (await receiver.get(f"/handover/deliveries/{second['delivery_id']}/manifest.jsonl")).text
    assert json.loads(manifest.splitlines()[1])["predecessor"] == first["objid"]
    accepted = {"answer": "accepted", "sha256": second["sha256"]}
    assert (await receiver.put(f"/handover/packages/{second['id']}/receipt", json=accepted)).status_code == 200
    assert await delivery() == ("closed", 0, True)
    (settled,) = await corrections(is_settled=True)
    assert settled["successor_id"] == second["id"]


async def test_a_difference_may_be_explained_instead(system: Bench, made_pages: list[Path]) -> None:
    await sealed(system, made_pages[:1])
    package: dict[str, Any] = await delivered(system)
    receiver, officer = system.caller(Role.RECEIVER, account_id=RECEIVER), system.caller(Role.HANDOVER_OFFICER)
    rejected = {"answer": "rejected", "sha256": package["sha256"], "reasons": [{"code": "duplicate"}]}
    await receiver.put(f"/handover/packages/{package['id']}/receipt", json=rejected)
    (found,) = (await officer.get("/handover/corrections")).json()["items"]
    place = f"/handover/corrections/{found['id']}/explanation"
    assert (await officer.post(place, json={"explanation": " "})).status_code == 422
    explained = await officer.post(place, json={"explanation": "Bên nhận đã có hồ sơ này."})
    assert explained.json()["settled_at"] is not None
    assert told(await officer.post(place, json={"explanation": "x"})) == (409, "handover.correction_settled")
    seen = (await officer.get(f"/handover/deliveries/{package['delivery_id']}")).json()
    assert (seen["state"], seen["is_complete"]) == ("closed", True)
    missing = await officer.post(f"/handover/corrections/{uuid4()}/explanation", json={"explanation": "x"})
    assert told(missing) == (404, "handover.correction_unknown")


async def test_nothing_is_taken_away_within_three_months_and_afterwards_it_is_no_longer_served(
    system: Bench, made_pages: list[Path]
) -> None:
    await sealed(system, made_pages[:1])
    package: dict[str, Any] = await delivered(system)
    receiver, officer = system.caller(Role.RECEIVER, account_id=RECEIVER), system.caller(Role.HANDOVER_OFFICER)
    base, content = f"/handover/deliveries/{package['delivery_id']}", f"/handover/packages/{package['id']}/content"
    assert told(await officer.post(f"{base}/release")) == (409, "handover.state_goes_backwards"), "it is not answered"
    accepted = {"answer": "accepted", "sha256": package["sha256"]}
    await receiver.put(f"/handover/packages/{package['id']}/receipt", json=accepted)
    refused = await officer.post(f"{base}/release")
    until = restorable_until(day_in_vietnam(now())).isoformat()
    assert (told(refused), refused.json()["restorable_until"]) == ((409, "handover.still_restorable"), until)
    withdrawn = await officer.post(f"/handover/packages/{package['id']}/withdrawal", json={"reason": "x"})
    assert told(withdrawn) == (409, "handover.still_restorable")
    assert (await receiver.get(content)).status_code == 200
    async with system.services["handover"].context.database.writing() as uow:
        await uow.session.exec(
            update(Package).where(col(Package.id) == UUID(package["id"])).values(restorable_until=date(2026, 1, 1))
        )
    assert (await officer.post(f"{base}/release")).json()["state"] == "released"
    assert told(await receiver.get(content)) == (409, "handover.delivery_released")
    assert (await receiver.get(f"/handover/packages/{package['id']}/receipt")).json()["answer"] == "accepted"
    assert (await receiver.get(f"{base}/manifest.jsonl")).status_code == 200


@pytest.mark.parametrize(
    ("handed_over", "until"),
    [
        ("2026-11-28", "2027-02-28"),
        ("2026-11-30", "2027-02-28"),
        ("2027-11-30", "2028-02-29"),
        ("2026-01-01", "2026-04-01"),
    ],
)
def test_three_months_end_on_the_same_day_or_the_last_of_the_month(handed_over: str, until: str) -> None:
    assert restorable_until(date.fromisoformat(handed_over)) == date.fromisoformat(until)
