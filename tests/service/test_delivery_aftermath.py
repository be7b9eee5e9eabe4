"""A delivery says what became of its packages: rejected by a receipt, replaced by a later one, and by which."""

import json
from collections.abc import AsyncIterator
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from shared.auth.roles import Role
from shared.delivery.canonical import canonical
from shared.delivery.manifest import FILE, ManifestEntry, lines
from shared.delivery.manifest_file import ManifestFile
from shared.delivery.receipt_file import FILE as RECEIPTS
from shared.delivery.receipt_file import GivenReason, ReceiptLine, ReceiptsRefused, append, receipts_in
from shared.delivery.verify import faults_of, successors_to
from tests.domain.test_delivery_manifest import entry, head
from tests.harness import Bench
from tests.service.conftest import Set
from tests.service.handover_office import RECEIVER, gathered, granted, opened_packages, sealed
from tests.service.test_handover_receipts import ILLEGIBLE

BODY = b"a ZIP, as far as a delivery is concerned"


@pytest.fixture
async def system(at_work: Set) -> AsyncIterator[Bench]:
    async with at_work("catalog", "ingest", "handover", "reporting") as made:
        await made.tell("handover", [granted(RECEIVER, Role.RECEIVER)])
        yield made


async def manifest_of(system: Bench, delivery: str) -> list[dict[str, Any]]:
    """Give what a delivery's manifest says of its packages."""
    receiver = system.caller(Role.RECEIVER, account_id=RECEIVER)
    text = (await receiver.get(f"/handover/deliveries/{delivery}/manifest.jsonl")).text
    return [json.loads(line) for line in text.splitlines()[1:]]


async def test_masters_that_come_once_more_follow_on_those_that_came_before(
    system: Bench, made_pages: list[Path]
) -> None:
    await sealed(system, made_pages[:1])
    first = await opened_packages(system, await gathered(system, with_masters=True))
    receiver = system.caller(Role.RECEIVER, account_id=RECEIVER)
    assert [each["holds"] for each in first] == ["readings", "masters"]
    answers: list[dict[str, Any]] = [{"answer": "rejected", "reasons": ILLEGIBLE}, {"answer": "accepted"}]
    for package, answer in zip(first, answers, strict=True):
        said = {"sha256": package["sha256"], **answer}
        assert (await receiver.put(f"/handover/packages/{package['id']}/receipt", json=said)).status_code == 200
    second = await opened_packages(system, await gathered(system, with_masters=True))
    assert [each["predecessor"] for each in second] == [each["objid"] for each in first]
    content = (await receiver.get(f"/handover/packages/{second[1]['id']}/content")).content
    assert first[1]["objid"].encode() in content, "METS of the masters names those that came before"
    told = await manifest_of(system, second[0]["delivery_id"])
    assert [(each["holds"], each["sibling_of"], each["predecessor"]) for each in told] == [
        ("readings", None, first[0]["objid"]),
        ("masters", second[0]["objid"], first[1]["objid"]),
    ]
    fresh = await manifest_of(system, first[0]["delivery_id"])
    assert [each["predecessor"] for each in fresh] == [None, None]


async def test_a_delivery_that_is_given_up_lets_what_was_rejected_be_delivered_again(
    system: Bench, made_pages: list[Path]
) -> None:
    await sealed(system, made_pages[:1])
    whole, masters = await opened_packages(system, await gathered(system, with_masters=True))
    receiver, officer = system.caller(Role.RECEIVER, account_id=RECEIVER), system.caller(Role.HANDOVER_OFFICER)
    for package, answer in ((whole, {"answer": "accepted"}), (masters, {"answer": "rejected", "reasons": ILLEGIBLE})):
        said = {"sha256": package["sha256"], **answer}
        assert (await receiver.put(f"/handover/packages/{package['id']}/receipt", json=said)).status_code == 200
    given_up = await gathered(system, with_masters=True)
    cancelled = await officer.post(f"/handover/deliveries/{given_up}/cancellation", json={"reason": "nhầm"})
    assert cancelled.status_code == 200
    again = await opened_packages(system, await gathered(system, with_masters=True))
    assert [each["predecessor"] for each in again] == [whole["objid"], masters["objid"]]


def laid(folder: Path, number: int, *, predecessor: str | None = None, is_there: bool = True) -> ManifestEntry:
    """Lay a delivery of one package."""
    folder.mkdir()
    told = entry(number).model_copy(
        update={"size": len(BODY), "sha256": sha256(BODY).hexdigest(), "predecessor": predecessor}
    )
    (folder / FILE).write_bytes(b"".join(lines(head([told]), [told])))
    if is_there:
        (folder / told.file).write_bytes(BODY)
    return told


