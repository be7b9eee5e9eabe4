"""The incoming store is swept: what is kept twice may go, what nobody knows of goes late, everything else stays."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from pydantic import ValidationError
from sqlalchemy import update
from sqlmodel import col, delete, select

from services.embedded import embedded_settings
from services.ingest.context import Context
from services.ingest.domain.incoming_key import draft_key, page_key, part_key
from services.ingest.main import Settings
from services.ingest.models import Copy, Master, Sealing, Stray, Upload, plumbing
from services.ingest.operations import straying
from services.ingest.operations.receiving import Place, add_version, look_up
from services.ingest.operations.sweeping import SWEEP, order_sweep, sweep
from shared.auth.policy import Role
from shared.clock import now
from shared.storage.digest import streamed
from shared.storage.port import Fixity, StoreUnavailable
from shared.uow import Caller
from tests.grounds import Ground
from tests.service.conftest import Set
from tests.service.sealing_desk import SealingDesk, sealing_desk
from tests.service.test_ingest_pages import JPEG, OTHER, put
from tests.service.test_ingest_uploads import TUS, append, create

THIRD = b"\xff\xd8\xff\xe0" + bytes(1000)
WEEK, MONTH = timedelta(days=7), timedelta(days=30)
NOTHING = {"uploads": 0, "dossiers": 0, "withheld": 0, "strays": 0}


@pytest.fixture
async def desk(tmp_path: Path, ground: Ground) -> AsyncIterator[SealingDesk]:
    async with sealing_desk(tmp_path, ground.empty_database_url("ingest")) as made:
        yield made


async def swept(desk: SealingDesk, **later: float) -> dict[str, object]:
    """Sweep at a later moment."""
    return await sweep(desk.context, now() + timedelta(**later))


def pages_lying(desk: SealingDesk) -> set[bytes]:
    """Give the images in the incoming store."""
    return {body for key, body in desk.lying("incoming").items() if not key.startswith("sealings/")}


async def left(desk: SealingDesk, key: str, body: bytes) -> str:
    """Leave an object that no row names; gives its key."""
    await desk.context.incoming.put_new(key, streamed(body), size=len(body))
    return key


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


def drafts(desk: SealingDesk) -> list[str]:
    """Give the drafts in the incoming store."""
    return [key for key in desk.lying("incoming") if key.startswith("sealings/")]


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


async def test_a_stray_stays_a_week_from_when_it_was_first_seen(desk: SealingDesk) -> None:
    dossier, _ = await desk.scanned([JPEG])
    key = await left(desk, page_key(dossier, 2, sha256(OTHER).hexdigest()), OTHER)
    assert await swept(desk, days=100) == NOTHING, "however old it is, it is new to us"
    assert await swept(desk, days=106.9) == NOTHING
    assert key in desk.lying("incoming")
    assert (await swept(desk, days=107.1))["strays"] == 1
    assert pages_lying(desk) == {JPEG}
    assert (await desk.acts())[-1] == "stray.dropped"
    async with desk.context.database.reading() as session:
        assert (await session.exec(select(Stray))).all() == []


async def test_what_is_not_ours_stays(desk: SealingDesk) -> None:
    digest = sha256(OTHER).hexdigest()
    keys = [
        page_key(uuid4(), 1, digest),  # of a dossier that this database never heard of
        draft_key(uuid4(), digest),
        "notes/readme",
        f"{uuid4()}/1/{digest}",
    ]
    for key in keys:
        await left(desk, key, OTHER)
    for days in (0, 8, 16):
        assert await swept(desk, days=days) == NOTHING
    assert desk.lying("incoming").keys() == set(keys)


async def test_a_stray_that_is_sent_again_is_a_page_and_stays(desk: SealingDesk) -> None:
    dossier, _ = await desk.scanned([JPEG])
    await left(desk, page_key(dossier, 2, sha256(OTHER).hexdigest()), OTHER)
    await swept(desk)
    assert (await put(desk.station, dossier, 2, OTHER)).status_code == 201
    assert await swept(desk, days=8) == NOTHING
    assert pages_lying(desk) == {JPEG, OTHER}


async def test_a_stray_that_went_and_came_again_has_all_its_time(desk: SealingDesk) -> None:
    dossier, _ = await desk.scanned([JPEG])
    key = await left(desk, page_key(dossier, 2, sha256(OTHER).hexdigest()), OTHER)
    await swept(desk)
    await desk.context.incoming.delete(key)
    await swept(desk, days=1)
    await left(desk, key, OTHER)
    assert await swept(desk, days=8) == NOTHING
    assert key in desk.lying("incoming")


async def test_a_refused_page_that_was_a_stray_is_forgotten_with_its_bytes(
    desk: SealingDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another page takes the place while the stray's bytes are looked at."""
    dossier, _ = await desk.scanned([JPEG])
    key = page_key(dossier, 2, sha256(OTHER).hexdigest())
    await left(desk, key, OTHER)
    await swept(desk)
    read_back = desk.context.incoming.read_back

    async def overtaken(key: str) -> Fixity:
        assert (await put(desk.station, dossier, 2, THIRD)).status_code == 201
        return await read_back(key)

    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(desk.context.incoming, "read_back", overtaken)
        assert (await put(desk.station, dossier, 2, OTHER)).status_code == 409
    assert pages_lying(desk) == {JPEG, THIRD}
    async with desk.context.database.reading() as session:
        assert (await session.exec(select(Stray))).all() == []
    await left(desk, key, OTHER)
    assert await swept(desk, days=8) == NOTHING, "it was gone in between"


