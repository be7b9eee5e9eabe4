"""A drill restores a random sample into a scratch folder, keeps a signed protocol, and leaves nothing else behind."""

import json
from datetime import timedelta
from pathlib import Path

import pytest
from joserfc import jws
from joserfc.jwk import OKPKey
from sqlalchemy import update
from sqlmodel import select

from cli.copies.faults import CopyRefused
from cli.copies.offline_set import alone_in
from cli.copies.sources import settings_of
from cli.drill.drilling import DRILLS, Sample, drill
from cli.drill.schedule import drill_when_due
from cli.restore.protocol import Protocol
from services.ingest.models import plumbing
from services.ingest.operations.drilling import is_due
from services.ingest.receipts import ALGORITHM
from shared.clock import now
from shared.database import Database
from tests.grounds import Ground
from tests.raw_stores import damage
from tests.service.conftest import in_one_mode
from tests.service.restoring_desk import RestoringDesk

pytestmark = in_one_mode


@pytest.fixture
async def desk(ground: Ground, made_pages: list[Path], tmp_path: Path) -> RestoringDesk:
    made = RestoringDesk(ground, made_pages[:2], tmp_path / "new")
    await made.lived()
    (ground.folder / "identity").mkdir(exist_ok=True)
    (ground.folder / "identity" / "identity.db").touch()  # the sign of a data folder
    return made


async def drilled(desk: RestoringDesk, sample: Sample) -> Protocol:
    return await drill(settings_of(desk.ground.folder), desk.ground.folder / DRILLS, sample)


async def audited(desk: RestoringDesk) -> list[tuple[str, dict[str, object]]]:
    rows = await desk.rows_before("ingest", plumbing.audit)
    return [(row["act"], json.loads(row["facts"])) for row in rows if row["act"].startswith("drill.")]


async def test_a_sample_is_restored_and_the_protocol_is_kept_signed_in_both_stores(desk: RestoringDesk) -> None:
    data = desk.ground.folder
    protocol = await drill(settings_of(data), data / DRILLS, Sample(1, seed=7))
    assert protocol.differences == []
    assert protocol.sample is not None
    assert len(protocol.sample) == 1
    again = await drill(settings_of(data), data / DRILLS, Sample(1, seed=7))
    assert again.sample == protocol.sample, "the seed draws the same again"
    names = [path.name for path in (data / DRILLS).iterdir()]
    assert sorted({name.rpartition(".")[2] for name in names}) == ["json", "jws", "lock"], "the scratch folder is gone"
    kept = {name: await desk.ground.store(name).keys() for name in ("archive", "reserve")}
    signed = [key for key in kept["archive"] if key.startswith("registers/drills/")]
    assert signed
    assert signed == [key for key in kept["reserve"] if key.startswith("registers/drills/")]
    token = (await desk.ground.store("reserve").take(signed[0])).decode()
    key = OKPKey.import_key(jws.extract_compact(token.encode()).protected["jwk"])
    told = json.loads(jws.deserialize_compact(token, key, algorithms=[ALGORITHM]).payload)
    assert (told["seed"], told["agrees"], told["sample"]) == (7, True, protocol.sample)
    acts = await audited(desk)
    assert [act for act, _ in acts] == ["drill.passed", "drill.passed"]


async def test_what_no_store_has_right_fails_the_drill_and_is_named(desk: RestoringDesk) -> None:
    for name in ("archive", "reserve"):
        for key in await desk.ground.store(name).keys():
            if key.endswith("0001.jpg"):
                await damage(desk.ground.store(name), key)
    protocol = await drilled(desk, Sample(10, seed=1))
    assert len(protocol.differences) == 2
    assert [act for act, _ in await audited(desk)] == ["drill.failed"]


async def test_one_at_a_time_and_remains_of_a_killed_one_are_swept(desk: RestoringDesk) -> None:
    folder = desk.ground.folder / DRILLS
    with alone_in(folder), pytest.raises(CopyRefused, match="set_busy"):
        await drilled(desk, Sample(1, seed=1))
    (folder / "scratch-killed" / "stores").mkdir(parents=True)
    assert (await drilled(desk, Sample(1, seed=1))).agrees
    assert not (folder / "scratch-killed").exists()


async def test_it_is_due_when_the_last_that_passed_is_too_long_ago(desk: RestoringDesk) -> None:
    database = Database(desk.ground.database_url("ingest"), plumbing)
    try:
        assert not await is_due(database, 90), "preserved just now"
        assert await is_due(database, 0)
        await drilled(desk, Sample(1, seed=1))
        await drill_when_due(settings_of(desk.ground.folder), "--data", str(desk.ground.folder))
        assert len(await audited(desk)) == 1, "not due, not done"
        audit = plumbing.audit
        async with database.writing() as uow:
            long_ago = now() - timedelta(days=91)
            await uow.session.exec(update(audit).where(audit.act == "drill.passed").values(at=long_ago))  # type: ignore[arg-type]
        await drill_when_due(settings_of(desk.ground.folder), "--data", str(desk.ground.folder))
        async with database.reading() as session:
            acts = (await session.exec(select(audit.act).where(audit.act == "drill.passed"))).all()
        assert len(acts) == 2
        assert not await is_due(database, 90)
    finally:
        await database.close()
