"""What a receiver answered by hand stands beside the manifest like what its client answered, signed or as it is."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from joserfc.jwk import OKPKey

from cli.pull.proof import Proof
from cli.pull.pulling import PullReport, pull_all
from shared.auth.roles import Role
from shared.delivery.receipt import demand_signed, sign, statement
from shared.delivery.receipt_file import FILE, ReceiptLine, receipts_in
from shared.delivery.verify import faults_of
from tests.harness import Bench
from tests.service.conftest import Set
from tests.service.handover_office import RECEIVER, gathered, granted, opened_packages, sealed
from tests.service.station import Line, client_on

KEY = OKPKey.generate_key("Ed25519")
PUBLIC, PRIVATE = (KEY.as_pem(private=is_private).decode() for is_private in (False, True))
WHY = [{"code": "illegible", "note": "trang 2 <&> 𡨸"}]


@pytest.fixture
async def system(at_work: Set, made_pages: list[Path]) -> AsyncIterator[Bench]:
    async with at_work("catalog", "ingest", "handover", "reporting") as made:
        await made.tell("handover", [granted(RECEIVER, Role.RECEIVER)])
        await sealed(made, made_pages[:1])
        await sealed(made, made_pages[1:2], code="H49.2001.002")
        yield made
        await asyncio.sleep(0.4)  # the others hear of the answer: cut off there, a database connection is not closed


async def rejected(system: Bench, package: dict[str, Any], *, is_signed: bool) -> None:
    said = statement(UUID(package["id"]), package["objid"], "rejected", package["sha256"], WHY)
    body = {"answer": "rejected", "sha256": package["sha256"], "reasons": WHY}
    body["signature"] = sign(said, PRIVATE) if is_signed else ""
    receiver = system.caller(Role.RECEIVER, account_id=RECEIVER)
    answer = await receiver.put(f"/handover/packages/{package['id']}/receipt", json=body)
    assert answer.status_code == 200, answer.text


async def pulled(system: Bench, to: Path, told: list[str], key: str = "") -> tuple[PullReport, list[str]]:
    """Pull; gives the report, and the requests that were made."""
    line = Line(system, Role.RECEIVER, RECEIVER)
    async with client_on(line) as client:
        report = await pull_all(client, to, lambda _name, text: told.append(text), proof=Proof(receipt_key=key))
    return report, line.carried


def kept(to: Path) -> dict[UUID, ReceiptLine]:
    return {each.package_id: each for each in receipts_in(to / "P01-001" / FILE)}


@pytest.mark.parametrize("is_signed", [True, False])
async def test_a_package_that_was_rejected_before_it_was_pulled_is_not_called_missing(
    system: Bench, tmp_path: Path, is_signed: bool
) -> None:
    key, terms = (PRIVATE, {"receipt_key": PUBLIC}) if is_signed else ("", {})
    first, second = await opened_packages(system, await gathered(system, dossiers=2, **terms))
    await rejected(system, first, is_signed=is_signed)
    told: list[str] = []
    report, _ = await pulled(system, tmp_path, told, key)
    assert (len(report.verified), report.failed, report.unanswered, report.unfetched) == (1, [], [], [])
    faults = await faults_of(tmp_path / "P01-001", ())
    assert [(each.code, each.detail) for each in faults] == [("package_rejected", "illegible trang 2 <&> 𡨸")]
    lines = kept(tmp_path)
    assert {each: lines[UUID(each)].answer for each in (first["id"], second["id"])} == {
        first["id"]: "rejected",
        second["id"]: "accepted",
    }
    line = lines[UUID(first["id"])]
    if is_signed:
        said = statement(line.package_id, line.objid, line.answer, line.sha256, line.told)
        demand_signed(said, line.signature, PUBLIC)
    assert [each for each in told if "rejected" in each and ("không ký" in each or "not signed" in each)] == (
        [] if is_signed else [told[-1]]
    )


async def test_the_last_answer_is_noted_although_it_closed_the_delivery_and_nothing_is_asked_twice(
    system: Bench, tmp_path: Path
) -> None:
    first, second = await opened_packages(system, await gathered(system, dossiers=2))
    await rejected(system, first, is_signed=False)
    await pulled(system, tmp_path, [])
    (tmp_path / "P01-001" / FILE).write_bytes(b"")  # as if cut off before it was written
    _, asked = await pulled(system, tmp_path, [])
    assert kept(tmp_path).keys() == {UUID(first["id"]), UUID(second["id"])}
    assert [each for each in asked if each.startswith("PUT")] == []
    _, asked = await pulled(system, tmp_path, [])
    assert [each for each in asked if each != "GET /handover/deliveries"] == []
    (tmp_path / "P01-001").rename(tmp_path / "elsewhere")
    await pulled(system, tmp_path, [])
    assert not (tmp_path / "P01-001").exists(), "a closed delivery is not begun"
