"""A delivery is ready when its manifest is frozen: numbered parts, every package, and no other after a withdrawal."""

import asyncio
import json
from collections.abc import AsyncIterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import update

from services.handover.errors import CertificateUnusable
from services.handover.main import assemble
from services.handover.models import Agreement
from services.handover.settings import HandoverSettings
from shared.auth.roles import Role
from tests.harness import Bench
from tests.service.conftest import Set
from tests.service.handover_office import (
    RECEIVER,
    TERMS,
    approved_agreement,
    gathered,
    granted,
    opened_packages,
    sealed,
)


@pytest.fixture
async def system(at_work: Set) -> AsyncIterator[Bench]:
    async with at_work("catalog", "ingest", "handover", "reporting") as made:
        await made.tell("handover", [granted(RECEIVER, Role.RECEIVER)])
        yield made


async def preserved(system: Bench, count: int) -> None:
    """Wait until so many dossiers wait for a delivery."""
    officer = system.caller(Role.HANDOVER_OFFICER)
    for _ in range(300):
        if len((await officer.get("/handover/preserved")).json()["items"]) == count:
            return
        await asyncio.sleep(0.1)
    raise AssertionError("they are not preserved")


async def ready(officer: httpx.AsyncClient, delivery: str) -> dict[str, Any]:
    """Wait until a delivery is ready and has its manifest."""
    seen: dict[str, Any] = {}
    for _ in range(300):
        seen = (await officer.get(f"/handover/deliveries/{delivery}")).json()
        if seen["state"] == "ready" and seen["manifest_sha256"]:
            return seen
        await asyncio.sleep(0.1)
    raise AssertionError(seen)


async def test_packages_lie_in_numbered_parts_and_the_manifest_lists_each_of_them(
    system: Bench, made_pages: list[Path]
) -> None:
    for number, pages in enumerate((made_pages[:2], made_pages[2:3], made_pages[3:]), start=1):
        await sealed(system, pages, code=f"H49.2001.{number:03d}")
    await preserved(system, 3)
    officer = system.caller(Role.HANDOVER_OFFICER)
    agreement = (await officer.post("/handover/agreements", json=TERMS)).json()["id"]
    await approved_agreement(system, agreement)
    async with system.services["handover"].context.database.writing() as uow:
        await uow.session.exec(update(Agreement).values(part_size=1))  # less than anybody may agree: one package each
    delivery = (await officer.post("/handover/deliveries", json={"agreement_id": agreement})).json()["id"]
    early = await officer.get(f"/handover/deliveries/{delivery}/manifest.jsonl")
    assert early.status_code == 200 or early.json()["code"] == "handover.manifest_missing"
    seen = await ready(officer, delivery)
    packages = await opened_packages(system, delivery)
    assert [(each["number"], each["part"]) for each in packages] == [(1, 1), (2, 2), (3, 3)]
    parts = (await officer.get(f"/handover/deliveries/{delivery}/parts")).json()["items"]
    assert [(part["number"], part["package_count"], part["byte_count"]) for part in parts] == [
        (each["part"], 1, each["size"]) for each in packages
    ]
    receiver = system.caller(Role.RECEIVER, account_id=RECEIVER)
    manifest = await receiver.get(f"/handover/deliveries/{delivery}/manifest.jsonl")
    assert sha256(manifest.content).hexdigest() == seen["manifest_sha256"]
    assert len(manifest.content) == seen["manifest_size"] == int(manifest.headers["content-length"])
    held = {"If-None-Match": manifest.headers["etag"]}
    assert (await receiver.get(f"/handover/deliveries/{delivery}/manifest.jsonl", headers=held)).status_code == 304
    head, *lines = [json.loads(line) for line in manifest.text.splitlines()]
    assert (head["package_count"], head["page_count"], head["part_count"]) == (3, 4, 3)
    assert head["byte_count"] == sum(each["size"] for each in packages)
    told = ("objid", "size", "sha256", "part", "page_count", "number")
    assert [[line[name] for name in told] for line in lines] == [[each[name] for name in told] for each in packages]
    assert [line["file_code"] for line in lines] == ["H49.2001.001", "H49.2001.002", "H49.2001.003"]


async def test_a_package_that_is_withdrawn_from_a_ready_delivery_is_on_no_manifest(
    system: Bench, made_pages: list[Path]
) -> None:
    for number in (1, 2):
        await sealed(system, made_pages[number : number + 1], code=f"H49.2001.{number:03d}")
    await preserved(system, 2)
    officer, delivery = system.caller(Role.HANDOVER_OFFICER), await gathered(system)
    before = await ready(officer, delivery)
    first, second = (await officer.get(f"/handover/deliveries/{delivery}/packages")).json()["items"]
    await officer.post(f"/handover/packages/{first['id']}/withdrawal", json={"reason": "hỏng"})
    after = await ready(officer, delivery)
    assert after["manifest_sha256"] != before["manifest_sha256"]
    await opened_packages(system, delivery)
    manifest = (await officer.get(f"/handover/deliveries/{delivery}/manifest.jsonl")).text
    assert [json.loads(line)["objid"] for line in manifest.splitlines()[1:]] == [second["objid"]]


def test_a_certificate_that_cannot_be_used_keeps_the_service_from_starting(tmp_path: Path) -> None:
    (tmp_path / "a.p12").write_bytes(b"none")
    settings = HandoverSettings(
        database_url=f"sqlite+aiosqlite:///{tmp_path}/h.db",
        identity_keys_url="file:///none",
        store_archive_url=(tmp_path / "archive").as_uri(),
        store_reserve_url=(tmp_path / "reserve").as_uri(),
        handover_certificate=str(tmp_path / "a.p12"),
    )
    with pytest.raises(CertificateUnusable):
        assemble(settings)
    with pytest.raises(CertificateUnusable):
        assemble(settings.model_copy(update={"handover_certificate": str(tmp_path / "missing.p12")}))
