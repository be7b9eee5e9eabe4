"""Where several servers run the system, the scrubber's process drills a restore when one is due."""

import asyncio
import json
from datetime import timedelta
from pathlib import Path

from sqlalchemy import update
from sqlmodel import select

from cli.demo.system import running
from services.ingest.models import ScanOrder, plumbing
from shared.clock import now
from shared.database import Database
from tests.grounds import Ground
from tests.service.conftest import in_full_mode
from tests.service.copies_desk import run
from tests.service.restoring_desk import RestoringDesk

pytestmark = in_full_mode


def scrubbers_environment(ground: Ground) -> dict[str, str]:
    told = ground.settings("ingest")
    return {
        "INGEST_DATABASE_URL": told["database_url"],
        "IDENTITY_KEYS_URL": told["identity_keys_url"],
        **{f"STORE_{name.upper()}_URL": told[f"store_{name}_url"] for name in ("archive", "reserve")},
    }


async def drilled(database: Database) -> list[str]:
    audit = plumbing.audit
    acts: list[str] = []
    for _ in range(600):
        async with database.reading() as session:
            acts = list((await session.exec(select(audit.act).where(audit.act.startswith("drill.")))).all())
        if acts:
            break
        await asyncio.sleep(0.1)
    return acts


async def test_it_is_drilled_from_the_buckets_into_the_folder_that_it_was_given(
    ground: Ground, made_pages: list[Path], tmp_path: Path
) -> None:
    desk = RestoringDesk(ground, made_pages[:2], tmp_path / "new")
    await desk.lived(["H49.2001.001"])
    environment = await asyncio.to_thread(scrubbers_environment, ground)
    database = Database(environment["INGEST_DATABASE_URL"], plumbing)
    drills, log = tmp_path / "drills", tmp_path / "scrub.log"
    try:
        async with database.writing() as uow:
            await uow.session.exec(update(ScanOrder).values(preserved_at=now() - timedelta(days=91)))
        with running(["scrub", "--drills", str(drills)], log, environment):
            assert await drilled(database) == ["drill.passed"], log.read_text()
    finally:
        await database.close()
    (kept,) = drills.glob("*.json")
    protocol = json.loads(kept.read_text())
    assert protocol["agrees"]
    assert protocol["registers_held_against"] == ["ingest"], "no other database is reached from there"
    assert len(protocol["sample"]) == 1
    assert not list(drills.glob("scratch-*"))
    for name in ("archive", "reserve"):
        keys = await ground.store(name).keys()
        assert [key for key in keys if key.startswith("registers/drills/")], name


async def test_without_a_data_folder_the_folder_to_drill_in_must_be_named(ground: Ground) -> None:
    environment = await asyncio.to_thread(scrubbers_environment, ground)
    done = await asyncio.to_thread(run, "drill", **environment)
    assert (done.returncode, done.stderr.partition(":")[0]) == (2, "drill.no_folder")