def rejection(told: ManifestEntry) -> ReceiptLine:
    """Reject a package."""
    return ReceiptLine(
        delivery_id=UUID(int=1),
        package_id=told.package_id,
        objid=told.objid,
        answer="rejected",
        sha256=told.sha256,
        reasons=(GivenReason(code="illegible", note="trang 2"),),
    )


async def found(folder: Path) -> list[tuple[str, str, bool]]:
    """Check a delivery: codes, particulars, and whether they are only told."""
    return [(each.code, each.detail, each.is_note) for each in await faults_of(folder, ())]


async def test_a_package_that_is_not_there_is_said_to_be_rejected_or_replaced_where_it_was(tmp_path: Path) -> None:
    first = tmp_path / "P01-001"
    told = laid(first, 1, is_there=False)
    assert await found(first) == [("package_missing", "", False)]
    append(first / RECEIPTS, [rejection(told)])
    rejected = ("package_rejected", "illegible trang 2")
    assert await found(first) == [(*rejected, False)]
    second = laid(tmp_path / "P01-002", 2, predecessor=told.objid)
    where = f"P01-002/{second.file}"
    assert await found(first) == [("package_replaced", where, True), (*rejected, True)], "nothing is missed"
    (tmp_path / where).write_bytes(BODY[:-1] + b"?")
    assert await found(first) == [("package_replaced", f"{where}, not here or not right", False), (*rejected, False)]
    third = laid(tmp_path / "P01-003", 3, predecessor=second.objid)
    assert (await found(first))[0] == ("package_replaced", f"P01-003/{third.file}", True), "the newest counts"
    assert await found(tmp_path / "P01-003") == []


async def test_a_rejected_package_that_is_there_is_told_and_held_against_the_manifest_all_the_same(
    tmp_path: Path,
) -> None:
    told = laid(tmp_path / "P01-001", 1)
    append(tmp_path / "P01-001" / RECEIPTS, [rejection(told)])
    assert [(code, is_note) for code, _, is_note in await found(tmp_path / "P01-001")] == [("package_rejected", True)]
    (tmp_path / "P01-001" / told.file).write_bytes(b"x")
    assert [code for code, *_ in await found(tmp_path / "P01-001")] == ["package_rejected", "package_differs"]


async def test_where_somebody_is_trusted_an_unsigned_delivery_replaces_nothing(tmp_path: Path) -> None:
    told = laid(tmp_path / "P01-001", 1, is_there=False)
    laid(tmp_path / "P01-002", 2, predecessor=told.objid)
    anybody: Any = [object()]
    assert await successors_to(tmp_path / "P01-001", anybody) == {}
    assert len(await successors_to(tmp_path / "P01-001", ())) == 1


async def test_a_file_of_receipts_that_was_changed_is_refused_and_a_cut_line_goes(tmp_path: Path) -> None:
    told = laid(tmp_path / "P01-001", 1)
    place = tmp_path / "P01-001" / RECEIPTS
    append(place, [rejection(told)])
    whole = place.read_bytes()
    place.write_bytes(whole + whole[: len(whole) // 2])
    assert len(list(receipts_in(place))) == 1
    append(place, [rejection(told)])
    assert place.read_bytes() == whole * 2, "what a power cut left is gone"
    for wrong in (
        b"{}\n",
        b"\xff\n",
        whole.replace(b":", b": ", 1),
        whole.replace(b"rejected", b"lost"),
        b"[" * 9999 + b"\n",
    ):
        place.write_bytes(whole + wrong)
        with pytest.raises(ReceiptsRefused, match="line 2"):
            list(receipts_in(place))
        assert [each.code for each in await faults_of(tmp_path / "P01-001", ())] == ["receipts_refused"]


async def test_a_manifest_from_before_still_verifies(tmp_path: Path) -> None:
    folder = tmp_path / "P01-001"
    laid(folder, 1)
    kept = (folder / FILE).read_bytes().splitlines()
    older = json.loads(kept[1])
    for name in ("holds", "sibling_of"):
        del older[name]
    (folder / FILE).write_bytes(kept[0] + b"\n" + canonical(older) + b"\n")
    (read,) = ManifestFile(folder / FILE).entries()
    assert (read.holds, read.sibling_of) == (None, None)
    assert await faults_of(folder, ()) == []
