"""A package that is good in no store is never served, and is served again once ingest says it was put right."""

import asyncio
import errno
import os
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest

from services.ingest.models import Sealing
from services.ingest.operations.revision_orders import preserved_revisions
from shared.auth.roles import Role
from shared.clock import now
from shared.events.ingest import PackageQuarantined, PackageRestored
from shared.ids import DossierId
from shared.jobs import Worker
from tests.grounds import Ground
from tests.harness import Bench
from tests.raw_stores import damage
from tests.service.conftest import Set, in_one_mode
from tests.service.handover_office import (
    RECEIVER,
    agreement_of,
    damage_what_is_sent,
    delivered,
    gathered,
    granted,
    opened_packages,
    sealed,
)
from tests.service.scrubbing_desk import page_key
from tests.service.test_handover_revised import answered, corrected


@pytest.fixture
async def system(at_work: Set) -> AsyncIterator[Bench]:
    async with at_work("catalog", "ingest", "handover", "reporting") as made:
        await made.tell("handover", [granted(RECEIVER, Role.RECEIVER)])
        yield made


async def kept_as(system: Bench, dossier: UUID) -> list[str]:
    """Give the OBJIDs of a preserved dossier: of its masters, and of its AIPs from the first one on."""
    async with system.services["ingest"].context.database.reading() as session:
        sealing = await session.get_one(Sealing, dossier)
        revisions = await preserved_revisions(session, dossier)
    return [sealing.masters_objid, sealing.aip_objid, *(each.aip_objid for each in revisions)]


def quarantined(dossier: UUID, objid: str) -> PackageQuarantined:
    return PackageQuarantined(dossier_id=DossierId(dossier), objid=objid, lost_count=1)


def restored(dossier: UUID, objid: str) -> PackageRestored:
    return PackageRestored(dossier_id=DossierId(dossier), objid=objid)


async def test_an_offered_package_is_not_served_while_it_is_quarantined(system: Bench, made_pages: list[Path]) -> None:
    dossier = await sealed(system, made_pages[:1])
    package = await delivered(system)
    receiver, officer = system.caller(Role.RECEIVER, account_id=RECEIVER), system.caller(Role.HANDOVER_OFFICER)
    content = f"/handover/packages/{package['id']}/content"
    masters, aip = await kept_as(system, dossier)
    await system.tell("handover", [quarantined(dossier, masters), quarantined(dossier, aip)])
    for caller in (receiver, officer):
        for headers in ({}, {"Range": "bytes=0-9"}):
            refused = await caller.get(content, headers=headers)
            assert (refused.status_code, refused.json()["code"]) == (409, "handover.dossier_quarantined")
        assert (await caller.head(content)).status_code == 409
    said = {"answer": "accepted", "sha256": package["sha256"]}
    unseen = await receiver.put(f"/handover/packages/{package['id']}/receipt", json=said)
    assert (unseen.status_code, unseen.json()["code"]) == (409, "handover.dossier_quarantined")
    await system.tell("handover", [restored(dossier, masters)])
    assert (await receiver.get(content)).status_code == 409, "its other package is still good nowhere"
    await system.tell("handover", [restored(dossier, aip)])
    assert (await receiver.get(content)).status_code == 200


async def test_a_quarantined_dossier_is_gathered_built_and_opened_in_no_delivery(
    system: Bench, made_pages: list[Path]
) -> None:
    dossier = await sealed(system, made_pages[:1])
    officer, admin = system.caller(Role.HANDOVER_OFFICER), system.caller(Role.ADMIN)
    aip = (await kept_as(system, dossier))[1]
    await system.tell("handover", [quarantined(dossier, aip)])
    with pytest.raises(AssertionError, match="nothing_to_deliver"):
        await gathered(system)
    await system.tell("handover", [restored(dossier, aip)])
    held = await gathered(system)
    for _ in range(300):
        seen = (await officer.get(f"/handover/deliveries/{held}")).json()
        if seen["state"] == "ready":
            break
        await asyncio.sleep(0.1)
    await system.tell("handover", [quarantined(dossier, aip)])
    refused = await officer.post(f"/handover/deliveries/{held}/opening")
    assert (refused.status_code, refused.json()["code"]) == (409, "handover.dossier_quarantined")
    assert refused.json()["dossiers"] == [str(dossier)]
    await system.tell("handover", [restored(dossier, aip)])
    assert (await officer.post(f"/handover/deliveries/{held}/opening")).status_code == 200
    assert (await admin.get("/handover/jobs?state=failed")).json()["items"] == []


