"""A sealed dossier becomes a package: built, pulled in any range, answered for, and only by whom it is meant for."""

import random
from collections.abc import AsyncIterator
from hashlib import sha256
from pathlib import Path
from uuid import uuid4

import httpx
import pytest

from shared.auth.roles import Role
from shared.eark.verify import verify_package
from tests.grounds import Ground
from tests.harness import Bench
from tests.service.conftest import Set
from tests.service.handover_office import (
    RECEIVER,
    damage_what_is_sent,
    delivered,
    failed_job,
    gathered,
    granted,
    sealed,
)


@pytest.fixture
async def system(at_work: Set) -> AsyncIterator[Bench]:
    async with at_work("catalog", "ingest", "handover", "reporting") as made:
        await made.tell("handover", [granted(RECEIVER, Role.RECEIVER)])
        yield made


async def test_a_package_is_pulled_in_any_range_and_verifies_with_nothing_but_itself(
    system: Bench, made_pages: list[Path], tmp_path: Path
) -> None:
    await sealed(system, made_pages)
    package = await delivered(system)
    receiver = system.caller(Role.RECEIVER, account_id=RECEIVER)
    content = f"/handover/packages/{package['id']}/content"
    whole = await receiver.get(content)
    assert (whole.status_code, sha256(whole.content).hexdigest()) == (200, package["sha256"])
    place = tmp_path / "package.zip"
    place.write_bytes(whole.content)
    assert verify_package(place) == []
    chance = random.Random(7)
    for _ in range(40):
        start = chance.randrange(len(whole.content))
        end = min(len(whole.content) - 1, start + chance.randrange(1, 300_000))
        part = await receiver.get(content, headers={"Range": f"bytes={start}-{end}"})
        assert part.status_code == 206
        assert part.content == whole.content[start : end + 1]
        assert part.headers["content-range"] == f"bytes {start}-{end}/{len(whole.content)}"


async def test_ranges_follow_the_rules(system: Bench, made_pages: list[Path]) -> None:
    await sealed(system, made_pages[:1])
    package = await delivered(system)
    receiver = system.caller(Role.RECEIVER, account_id=RECEIVER)

    async def ask(**headers: str) -> httpx.Response:
        return await receiver.get(f"/handover/packages/{package['id']}/content", headers=headers)

    size, etag = int(str(package["size"])), f'"{package["sha256"]}"'
    assert (await ask(Range="bytes=-10")).headers["content-range"] == f"bytes {size - 10}-{size - 1}/{size}"
    beyond = await ask(Range=f"bytes={size}-")
    assert (beyond.status_code, beyond.headers["content-range"]) == (416, f"bytes */{size}")
    assert (beyond.json()["code"], beyond.json()["size"]) == ("handover.range_beyond_end", size)
    assert (await ask(Range="bytes=0-0,5-9")).status_code == 200
    assert (await ask(Range="bytes=0-9", **{"If-Range": etag})).status_code == 206
    assert (await ask(Range="bytes=0-9", **{"If-Range": '"another"'})).status_code == 200
    assert (await ask(Range="BYTES=0-9")).content == (await ask(Range="bytes=0-9")).content
    far = await ask(Range="bytes=5-99999999999999999999")
    assert (far.status_code, far.headers["content-range"]) == (206, f"bytes 5-{size - 1}/{size}")
    assert (await ask(Range="bytes=99999999999999999999-")).status_code == 416
    for held in (etag, "*", f"W/{etag}", f'"another", W/{etag}'):
        answer = await ask(**{"If-None-Match": held})
        assert (answer.status_code, answer.headers["etag"], answer.content) == (304, etag, b"")
    assert (await ask(**{"If-None-Match": '"another"'})).status_code == 200
    for meant in ('"another"', f"W/{etag}"):
        answer = await ask(**{"If-Match": meant})
        assert (answer.status_code, answer.json()["code"]) == (412, "handover.package_changed")
    assert (await ask(**{"If-Match": f'"another", {etag}'})).status_code == 200
    for asked in ({}, {"Range": "bytes=0-9"}):  # a range is of GET alone (RFC 9110 §14.2)
        head = await receiver.head(f"/handover/packages/{package['id']}/content", headers=asked)
        assert (head.status_code, int(head.headers["content-length"]), head.content) == (200, size, b"")


