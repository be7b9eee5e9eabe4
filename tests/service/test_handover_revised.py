"""A dossier corrected after sealing: the next delivery takes its newest AIP, what is on its way stays as it is."""

import asyncio
import io
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from uuid import UUID
from zipfile import ZipFile

import pytest

from shared.auth.roles import Role
from tests.harness import Bench
from tests.service.conftest import Set
from tests.service.handover_office import RECEIVER, agreement_of, gathered, granted, opened_packages, sealed
from tests.service.revising_desk import again, divided
from tests.verifying import verified

TITLE = "Hồ sơ đắp đê"


@pytest.fixture
async def system(at_work: Set) -> AsyncIterator[Bench]:
    async with at_work("catalog", "ingest", "handover", "reporting") as made:
        await made.tell("handover", [granted(RECEIVER, Role.RECEIVER)])
        yield made


async def corrected(system: Bench, dossier: UUID, version: int = 2, title: str = TITLE) -> None:
    """Approve a dossier anew, and wait until handover knows its newer AIP."""
    await system.tell("ingest", [again(dossier, version, title=title, pages=1)])
    await until_known(system, dossier, version)


async def until_known(system: Bench, dossier: UUID, version: int) -> None:
    """Wait until handover knows an AIP of a dossier by the version of its approval."""
    for _ in range(300):
        if (await preserved(system, dossier))["version"] == version:
            return
        await asyncio.sleep(0.1)
    raise AssertionError((await system.caller(Role.STATION).get(f"/ingest/dossiers/{dossier}")).json())


async def preserved(system: Bench, dossier: UUID) -> dict[str, Any]:
    listed = (await system.caller(Role.HANDOVER_OFFICER).get("/handover/preserved")).json()["items"]
    found: dict[str, Any] = next(each for each in listed if each["dossier_id"] == str(dossier))
    return found


async def outdated(system: Bench) -> list[str]:
    listed = await system.caller(Role.HANDOVER_OFFICER).get("/handover/preserved", params={"outdated": "true"})
    return [each["dossier_id"] for each in listed.json()["items"]]


async def answered(system: Bench, package: dict[str, Any]) -> None:
    receiver = system.caller(Role.RECEIVER, account_id=RECEIVER)
    said = {"answer": "accepted", "sha256": package["sha256"]}
    assert (await receiver.put(f"/handover/packages/{package['id']}/receipt", json=said)).status_code == 200


async def content(system: Bench, package: dict[str, Any]) -> bytes:
    receiver = system.caller(Role.RECEIVER, account_id=RECEIVER)
    answer = await receiver.get(f"/handover/packages/{package['id']}/content")
    assert answer.status_code == 200, answer.text
    return answer.content


async def papers(system: Bench, package: dict[str, Any]) -> list[bytes]:
    officer, place = system.caller(Role.HANDOVER_OFFICER), f"/handover/deliveries/{package['delivery_id']}"
    asked = (f"{place}/papers/dossier-list.xlsx", f"{place}/papers/statistical-list.xlsx", f"{place}/manifest.jsonl")
    return [(await officer.get(each)).content for each in asked]


def told(body: bytes) -> str:
    """Give every description in a ZIP."""
    with ZipFile(io.BytesIO(body)) as packed:
        return "".join(packed.read(name).decode() for name in packed.namelist() if "/descriptive/" in name)


async def again_delivered(system: Bench, agreement: str, *dossiers: UUID) -> Any:  # noqa: ANN401 - an answer
    body = {"agreement_id": agreement, "dossier_ids": [str(each) for each in dossiers]}
    return await system.caller(Role.HANDOVER_OFFICER).post("/handover/deliveries", json=body)


async def received(system: Bench, dossier: UUID) -> dict[str, Any]:
    """Give a dossier's line in the ledger, once its newest package was answered."""
    listed: list[dict[str, Any]] = []
    for _ in range(100):
        listed = (await system.caller(Role.AUDITOR).get("/reporting/ledger")).json()["items"]
        line: dict[str, Any] = next(each for each in listed if each["dossier_id"] == str(dossier))
        if line["received"]:
            return line
        await asyncio.sleep(0.1)
    raise AssertionError(listed)


async def test_what_was_not_delivered_yet_is_delivered_as_it_was_corrected(
    system: Bench, made_pages: list[Path], tmp_path: Path
) -> None:
    dossier = await sealed(system, made_pages[:1])
    await corrected(system, dossier)
    known = await preserved(system, dossier)
    assert (known["title"], known["is_outdated"], known["page_count"]) == (TITLE, False, 1)
    packages = await opened_packages(system, await gathered(system, with_masters=True))
    assert [(each["predecessor"], each["dossier_version"]) for each in packages] == [(None, 2), (None, 2)]
    for package in packages:
        body = await content(system, package)
        assert TITLE in told(body)
        assert "Hồ sơ mẫu" not in told(body)
        (tmp_path / "taken.zip").write_bytes(body)
        assert verified(tmp_path / "taken.zip")[0] == 0


