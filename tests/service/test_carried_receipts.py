"""A receiver without a network signs its answers into a file; an officer enters each once, bad ones are refused."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
import typer
from joserfc.jwk import OKPKey

from cli.entering import body_of, enter, place_of, run
from services.handover.models import Receipt
from shared.auth.roles import Role
from shared.delivery.receipt import sign, statement
from shared.delivery.receipt_file import ReceiptLine, append, receipts_brought, receipts_in
from tests.harness import Bench
from tests.service.conftest import Set
from tests.service.delivering_desk import DeliveringDesk, delivering
from tests.service.handover_office import RECEIVER, delivered, granted, sealed
from tests.service.station import client_on
from tests.service.test_handover_receipts import ILLEGIBLE, PRIVATE, PUBLIC, told
from tests.service.test_pull_proof import signing
from tests.service.test_verify_command import run_cli
from tests.signers import Authority, authority

STRANGER = OKPKey.generate_key("Ed25519").as_pem(private=True).decode()


@pytest.fixture
def root(tmp_path: Path) -> Authority:
    folder = tmp_path / "ca"
    folder.mkdir()
    return authority(folder)


@pytest.fixture
async def desk(at_work: Set, made_pages: list[Path], tmp_path: Path, root: Authority) -> AsyncIterator[DeliveringDesk]:
    settings = signing(root)
    async with delivering(at_work, made_pages, tmp_path / "disk", settings, dossiers=2, receipt_key=PUBLIC) as made:
        await made.write(ca=root.pem)
        yield made
        await asyncio.sleep(0.4)  # the others hear of answers: cut off there, a database connection is not closed


@pytest.fixture
async def system(at_work: Set) -> AsyncIterator[Bench]:
    async with at_work("catalog", "ingest", "handover", "reporting") as made:
        await made.tell("handover", [granted(RECEIVER, Role.RECEIVER)])
        yield made
        await asyncio.sleep(0.4)


@pytest.fixture
def key(tmp_path: Path) -> Path:
    place = tmp_path / "receipt-key.pem"
    place.write_text(PRIVATE)
    return place


def answer(place: Path, file: Path, key: Path, root: Authority, *further: str) -> int:
    """Check a disk and sign answers into a file, as a receiver does who has no network."""
    words = ["--signer-ca", str(root.pem), "--receipts", str(file), "--receipt-key", str(key), *further]
    return run_cli(place, *words)[0]


async def states(desk: DeliveringDesk) -> list[str]:
    listed = (await desk.system.caller(Role.HANDOVER_OFFICER).get(f"{desk.base}/packages")).json()["items"]
    return [each["state"] for each in listed]


async def test_a_disk_is_answered_for_without_a_network_and_the_file_is_entered_once(
    desk: DeliveringDesk, root: Authority, key: Path, tmp_path: Path
) -> None:
    file = tmp_path / "answers.jsonl"
    body = desk.zips[1].read_bytes()
    desk.zips[1].write_bytes(body[:-1] + b"?")
    assert await asyncio.to_thread(answer, desk.folder, file, key, root) == 1
    good, bad = receipts_in(file)
    assert (good.answer, bad.answer, [each.code for each in bad.reasons]) == ("accepted", "rejected", ["bytes_differ"])
    before = file.read_bytes()
    assert await asyncio.to_thread(answer, desk.to, file, key, root) == 1
    assert file.read_bytes() == before, "who was answered for is not answered for again"
    for _ in range(2):
        async with client_on(desk.line) as client:
            assert await run(client, [good, bad]) == 0
        assert await states(desk) == ["accepted", "rejected"]
    receiver = desk.system.caller(Role.RECEIVER, account_id=RECEIVER)
    kept = (await receiver.get(f"/handover/packages/{good.package_id}/receipt")).json()
    assert (kept["receiver"], kept["entered_by"], kept["signature"]) == ("Cục", "station-1", good.signature)
    seen = (await desk.system.caller(Role.HANDOVER_OFFICER).get(desk.base)).json()
    assert (seen["state"], seen["open_corrections"]) == ("closed", 1)


async def test_what_is_not_on_the_disk_and_what_nobody_signed_is_not_answered_for(
    desk: DeliveringDesk, root: Authority, key: Path, tmp_path: Path
) -> None:
    file = tmp_path / "answers.jsonl"
    desk.zips[1].unlink()
    assert await asyncio.to_thread(answer, desk.folder, file, key, root) == 1
    assert len(list(receipts_in(file))) == 1
    other = tmp_path / "none.jsonl"
    (desk.folder / "manifest.jsonl.p7s").unlink()
    assert await asyncio.to_thread(answer, desk.folder, other, key, root) == 1
    assert not other.exists()
    assert (await asyncio.to_thread(run_cli, desk.folder, "--receipts", str(other)))[0] == 2, "with what key?"
    await asyncio.to_thread(key.write_text, "no key")
    code, said = await asyncio.to_thread(run_cli, desk.folder, "--receipts", str(other), "--receipt-key", str(key))
    assert (code, other.exists()) == (2, False), said


async def test_an_answer_that_is_not_what_is_found_now_is_named_and_replaced_when_asked(
    desk: DeliveringDesk, root: Authority, key: Path, tmp_path: Path
) -> None:
    file, body = tmp_path / "answers.jsonl", desk.zips[0].read_bytes()
    desk.zips[0].write_bytes(body[:-1] + b"?")
    assert await asyncio.to_thread(answer, desk.folder, file, key, root) == 1
    desk.zips[0].write_bytes(body)
    before = file.read_bytes()
    words = ["--signer-ca", str(root.pem), "--receipts", str(file), "--receipt-key", str(key)]
    code, said = await asyncio.to_thread(run_cli, desk.folder, *words)
    assert (code, file.read_bytes()) == (1, before), "everything is right now, but for the answer"
    assert f"{desk.zips[0]}: receipt_stale: " in " ".join(said)
    assert await asyncio.to_thread(answer, desk.folder, file, key, root, "--replace-receipts") == 0
    first, second = receipts_in(file)
    assert (first.answer, second.answer, len(first.reasons)) == ("accepted", "accepted", 0)
    assert file.read_bytes().endswith(before.splitlines(keepends=True)[1]), "the other stays as it was"
    assert await asyncio.to_thread(answer, desk.folder, file, key, root) == 0


async def test_nothing_is_signed_for_a_signed_manifest_that_nobody_checked(
    desk: DeliveringDesk, key: Path, tmp_path: Path
) -> None:
    file = tmp_path / "answers.jsonl"
    code, said = await asyncio.to_thread(run_cli, desk.folder, "--receipts", str(file), "--receipt-key", str(key))
    assert (code, file.exists()) == (2, False)
    assert "signature_unchecked: " in said[0]


def line(package: dict[str, Any], key: str = PRIVATE, **changed: Any) -> ReceiptLine:  # noqa: ANN401 - any field
    """Sign an answer for a package; what is changed is changed after signing."""
    said = statement(UUID(package["id"]), package["objid"], "accepted", package["sha256"], [])
    facts = {
        "delivery_id": package["delivery_id"],
        "package_id": package["id"],
        "objid": package["objid"],
        "answer": "accepted",
        "sha256": package["sha256"],
        "signature": sign(said, key),
    }
    return ReceiptLine.model_validate({**facts, **changed})


async def test_every_bad_receipt_is_refused_with_its_code_and_nothing_is_taken(
    system: Bench, made_pages: list[Path]
) -> None:
    await sealed(system, made_pages[:1])
    package: dict[str, Any] = await delivered(system, receipt_key=PUBLIC)
    await sealed(system, made_pages[:1], code="H49.2001.002")
    other: dict[str, Any] = await delivered(system)  # no key was agreed
    officer = system.caller(Role.HANDOVER_OFFICER)
    rejected: dict[str, Any] = {"answer": "rejected", "reasons": ILLEGIBLE}
    for wrong, expected in (
        (line(package, objid="uuid-of-another"), (422, "handover.receipt_misaddressed")),
        (line(package, delivery_id=other["delivery_id"]), (409, "handover.package_of_another_delivery")),
        (line(package, delivery_id=str(uuid4())), (404, "handover.delivery_unknown")),
        (line(package, package_id=str(uuid4())), (404, "handover.package_unknown")),
        (line(package, STRANGER), (422, "handover.receipt_forged")),
        (line(package, sha256="0" * 64), (422, "handover.receipt_forged")),
        (line(package, **rejected), (422, "handover.receipt_forged")),
        (line(package, signature=""), (422, "handover.receipt_unsigned")),
        (line(other), (422, "handover.receipt_forged")),
        (line(other, signature=""), (422, "handover.receipt_unsigned")),
    ):
        assert told(await officer.put(place_of(wrong), json=body_of(wrong))) == expected, wrong
    async with system.services["handover"].context.database.reading() as session:
        assert await session.get(Receipt, UUID(package["id"])) is None
    good = line(package)
    for role in (Role.RECEIVER, Role.ARCHIVIST):
        stranger = system.caller(role, account_id=RECEIVER)
        assert (await stranger.put(place_of(good), json=body_of(good))).status_code == 403
    assert (await officer.put(place_of(good), json=body_of(good))).status_code == 200
    twice = sign(statement(UUID(package["id"]), package["objid"], "rejected", package["sha256"], ILLEGIBLE), PRIVATE)
    differs = line(package, **rejected, signature=twice)
    assert told(await officer.put(place_of(differs), json=body_of(differs))) == (409, "handover.receipt_differs")


async def test_a_receipt_that_came_over_the_network_meanwhile_is_the_same_one(
    system: Bench, made_pages: list[Path]
) -> None:
    await sealed(system, made_pages[:1])
    package: dict[str, Any] = await delivered(system, receipt_key=PUBLIC)
    good, receiver = line(package), system.caller(Role.RECEIVER, account_id=RECEIVER)
    said = {name: value for name, value in body_of(good).items() if name != "objid"}
    first = (await receiver.put(f"/handover/packages/{package['id']}/receipt", json=said)).json()
    again = (await system.caller(Role.HANDOVER_OFFICER).put(place_of(good), json=body_of(good))).json()
    assert (again, again["entered_by"]) == (first, "")


def test_a_file_that_was_changed_is_refused_whole(tmp_path: Path) -> None:
    package = {"id": str(uuid4()), "delivery_id": str(uuid4()), "objid": "uuid-x", "sha256": "0" * 64}
    file = tmp_path / "answers.jsonl"
    append(file, [line(package), line(package)])
    file.write_bytes(file.read_bytes().replace(b"accepted", b"rejected ", 1))
    with pytest.raises(typer.Exit) as ended:
        enter(file, tmp_path / "nobody.json")
    assert ended.value.exit_code == 2


def two_answers(tmp_path: Path) -> Path:
    file = tmp_path / "answers.jsonl"
    append(file, [line({"id": str(uuid4()), "delivery_id": str(uuid4()), "objid": "uuid-x", "sha256": "0" * 64})] * 2)
    return file


def test_a_last_line_without_its_end_is_a_receipt_all_the_same(tmp_path: Path) -> None:
    file = two_answers(tmp_path)
    whole = receipts_brought(file)
    file.write_bytes(file.read_bytes()[:-1])
    assert receipts_brought(file) == whole
    assert len(list(receipts_in(file))) == 1, "in one's own file it is written again"


@pytest.mark.parametrize(("kept", "code"), [(-2, "receipts_cut"), (-300, "receipts_cut"), (0, "receipts_empty")])
def test_a_brought_file_that_is_cut_or_empty_is_told_and_nothing_is_entered(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], kept: int, code: str
) -> None:
    file = two_answers(tmp_path)
    file.write_bytes(file.read_bytes()[:kept])
    with pytest.raises(typer.Exit) as ended:
        enter(file, tmp_path / "nobody.json")
    assert ended.value.exit_code == 2
    assert capsys.readouterr().err.startswith(f"{code}: ")
