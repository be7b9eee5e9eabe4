"""When copies are read: every hour a share of them, one dossier at once when asked; and what is told of it."""

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import update
from sqlmodel import col, select

from services.ingest.main import Settings, assemble, assemble_scrubber
from services.ingest.models import Copy, plumbing
from services.ingest.operations.rounds import ROUND, SCRUB, each_hour, order_round
from shared.auth.roles import Role
from shared.clock import now
from shared.jobs import Worker
from tests.grounds import Ground
from tests.raw_stores import damage
from tests.service.scrubbing_desk import ScrubbingDesk, page_key, scrubbing_desk
from tests.service.sweeping_desk import THIRD, swept
from tests.service.test_ingest_pages import JPEG, OTHER


@pytest.fixture
async def desk(ground: Ground) -> AsyncIterator[ScrubbingDesk]:
    async with scrubbing_desk(ground) as made:
        yield made


async def job(desk: ScrubbingDesk, kind: str) -> Any:  # noqa: ANN401 - a row of the job table
    async with desk.context.database.reading() as session:
        return (await session.exec(select(plumbing.job).where(plumbing.job.kind == kind))).one()


async def work(desk: ScrubbingDesk, kind: str) -> Any:  # noqa: ANN401 - a row of the job table
    """Do the job of a kind, as a worker would; gives its row."""
    service = desk.system.services["ingest"]
    worker = Worker(desk.context.database, {kind: service.kinds[kind]}, 1, service.meter)
    for _ in range(50):
        if await worker.work_once():
            return await job(desk, kind)
        await asyncio.sleep(0.1)  # the running service orders rounds too, and who claims passes over a row it holds
    raise AssertionError("no job was found")


async def an_hour_later(desk: ScrubbingDesk, *, hours: float = 1) -> None:
    """Make the last round, and what it paid for, so much older."""
    row = await job(desk, ROUND)
    paid = (datetime.fromisoformat(row.result["paid_until"]) - timedelta(hours=hours)).isoformat()
    async with desk.context.database.writing() as uow:
        table = plumbing.job
        changed = {"ended_at": row.ended_at - timedelta(hours=hours), "result": {**row.result, "paid_until": paid}}
        await uow.session.exec(update(table).where(col(table.id) == row.id).values(**changed))


async def test_a_round_is_ordered_once_an_hour_by_whichever_process(desk: ScrubbingDesk) -> None:
    await asyncio.gather(*(order_round(desk.scrubber) for _ in range(3)))
    assert (await job(desk, ROUND)).state == "pending"
    assert (await work(desk, ROUND)).state == "done"
    await order_round(desk.scrubber)
    assert (await job(desk, ROUND)).state == "done"
    await an_hour_later(desk)
    await order_round(desk.scrubber)
    assert (await job(desk, ROUND)).state == "pending"


async def test_rounds_read_the_oldest_and_spread_the_rest_over_the_period(desk: ScrubbingDesk) -> None:
    dossiers = [await desk.preserved([JPEG, OTHER]), await desk.preserved([THIRD])]
    await each_hour(desk.scrubber)
    done = await work(desk, ROUND)
    assert done.result["dossiers"] == 1
    assert [len(await desk.checks(each)) for each in dossiers] == [4, 0]
    for hours in (1, 24 * 30, 24 * 70):
        await an_hour_later(desk, hours=hours)
        await order_round(desk.scrubber)
        done = await work(desk, ROUND)
        if hours < 24:
            assert done.result["dossiers"] == 0
    assert [len(await desk.checks(each)) for each in dossiers] == [4, 4]


async def ask(desk: ScrubbingDesk, dossier: UUID) -> dict[str, Any]:
    answer = await desk.system.caller(Role.OPERATOR).post(f"/ingest/dossiers/{dossier}/scrubbing")
    assert answer.status_code == 202
    told: dict[str, Any] = answer.json()
    return told


async def listed(desk: ScrubbingDesk, path: str) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = (await desk.system.caller(Role.ARCHIVIST).get(f"/ingest/{path}")).json()["items"]
    return items


async def verified_copies(desk: ScrubbingDesk, dossier: UUID) -> int:
    return int((await desk.system.caller(Role.ARCHIVIST).get(f"/ingest/dossiers/{dossier}")).json()["verified_copies"])


async def lost_in_both(desk: ScrubbingDesk) -> str:
    """Damage the second page in both stores; gives its key."""
    key = page_key(await desk.everything("archive"), 2)
    for store in ("archive", "reserve"):
        await damage(desk.store(store), key)
    return key


