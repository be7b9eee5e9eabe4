"""Damage that a copy or a drill meets has its dossier read at once, and no other; the command says so."""

import asyncio
import json
from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path
from uuid import UUID

import pytest
from sqlmodel import select

from cli.copies.sources import settings_of
from cli.drill.drilling import DRILLS, Sample, drill
from services.ingest.models import plumbing
from services.ingest.operations.rounds import SCRUB, scrub_asked
from services.ingest.operations.suspecting import order_checks
from shared.jobs import Worker
from shared.metrics import Meter
from tests.grounds import Ground
from tests.raw_stores import damage
from tests.service.conftest import in_one_mode
from tests.service.copies_desk import CopiesDesk, only, run
from tests.service.restoring_desk import RestoringDesk
from tests.service.scrubbing_desk import ScrubbingDesk, scrubbing_desk
from tests.service.test_ingest_pages import JPEG, OTHER

CODE = "H49.2001.001"


@pytest.fixture
async def desk(ground: Ground) -> AsyncIterator[ScrubbingDesk]:
    async with scrubbing_desk(ground) as made:
        yield made


async def ordered(desk: ScrubbingDesk) -> list[UUID]:
    """Give the dossiers whose reading is ordered."""
    job = plumbing.job
    async with desk.context.database.reading() as session:
        return list(await session.exec(select(job.subject_id).where(job.kind == SCRUB, job.state == "pending")))


async def test_a_dossier_is_ordered_once_whatever_of_it_was_met_and_however_often(desk: ScrubbingDesk) -> None:
    met, _other = await desk.preserved([JPEG, OTHER]), await desk.preserved([JPEG])
    keys = [*await keys_of(desk, met), "registers/ingest/x.json", "P01/urn_of_nobody/METS.xml"]
    database = desk.context.database
    for _ in range(2):
        told = await order_checks(database, keys, "copy")
        assert told == [CODE]
    assert await ordered(desk) == [met]
    assert {each["met_by"] for each in await desk.facts("dossier.scrub_ordered")} == {"copy"}
    assert await order_checks(database, [], "copy") == []


async def keys_of(desk: ScrubbingDesk, dossier: UUID) -> list[str]:
    """Give a page, a file of the AIP and the manifest of a dossier."""
    names = {objid.rpartition(":")[2] for objid, _ in await desk.copies(dossier)}
    keys = [key for key in await desk.everything("archive") if any(name in key for name in names)]
    assert any(key.endswith(".manifest.json") for key in keys)
    return keys


async def test_a_copy_that_meets_damage_has_it_mended_by_whoever_scrubs(desk: ScrubbingDesk, tmp_path: Path) -> None:
    await desk.preserved([JPEG, OTHER])
    right = await desk.everything("archive")
    bad, missing = only(right, "0001.jpg"), only(right, "0002.jpg")
    await damage(desk.store("archive"), bad)
    await desk.store("reserve").remove(missing)  # the archive has it right: only its absence is seen
    stores = {f"STORE_{name.upper()}_URL": desk.store(name).url for name in ("archive", "reserve")}
    told = await asyncio.to_thread(desk.ground.settings, "ingest")
    environment = {
        **stores,
        "INGEST_DATABASE_URL": told["database_url"],
        "IDENTITY_KEYS_URL": told["identity_keys_url"],
    }
    done = await asyncio.to_thread(run, "copy", "--to", str(tmp_path / "set"), "--json", **environment)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout.strip().splitlines()[-1])["checks_ordered"] == [CODE]
    assert f"ordered to be read and mended, dossier: {CODE}" in done.stderr
    worker = Worker(desk.scrubber.database, {SCRUB: partial(scrub_asked, desk.scrubber)}, 1, Meter("made"))
    assert await worker.work_once()
    assert await desk.everything("archive") == await desk.everything("reserve") == right


async def test_a_copy_that_meets_none_orders_nothing(desk: ScrubbingDesk, tmp_path: Path) -> None:
    await desk.preserved([JPEG])
    made = CopiesDesk(desk.ground, desk, tmp_path / "set")
    report = await made.copy()
    assert report.damaged == set()
    assert await ordered(desk) == []


@in_one_mode
async def test_a_drill_that_meets_damage_says_in_its_protocol_what_it_ordered(
    ground: Ground, made_pages: list[Path], tmp_path: Path
) -> None:
    desk = RestoringDesk(ground, made_pages[:2], tmp_path / "new")
    dossiers = await desk.lived()
    (ground.folder / "identity").mkdir(exist_ok=True)
    (ground.folder / "identity" / "identity.db").touch()
    await damage(ground.store("archive"), next(key for key in await desk.keys() if key.endswith("0001.jpg")))
    protocol = await drill(settings_of(ground.folder), tmp_path / DRILLS, Sample(10, seed=1))
    assert protocol.agrees, "the reserve has it"
    told = [note for note in protocol.notes if note.startswith("đã yêu cầu đọc lại và sửa mọi bản sao của hồ sơ ")]
    assert len(told) == 1
    assert [note for note in protocol.notes if " sai hoặc không có ở archive, đã lấy từ nơi khác" in note]
    assert "Mẫu ngẫu nhiên: 2 hồ sơ (2 bản kê), hạt giống 1" in protocol.lines()
    jobs = [row for row in await desk.rows_before("ingest", plumbing.job) if row["kind"] == SCRUB]
    assert len(jobs) == 1
    assert jobs[0]["subject_id"] in dossiers