async def test_only_what_is_made_of_the_damage_is_kept_back(system: Bench, made_pages: list[Path]) -> None:
    dossier = await sealed(system, made_pages[:1])
    older, agreement = await delivered(system), await agreement_of(system, 0)
    await answered(system, older)
    await corrected(system, dossier)
    masters, first, second = await kept_as(system, dossier)
    receiver, officer = system.caller(Role.RECEIVER, account_id=RECEIVER), system.caller(Role.HANDOVER_OFFICER)
    body = {"agreement_id": agreement, "dossier_ids": [str(dossier)]}

    async def status(package: dict[str, object]) -> int:
        return (await receiver.get(f"/handover/packages/{package['id']}/content")).status_code

    for objid in (masters, second):
        await system.tell("handover", [quarantined(dossier, objid)])
        refused = await officer.post("/handover/deliveries", json=body)
        assert refused.json()["reasons"] == {str(dossier): "quarantined"}
        await system.tell("handover", [restored(dossier, objid)])
    await system.tell("handover", [quarantined(dossier, first)])
    assert await status(older) == 409
    made = await officer.post("/handover/deliveries", json=body)
    assert made.status_code == 201, made.text
    (newer,) = await opened_packages(system, made.json()["id"])
    assert await status(newer) == 200
    await system.tell("handover", [restored(dossier, first), quarantined(dossier, second)])
    assert [await status(older), await status(newer)] == [200, 409]
    await system.tell("handover", [restored(dossier, second), quarantined(dossier, masters)])
    assert [await status(older), await status(newer)] == [409, 409]


async def test_nothing_is_built_of_a_quarantined_dossier(at_work: Set, made_pages: list[Path]) -> None:
    async with at_work("catalog", "ingest", "handover", "reporting", handover_builders="0") as system:
        await system.tell("handover", [granted(RECEIVER, Role.RECEIVER)])
        dossier = await sealed(system, made_pages[:1])
        delivery = await gathered(system)
        masters = (await kept_as(system, dossier))[0]
        await system.tell("handover", [quarantined(dossier, masters)])
        service, admin = system.services["handover"], system.caller(Role.ADMIN)
        worker = Worker(service.context.database, service.kinds, 1, service.meter)
        await worker.work_once()
        (failed,) = (await admin.get("/handover/jobs?state=failed")).json()["items"]
        assert failed["error"].startswith("handover.dossier_quarantined")
        await system.tell("handover", [restored(dossier, masters)])
        assert (await admin.post(f"/handover/jobs/{failed['id']}/retry")).status_code == 200
        await worker.work_once()
        await worker.work_once()  # its bytes
        await worker.work_once()  # its manifest
        seen = (await system.caller(Role.HANDOVER_OFFICER).get(f"/handover/deliveries/{delivery}")).json()
        assert seen["state"] == "ready"