async def test_a_person_has_a_dossier_read_at_once_and_sees_what_came_of_it(desk: ScrubbingDesk) -> None:
    dossier, other = await desk.preserved([JPEG, OTHER]), await desk.preserved([THIRD])
    await lost_in_both(desk)
    waiting = {"dossier_id": str(dossier), "state": "pending", "error": None}
    assert await ask(desk, dossier) == await ask(desk, dossier) == waiting
    assert (await work(desk, SCRUB)).result == {"states": ["quarantined", "whole"]}
    (quarantined,) = await listed(desk, "copies?state=quarantined")
    assert quarantined["dossier_id"] == str(dossier)
    assert sorted(each["state"] for each in quarantined["copies"]) == ["quarantined"] * 2 + ["whole"] * 2
    assert {each["dossier_id"] for each in await listed(desk, "copies")} == {str(dossier), str(other)}
    assert (await verified_copies(desk, dossier), await verified_copies(desk, other)) == (0, 2)
    assert {each["outcome"] for each in await listed(desk, f"dossiers/{dossier}/fixity-checks")} == {
        "quarantined",
        "whole",
    }
    counted = await desk.metrics()
    for line in (
        "saoluu_packages_quarantined_total 1.0",
        "saoluu_packages_in_quarantine 1.0",
        'saoluu_fixity_findings_total{finding="damaged",store="reserve"} 1.0',
    ):
        assert line in counted


async def test_a_person_restores_a_copy_and_has_it_read_again(desk: ScrubbingDesk) -> None:
    dossier = await desk.preserved([JPEG, OTHER])
    key = await lost_in_both(desk)
    await ask(desk, dossier)
    await work(desk, SCRUB)
    await desk.store("reserve").lay(key, OTHER)
    assert (await ask(desk, dossier))["state"] == "pending"
    assert (await work(desk, SCRUB)).result == {"states": ["whole"]}
    assert await listed(desk, "copies?state=quarantined") == []
    assert await verified_copies(desk, dossier) == 2
    log = [each["outcome"] for each in await listed(desk, f"dossiers/{dossier}/fixity-checks")]
    assert (len(log), log.count("quarantined"), log.count("repaired")) == (8, 2, 1)
    counted = await desk.metrics()
    assert 'saoluu_copies_repaired_objects_total{store="archive"} 1.0' in counted
    assert "saoluu_packages_in_quarantine 0.0" in counted
    assert (await desk.acts()).count("dossier.scrub_ordered") == 2


async def test_nothing_is_read_of_a_dossier_that_has_no_copies(desk: ScrubbingDesk) -> None:
    dossier, _ = await desk.scanned([JPEG])
    operator = desk.system.caller(Role.OPERATOR)
    for unknown in (dossier, uuid4()):
        assert (await operator.post(f"/ingest/dossiers/{unknown}/scrubbing")).status_code == 404


async def test_the_age_of_the_oldest_fixity_is_told(desk: ScrubbingDesk) -> None:
    dossier = await desk.preserved([JPEG])
    await make_old(desk, dossier, timedelta(days=40))
    await desk.system.services["ingest"].hourly()  # type: ignore[misc]
    line = next(each for each in (await desk.metrics()).splitlines() if each.startswith("saoluu_oldest_fixity_age"))
    assert 40 * 86_400 <= float(line.split()[1]) < 40 * 86_400 + 60


async def make_old(desk: ScrubbingDesk, dossier: UUID, age: timedelta) -> None:
    async with desk.context.database.writing() as uow:
        told = {"verified_at": now() - age, "checked_at": now() - age}
        await uow.session.exec(update(Copy).where(col(Copy.dossier_id) == dossier).values(**told))


async def test_masters_stay_in_incoming_while_a_copy_is_quarantined(desk: ScrubbingDesk) -> None:
    dossier = await desk.preserved([JPEG])
    key = page_key(await desk.everything("archive"), 1)
    for store in ("archive", "reserve"):
        await damage(desk.store(store), key)
    await desk.scrub(dossier)
    assert (await swept(desk, days=31))["withheld"] == 1
    assert len(await desk.store("incoming").keys()) > 0
    await desk.store("archive").lay(key, JPEG)
    await desk.scrub(dossier)
    assert (await swept(desk, days=32))["dossiers"] == 1


def test_only_the_scrubber_scrubs_where_it_has_a_process_of_its_own(ground: Ground) -> None:
    told = ground.settings("ingest")
    alone = assemble(Settings.model_validate(told))
    together = assemble(Settings.model_validate({**told, "ingest_scrubs": "true"}))
    apart = assemble_scrubber(Settings.model_validate({**told, "store_incoming_url": ""}))
    assert apart.kinds.keys() == {ROUND, SCRUB}
    assert apart.subscriptions.handlers == alone.subscriptions.handlers, "it empties the same queues"
    assert not alone.kinds.keys() & apart.kinds.keys()
    assert together.kinds.keys() == alone.kinds.keys() | apart.kinds.keys()