async def test_a_stray_that_is_renewed_while_the_sweep_looks_is_not_dropped(
    desk: SealingDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    dossier, _ = await desk.scanned([JPEG])
    key = await left(desk, page_key(dossier, 2, sha256(OTHER).hexdigest()), OTHER)
    await swept(desk)
    find = straying.find_strays

    async def renewed(context: Context) -> dict[str, int]:
        found = await find(context)
        assert await straying.drop_unnamed(context, key)
        await left(desk, key, OTHER)
        return found

    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(straying, "find_strays", renewed)
        assert await swept(desk, days=8) == NOTHING
    assert not await straying.drop_unnamed(desk.context, key, seen_at=now())
    assert pages_lying(desk) == {JPEG, OTHER}


async def test_a_sweep_that_is_killed_between_a_stray_and_its_row_gives_the_key_all_its_time(
    desk: SealingDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    dossier, _ = await desk.scanned([JPEG])
    key = await left(desk, page_key(dossier, 2, sha256(OTHER).hexdigest()), OTHER)
    await swept(desk)
    remove = desk.context.incoming.delete

    async def killed(key: str) -> None:
        await remove(key)
        raise StoreUnavailable("killed")

    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(desk.context.incoming, "delete", killed)
        with pytest.raises(StoreUnavailable):
            await swept(desk, days=8)
    await left(desk, key, OTHER)
    assert await swept(desk, days=9) == NOTHING
    assert pages_lying(desk) == {JPEG, OTHER}


async def test_a_page_whose_bytes_go_while_it_is_looked_at_is_not_entered(
    desk: SealingDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The station sends a page again of which the bytes lie here, and the sweep comes between look and entry."""
    dossier, _ = await desk.scanned([JPEG])
    await left(desk, page_key(dossier, 2, sha256(OTHER).hexdigest()), OTHER)
    await swept(desk)
    read_back = desk.context.incoming.read_back

    async def overtaken(key: str) -> Fixity:
        fixity = await read_back(key)
        assert (await swept(desk, days=8))["strays"] == 1
        return fixity

    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(desk.context.incoming, "read_back", overtaken)
        answer = await put(desk.station, dossier, 2, OTHER)
    assert (answer.status_code, answer.json()["code"]) == (503, "ingest.page_swept")
    assert (await put(desk.station, dossier, 2, OTHER)).status_code == 201
    assert pages_lying(desk) == {JPEG, OTHER}


async def test_a_page_that_is_being_entered_is_waited_for(desk: SealingDesk) -> None:
    dossier, _ = await desk.scanned([JPEG])
    digest = sha256(OTHER).hexdigest()
    key = await left(desk, page_key(dossier, 2, digest), OTHER)
    await swept(desk)
    place, fixity = Place(dossier, 2), await desk.context.incoming.read_back(key)
    announced: Any = type("Said", (), {"sha256": digest, "size": len(OTHER), "media_type": "image/jpeg"})()
    announced.file_name = ""
    async with desk.context.database.writing(Caller("station")) as uow:
        assert await look_up(uow.session, place, announced, lock=True) is None
        await add_version(uow, place, announced, key, fixity)
        sweeping = asyncio.create_task(swept(desk, days=8))
        await asyncio.sleep(0.5)
        assert not sweeping.done()
    assert await sweeping == NOTHING
    assert pages_lying(desk) == {JPEG, OTHER}


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


async def test_an_upload_that_does_not_grow_is_dropped_with_its_parts(desk: SealingDesk) -> None:
    dossier, _ = await desk.scanned([JPEG])
    place = (await create(desk.station, dossier, OTHER, number="2")).headers["location"]
    await append(desk.station, place, 0, OTHER[:4000])
    assert await swept(desk, days=6.9) == NOTHING
    assert OTHER[:4000] in pages_lying(desk)
    assert (await swept(desk, days=7.1))["uploads"] == 1
    assert pages_lying(desk) == {JPEG}
    assert (await append(desk.station, place, 4000, OTHER[4000:])).status_code == 404
    assert "upload.abandoned" in await desk.acts()


async def test_an_old_upload_that_grew_lately_stays_and_its_lost_part_goes(desk: SealingDesk) -> None:
    dossier, _ = await desk.scanned([JPEG])
    place = (await create(desk.station, dossier, OTHER, number="2")).headers["location"]
    upload = UUID(place.rpartition("/")[2])
    async with desk.context.database.writing() as uow:
        long_ago = now() - MONTH
        await uow.session.exec(update(Upload).values(created_at=long_ago, grown_at=long_ago))
    await append(desk.station, place, 0, OTHER[:4000])
    lost = await left(desk, part_key(upload, 4000, uuid4()), b"never entered")
    assert await swept(desk) == NOTHING
    assert lost in desk.lying("incoming")
    async with desk.context.database.writing() as uow:
        await uow.session.exec(update(Upload).values(grown_at=now() + WEEK))
    assert (await swept(desk, days=7.1))["strays"] == 1
    assert lost not in desk.lying("incoming")
    assert (await append(desk.station, place, 4000, OTHER[4000:])).status_code == 200
    assert pages_lying(desk) == {JPEG, OTHER}
    assert (await desk.station.head(place, headers=TUS)).status_code == 404


async def test_a_sweep_is_ordered_once_a_day(desk: SealingDesk) -> None:
    job = plumbing.job

    async def state(**change: object) -> str:
        async with desk.context.database.writing() as uow:
            if change:
                await uow.session.exec(update(job).where(col(job.kind) == SWEEP).values(**change))
            row = (await uow.session.exec(select(job).where(job.kind == SWEEP))).one()
            return row.state

    await asyncio.gather(*(order_sweep(desk.context) for _ in range(3)))
    assert await state() == "pending"
    await state(state="done", ended_at=now() - timedelta(hours=23))
    await order_sweep(desk.context)
    assert await state() == "done"
    for ended in ("done", "failed"):
        await state(state=ended, ended_at=now() - timedelta(hours=25))
        await order_sweep(desk.context)
        assert await state() == "pending"


async def test_ingest_sweeps_by_itself(at_work: Set) -> None:
    async with at_work("ingest") as system:
        auditor = system.caller(Role.ADMIN)
        for _ in range(100):
            jobs = (await auditor.get("/ingest/jobs")).json()["items"]
            if [(job["kind"], job["state"]) for job in jobs] == [(SWEEP, "done")]:
                return
            await asyncio.sleep(0.1)
    raise AssertionError("no sweep")


@pytest.mark.parametrize("name", ["incoming", "strays", "uploads"])
def test_nothing_is_swept_within_a_day(name: str, tmp_path: Path) -> None:
    settings = dict(embedded_settings("ingest", tmp_path))
    with pytest.raises(ValidationError):
        Settings.model_validate({**settings, f"ingest_keep_{name}_days": 0})