async def test_a_package_belongs_to_its_receiver_alone(system: Bench, made_pages: list[Path]) -> None:
    await sealed(system, made_pages[:1])
    package = await delivered(system)
    stranger = system.caller(Role.RECEIVER, account_id=uuid4())
    answer = await stranger.get(f"/handover/packages/{package['id']}/content")
    assert (answer.status_code, answer.json()["code"]) == (404, "handover.package_unknown")
    assert (await stranger.get("/handover/deliveries")).json()["items"] == []
    told = {"answer": "accepted", "sha256": package["sha256"]}
    assert (await stranger.put(f"/handover/packages/{package['id']}/receipt", json=told)).status_code == 404


async def test_a_receipt_is_given_once(system: Bench, made_pages: list[Path]) -> None:
    await sealed(system, made_pages[:1])
    package = await delivered(system)
    receiver = system.caller(Role.RECEIVER, account_id=RECEIVER, name="cuc")
    place = f"/handover/packages/{package['id']}/receipt"
    wrong = await receiver.put(place, json={"answer": "accepted", "sha256": "0" * 64})
    assert (wrong.status_code, wrong.json()["code"]) == (422, "handover.digest_unexpected")
    wordless = await receiver.put(place, json={"answer": "rejected", "sha256": package["sha256"]})
    assert (wordless.status_code, wordless.json()["code"]) == (422, "handover.reason_missing")
    good = {"answer": "accepted", "sha256": package["sha256"]}
    assert [(await receiver.put(place, json=good)).status_code for _ in range(2)] == [200, 200]
    other = await receiver.put(
        place, json={**good, "answer": "rejected", "reasons": [{"code": "other", "note": "đổi ý"}]}
    )
    assert (other.status_code, other.json()["code"]) == (409, "handover.receipt_differs")
    seen = (await receiver.get(f"/handover/deliveries/{package['delivery_id']}")).json()
    assert seen["state"] == "closed"


async def test_a_damaged_archive_copy_is_served_from_the_reserve(
    system: Bench, made_pages: list[Path], ground: Ground
) -> None:
    await sealed(system, made_pages[:2])
    await damage_what_is_sent(ground.store("archive"))
    package = await delivered(system)
    receiver = system.caller(Role.RECEIVER, account_id=RECEIVER)
    whole = await receiver.get(f"/handover/packages/{package['id']}/content")
    assert sha256(whole.content).hexdigest() == package["sha256"]


async def test_a_file_damaged_in_both_stores_is_never_packed(
    system: Bench, made_pages: list[Path], ground: Ground
) -> None:
    await sealed(system, made_pages[:2])
    for store in ("archive", "reserve"):
        await damage_what_is_sent(ground.store(store))
    await gathered(system)
    assert str((await failed_job(system))["error"]).startswith("handover.copies_damaged")


async def test_what_wears_out_after_building_comes_from_the_other_store_or_the_transfer_is_broken_off(
    system: Bench, made_pages: list[Path], ground: Ground
) -> None:
    await sealed(system, made_pages[:2])
    package = await delivered(system)
    receiver = system.caller(Role.RECEIVER, account_id=RECEIVER)
    content, size = f"/handover/packages/{package['id']}/content", int(str(package["size"]))
    right = (await receiver.get(content)).content
    await damage_what_is_sent(ground.store("archive"))
    assert (await receiver.get(content)).content == right
    for start in range(0, size, size // 7):
        ranged = await receiver.get(content, headers={"Range": f"bytes={start}-{start + 9999}"})
        assert ranged.content == right[start : start + 10_000]
    await damage_what_is_sent(ground.store("reserve"))
    broken = (await receiver.get(content)).content
    assert len(broken) < size, "the length was promised, so that the receiver sees it"
    assert right.startswith(broken), "nothing wrong has left"


async def test_a_classified_dossier_is_never_packed(system: Bench, made_pages: list[Path]) -> None:
    await sealed(system, made_pages[:1], access_level="03")
    await gathered(system)
    assert str((await failed_job(system))["error"]).startswith("handover.dossier_secret")