async def test_what_is_on_its_way_is_not_changed_and_is_due_again_once_it_was_accepted(
    system: Bench, made_pages: list[Path]
) -> None:
    dossier = await sealed(system, made_pages[:1])
    (package,) = await opened_packages(system, await gathered(system))
    before = (await content(system, package), await papers(system, package))
    await corrected(system, dossier)
    assert (await content(system, package), await papers(system, package)) == before
    assert "Hồ sơ mẫu" in told(before[0])
    assert await outdated(system) == []
    await answered(system, package)
    assert await outdated(system) == [str(dossier)]
    assert (await content(system, package), await papers(system, package)) == before


async def test_what_was_accepted_is_delivered_again_by_name_and_names_what_it_replaces(
    system: Bench, made_pages: list[Path]
) -> None:
    dossier = await sealed(system, made_pages[:1])
    agreement = await agreement_of(system, 1, with_masters=True)
    first = await opened_packages(system, (await again_delivered(system, agreement)).json()["id"])
    for package in first:
        await answered(system, package)
    await corrected(system, dossier)
    refused = await again_delivered(system, agreement)
    assert (refused.status_code, refused.json()["code"]) == (409, "handover.nothing_to_deliver")
    second = await opened_packages(system, (await again_delivered(system, agreement, dossier)).json()["id"])
    assert [each["predecessor"] for each in second] == [each["objid"] for each in first]
    assert all([TITLE in told(await content(system, package)) for package in second])
    assert await outdated(system) == []
    once_more = await again_delivered(system, agreement, dossier)
    assert once_more.json()["code"] == "handover.dossiers_unavailable"
    for package in second:
        await answered(system, package)
    line = await received(system, dossier)
    counts = {name: line[name] for name in ("preserved", "delivered", "received")}
    assert counts == dict.fromkeys(counts, 1), "a page is one page however often it is delivered"


async def test_a_new_delivery_that_is_given_up_leaves_the_accepted_package_in_its_place(
    system: Bench, made_pages: list[Path]
) -> None:
    dossier = await sealed(system, made_pages[:1])
    agreement = await agreement_of(system, 1)
    (first,) = await opened_packages(system, (await again_delivered(system, agreement)).json()["id"])
    await answered(system, first)
    await corrected(system, dossier)
    made = (await again_delivered(system, agreement, dossier)).json()["id"]
    officer = system.caller(Role.HANDOVER_OFFICER)
    cancelled = await officer.post(f"/handover/deliveries/{made}/cancellation", json={"reason": "chưa đủ"})
    assert cancelled.status_code == 200
    assert (await preserved(system, dossier))["package_id"] == first["id"]
    assert await outdated(system) == [str(dossier)]
    (second,) = await opened_packages(system, (await again_delivered(system, agreement, dossier)).json()["id"])
    assert second["predecessor"] == first["objid"]


async def test_pages_that_were_divided_anew_are_delivered_by_their_new_documents(
    system: Bench, made_pages: list[Path], tmp_path: Path
) -> None:
    dossier = await sealed(system, made_pages[:2])
    agreement = await agreement_of(system, 1, with_masters=True)
    first = await opened_packages(system, (await again_delivered(system, agreement)).json()["id"])
    for package in first:
        await answered(system, package)
    await system.tell("ingest", [divided(dossier, 2, ("Tờ trình", 1, 1), ("Phụ lục", 2, 2))])
    await until_known(system, dossier, 2)
    second = await opened_packages(system, (await again_delivered(system, agreement, dossier)).json()["id"])
    assert [each["predecessor"] for each in second] == [each["objid"] for each in first]
    data: list[list[str]] = []
    for package in second:
        body = await content(system, package)
        assert "Phụ lục" in told(body)
        (tmp_path / "taken.zip").write_bytes(body)
        assert verified(tmp_path / "taken.zip")[0] == 0
        with ZipFile(io.BytesIO(body)) as packed:
            data.append([name.rpartition("/")[2] for name in packed.namelist() if "/data/" in name])
    forms, masters = sorted(data, key=lambda each: not each[0].endswith(".pdf"))
    assert sorted(forms) == ["H49.2001.001.1.pdf", "H49.2001.001.2.pdf"]
    assert len(masters) == 2