async def test_damage_that_is_met_while_serving_is_looked_into_at_once_and_leaves_no_trace_of_a_fault(
    at_work: Set, made_pages: list[Path], ground: Ground, caplog: pytest.LogCaptureFixture
) -> None:
    async with at_work("catalog", "ingest", "handover", "reporting", ingest_scrubs="true") as system:
        await system.tell("handover", [granted(RECEIVER, Role.RECEIVER)])
        await sealed(system, made_pages[:1])
        package = await delivered(system)
        for name in ("archive", "reserve"):
            await damage_what_is_sent(ground.store(name))
        receiver = system.caller(Role.RECEIVER, account_id=RECEIVER)
        content = f"/handover/packages/{package['id']}/content"
        assert len((await receiver.get(content)).content) < int(str(package["size"]))
        refused = await receiver.get(content, headers={"Range": "bytes=0-9"})
        for _ in range(300):
            if refused.status_code != 206:
                break
            await asyncio.sleep(0.1)
            refused = await receiver.get(content, headers={"Range": "bytes=0-9"})
        assert (refused.status_code, refused.json()["code"]) == (409, "handover.dossier_quarantined")
        assert not [each for each in caplog.records if each.name == "shared.problems"]


async def test_damage_in_both_stores_ends_in_no_service_until_it_is_restored_and_read_again(
    at_work: Set, made_pages: list[Path], ground: Ground
) -> None:
    async with at_work("catalog", "ingest", "handover", "reporting", ingest_scrubs="true") as system:
        await system.tell("handover", [granted(RECEIVER, Role.RECEIVER)])
        dossier = await sealed(system, made_pages[:1])
        package = await delivered(system)
        stores = [ground.store(name) for name in ("archive", "reserve")]
        key = page_key(await stores[0].keys(), 1)
        right = await stores[0].take(key)
        for store in stores:
            await damage(store, key)
        receiver = system.caller(Role.RECEIVER, account_id=RECEIVER)

        async def scrubbed(status: int) -> bool:
            await system.caller(Role.OPERATOR).post(f"/ingest/dossiers/{dossier}/scrubbing")
            for _ in range(300):
                answer = await receiver.get(f"/handover/packages/{package['id']}/content")
                if answer.status_code == status:
                    return status != 200 or answer.content.count(right) == 1
                await asyncio.sleep(0.1)
            return False

        assert await scrubbed(409)
        await stores[1].lay(key, right)
        assert await scrubbed(200)
        assert await stores[0].take(key) == right


async def test_the_latest_word_counts_however_the_words_arrive(system: Bench, made_pages: list[Path]) -> None:
    dossier = await sealed(system, made_pages[:1])
    package = await delivered(system)
    receiver = system.caller(Role.RECEIVER, account_id=RECEIVER)
    masters = (await kept_as(system, dossier))[0]
    earlier = quarantined(dossier, masters).model_copy(update={"occurred_at": now() - timedelta(hours=1)})
    await system.tell("handover", [restored(dossier, masters), earlier])
    assert (await receiver.get(f"/handover/packages/{package['id']}/content")).status_code == 200


@in_one_mode
async def test_a_sector_that_is_gone_in_one_store_is_read_from_the_other(
    at_work: Set, made_pages: list[Path], ground: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with at_work("catalog", "ingest", "handover", "reporting", handover_builders="0") as system:
        await system.tell("handover", [granted(RECEIVER, Role.RECEIVER)])
        await sealed(system, made_pages[:1])
        delivery = await gathered(system)
        key = page_key(await ground.store("archive").keys(), 1)
        inode, pread = os.stat(ground.folder / "stores" / "archive" / key).st_ino, os.pread  # noqa: PTH116 - one look

        def read(descriptor: int, length: int, start: int) -> bytes:
            if os.fstat(descriptor).st_ino == inode:
                raise OSError(errno.EIO, "Input/output error")
            return pread(descriptor, length, start)

        monkeypatch.setattr(os, "pread", read)
        service = system.services["handover"]
        worker = Worker(service.context.database, service.kinds, 1, service.meter)
        assert [await worker.work_once() for _ in range(3)] == [True] * 3, (
            "the package, its bytes, and then the manifest"
        )
        seen = (await system.caller(Role.HANDOVER_OFFICER).get(f"/handover/deliveries/{delivery}")).json()
        assert seen["state"] == "ready"
