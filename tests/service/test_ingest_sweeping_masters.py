"""Masters leave the incoming store once both copies are proved whole, and what is not in them stays."""

import json
from collections.abc import AsyncIterator, Callable
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import update
from sqlmodel import col, delete, select

from services.ingest.domain.incoming_key import draft_key
from services.ingest.models import Copy, Master, Sealing, plumbing
from shared.auth.roles import Role
from shared.storage.port import StoreUnavailable
from tests.grounds import Ground
from tests.service.sealing_desk import SealingDesk, sealing_desk
from tests.service.sweeping_desk import NOTHING, THIRD, drafts, left, pages_lying, swept
from tests.service.test_ingest_pages import JPEG, OTHER, put


@pytest.fixture
async def desk(tmp_path: Path, ground: Ground) -> AsyncIterator[SealingDesk]:
    async with sealing_desk(tmp_path, ground.empty_database_url("ingest")) as made:
        yield made


async def test_masters_of_a_preserved_dossier_leave_after_a_month(desk: SealingDesk) -> None:
    dossier = await desk.preserved([JPEG, OTHER])
    assert await swept(desk, days=29.9) == NOTHING
    assert pages_lying(desk) == {JPEG, OTHER}
    archive, reserve = desk.lying("archive"), desk.lying("reserve")
    assert (await swept(desk, days=30.1))["dossiers"] == 1
    assert pages_lying(desk) == set()
    assert (desk.lying("archive"), desk.lying("reserve")) == (archive, reserve)
    assert (await put(desk.station, dossier, 1, JPEG)).status_code == 200, "the same page has still its receipt"
    assert (await swept(desk, days=31))["dossiers"] == 0
    async with desk.context.database.reading() as session:
        audit = plumbing.audit
        (facts,) = (await session.exec(select(audit.facts).where(audit.act == "masters.released"))).all()
    assert json.loads(facts) == {"pages": 2, "bytes": len(JPEG) + len(OTHER), "staying": 0}
    counted = (await desk.system.caller(Role.ADMIN).get("/ingest/metrics")).text
    assert 'saoluu_incoming_swept_objects_total{reason="preserved"} 2.0' in counted
    assert f'saoluu_incoming_swept_bytes_total{{reason="preserved"}} {len(JPEG) + len(OTHER)}.0' in counted


async def test_masters_of_a_dossier_that_is_not_preserved_stay(desk: SealingDesk) -> None:
    dossier, _ = await desk.scanned([JPEG])
    assert (await swept(desk, days=400))["dossiers"] == 0
    await desk.accepted(dossier, {1: (1, JPEG)})
    assert await swept(desk, days=800) == NOTHING
    assert pages_lying(desk) == {JPEG}
    await desk.seal(dossier)


async def test_an_old_version_and_a_rejected_page_stay(desk: SealingDesk) -> None:
    dossier, pages = await desk.scanned([JPEG, b"\xff\xd8\xff\xe0 torn" + bytes(99)])
    await desk.rescanned(dossier, pages[0], 1, OTHER)
    await desk.accepted(dossier, {1: (2, OTHER)}, (2, pages[1]))
    await desk.seal(dossier)
    assert (await swept(desk, days=31))["dossiers"] == 1
    assert pages_lying(desk) == {JPEG, b"\xff\xd8\xff\xe0 torn" + bytes(99)}
    await swept(desk, days=400)
    assert len(pages_lying(desk)) == 2
    assert drafts(desk) == []


async def test_an_old_version_with_the_same_bytes_as_the_sealed_one_stays(desk: SealingDesk) -> None:
    dossier, pages = await desk.scanned([JPEG])
    await desk.rescanned(dossier, pages[0], 1, JPEG)
    await desk.accepted(dossier, {1: (2, JPEG)})
    await desk.seal(dossier)
    assert (await swept(desk, days=31))["dossiers"] == 1
    assert pages_lying(desk) == {JPEG}


async def without_copy(desk: SealingDesk, dossier: UUID) -> None:
    async with desk.context.database.writing() as uow:
        sealing = await uow.session.get_one(Sealing, dossier)
        await uow.session.exec(
            delete(Copy).where(col(Copy.objid) == sealing.masters_objid, col(Copy.store) == "reserve")
        )


