"""The incoming store is swept once a day: uploads that nobody goes on with are dropped."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from pydantic import ValidationError
from sqlalchemy import update
from sqlmodel import col, select

from services.embedded import embedded_settings
from services.ingest.domain.incoming_key import part_key
from services.ingest.main import Settings
from services.ingest.models import plumbing
from services.ingest.operations.sweeping import SWEEP, order_sweep
from services.ingest.upload_models import Upload
from shared.auth.roles import Role
from shared.clock import now
from tests.grounds import Ground
from tests.service.conftest import Set
from tests.service.sealing_desk import SealingDesk, sealing_desk
from tests.service.sweeping_desk import MONTH, NOTHING, WEEK, left, pages_lying, swept
from tests.service.test_ingest_pages import JPEG, OTHER
from tests.service.test_ingest_uploads import TUS, append, create


@pytest.fixture
async def desk(tmp_path: Path, ground: Ground) -> AsyncIterator[SealingDesk]:
    async with sealing_desk(tmp_path, ground.empty_database_url("ingest")) as made:
        yield made


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