def page_file(desk: SealingDesk, store: str) -> Path:
    return next((desk.data / "stores" / store).rglob("data/*.jpg"))


async def without_archive_page(desk: SealingDesk, _dossier: UUID) -> None:
    page_file(desk, "archive").unlink()


async def with_short_reserve_page(desk: SealingDesk, _dossier: UUID) -> None:
    place = page_file(desk, "reserve")
    place.write_bytes(place.read_bytes()[:-1])


async def without_reserve_mets(desk: SealingDesk, _dossier: UUID) -> None:
    next((desk.data / "stores" / "reserve").rglob("METS.xml")).unlink()


async def with_other_manifest(desk: SealingDesk, _dossier: UUID) -> None:
    place = next((desk.data / "stores" / "archive").rglob("*.manifest.json"))
    place.write_bytes(place.read_bytes() + b"\n")


async def without_manifest(desk: SealingDesk, _dossier: UUID) -> None:
    next((desk.data / "stores" / "reserve").rglob("*.manifest.json")).unlink()


async def with_other_master(desk: SealingDesk, _dossier: UUID) -> None:
    async with desk.context.database.writing() as uow:
        await uow.session.exec(update(Master).where(col(Master.sha256) == sha256(JPEG).hexdigest()).values(size=1))


@pytest.mark.parametrize(
    "damage",
    [
        without_copy,
        without_archive_page,
        with_short_reserve_page,
        without_reserve_mets,
        with_other_manifest,
        without_manifest,
        with_other_master,
    ],
)
async def test_masters_stay_unless_both_copies_are_whole_and_others_leave_all_the_same(
    desk: SealingDesk, damage: Callable[[SealingDesk, UUID], Any]
) -> None:
    dossier = await desk.preserved([JPEG])
    await damage(desk, dossier)
    await desk.preserved([THIRD])
    assert await swept(desk, days=31) == {**NOTHING, "dossiers": 1, "withheld": 1}
    assert pages_lying(desk) == {JPEG}
    assert (await desk.order(dossier)).released_at is None
    assert (await swept(desk, days=32))["withheld"] == 1, "a person is told every day"


async def test_masters_stay_while_a_page_is_ordered_again(desk: SealingDesk) -> None:
    dossier, pages = await desk.scanned([JPEG])
    await desk.accepted(dossier, {1: (1, JPEG)})
    await desk.seal(dossier)
    await desk.rescanned(dossier, pages[0], 1, b"")
    assert (await swept(desk, days=31))["dossiers"] == 0
    assert pages_lying(desk) == {JPEG}


async def test_an_outage_ends_the_sweep_and_the_next_one_goes_on(
    desk: SealingDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    dossier = await desk.preserved([JPEG, OTHER, THIRD])
    remove, removed = desk.context.incoming.delete, 0

    async def once(key: str) -> None:
        nonlocal removed
        if removed:
            raise StoreUnavailable("away")
        removed += 1
        await remove(key)

    with monkeypatch.context() as away:
        away.setattr(desk.context.incoming, "delete", once)
        with pytest.raises(StoreUnavailable):
            await swept(desk, days=31)
    assert (len(pages_lying(desk)), (await desk.order(dossier)).released_at) == (2, None)
    assert (await swept(desk, days=31))["dossiers"] == 1
    assert pages_lying(desk) == set()
    assert (await desk.acts()).count("masters.released") == 1


async def test_drafts_stay_until_their_sealing_is_through(desk: SealingDesk) -> None:
    dossier, _ = await desk.scanned([JPEG])
    await left(desk, draft_key(dossier, sha256(b"from a sealing that was killed").hexdigest()), b"x")
    for days in (0, 8):
        assert await swept(desk, days=days) == NOTHING
    await desk.accepted(dossier, {1: (1, JPEG)})
    await desk.seal(dossier)
    assert len(drafts(desk)) > 5
    await swept(desk)
    await swept(desk, days=8)
    assert drafts(desk) == []
    assert pages_lying(desk) == {JPEG}
