"""Outbox, inbox, dead letters and jobs: once in effect, nothing lost, and a reason for what dies."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from uuid import uuid4

import pytest
from sqlalchemy import func
from sqlalchemy.orm import registry
from sqlmodel import Field, SQLModel, select

from shared import service
from shared.bus.memory import MemoryBus
from shared.bus.port import Letter
from shared.database import Database, DatabaseUnavailable
from shared.errors import Conflict, Unavailable
from shared.events.qc import DossierRejected
from shared.ids import DossierId
from shared.inbox import Listener, Subscriptions
from shared.jobs import ATTEMPTS, Progress, Worker
from shared.metrics import Meter
from shared.outbox import Relay
from shared.plumbing import JobColumns, Plumbing
from shared.uow import UnitOfWork
from tests.grounds import Ground
from tests.service.conftest import in_full_mode


class Table(SQLModel, registry=registry()):
    """Tables of a made-up service."""


plumbing = Plumbing.under(Table)


class Effect(Table, table=True):
    """What a handler did."""

    id: int | None = Field(default=None, primary_key=True)
    note: str


@pytest.fixture
async def database(ground: Ground) -> AsyncIterator[Database]:
    made = Database(await asyncio.to_thread(ground.empty_database_url, "made"), plumbing)
    async with made.writing() as uow:
        connection = await uow.session.connection()
        await connection.run_sync(Table.metadata.create_all)
    yield made
    await made.close()


def event() -> DossierRejected:
    return DossierRejected(dossier_id=DossierId(uuid4()), page_count=1, explanation="x")


def letter(told: DossierRejected) -> Letter:
    return Letter(told.id, told.name, told.model_dump_json())


async def count(database: Database, table: type[SQLModel]) -> int:
    async with database.reading() as session:
        return (await session.exec(select(func.count()).select_from(table))).one()


async def test_an_event_leaves_with_its_act_or_not_at_all(database: Database) -> None:
    with pytest.raises(RuntimeError, match="midway"):
        async with database.writing() as uow:
            uow.publish(event())
            uow.record("made", None)
            raise RuntimeError("midway")
    assert (await count(database, plumbing.outbox), await count(database, plumbing.audit)) == (0, 0)


async def test_a_letter_delivered_five_times_has_one_effect(database: Database) -> None:
    subscriptions = Subscriptions("made")

    @subscriptions.on(DossierRejected)
    async def hear(told: DossierRejected, uow: UnitOfWork) -> None:
        uow.session.add(Effect(note=told.explanation))

    listener, same = Listener(subscriptions, database, Meter("made")), letter(event())
    await listener.receive([same, same])
    await asyncio.gather(*(listener.receive([same]) for _ in range(3)))
    assert await count(database, Effect) == 1


async def test_one_bad_letter_in_a_batch_dies_with_its_reason_and_the_others_are_handled(database: Database) -> None:
    subscriptions, poison = Subscriptions("made"), event()

    @subscriptions.on(DossierRejected)
    async def hear(told: DossierRejected, uow: UnitOfWork) -> None:
        uow.session.add(Effect(note=str(told.id)))
        if told.id == poison.id:
            raise AttributeError("nobody foresaw this")

    listener = Listener(subscriptions, database, Meter("made"))
    await listener.receive([letter(event()), letter(poison), letter(event()), Letter(uuid4(), poison.name, "{}")])
    assert await count(database, Effect) == 2
    async with database.reading() as session:
        dead = {row.event_id: row.reason for row in await session.exec(select(plumbing.dead_letter))}
    assert dead[poison.id] == "AttributeError: nobody foresaw this"
    assert len(dead) == 2


async def test_what_one_act_caused_is_handled_together_and_one_bad_letter_does_not_spoil_the_rest(
    database: Database,
) -> None:
    subscriptions, poison, sizes = Subscriptions("made"), event(), list[tuple[str, int]]()

    @subscriptions.on_many(DossierRejected)
    async def hear(told: Sequence[DossierRejected], uow: UnitOfWork) -> None:
        sizes.append((uow.caller.name, len(told)))
        uow.session.add_all(Effect(note=str(each.id)) for each in told)
        if poison in told:
            raise AttributeError("nobody foresaw this")

    by_lan, by_minh = ([event().model_copy(update={"actor": name}) for _ in range(3)] for name in ("lan", "minh"))
    listener = Listener(subscriptions, database, Meter("made"))
    await listener.receive([letter(each) for each in (*by_lan, *by_minh, by_lan[0])])
    assert (sizes, await count(database, Effect)) == ([("made: lan", 3), ("made: minh", 3)], 6)
    await listener.receive([letter(event()), letter(poison), letter(event())])
    assert await count(database, Effect) == 8
    assert await count(database, plumbing.dead_letter) == 1


async def test_a_lost_race_is_tried_again_but_not_for_ever(database: Database) -> None:
    class Raced(Conflict):
        """Another was quicker."""

        code = "made.raced"
        retryable = True

    subscriptions, tries = Subscriptions("made"), 0

    @subscriptions.on(DossierRejected)
    async def hear(_told: DossierRejected, _uow: UnitOfWork) -> None:
        nonlocal tries
        tries += 1
        raise Raced

    await Listener(subscriptions, database, Meter("made")).receive([letter(event())])
    assert tries == 5
    assert await count(database, plumbing.dead_letter) == 1


async def test_an_outage_is_waited_out_and_costs_no_attempt(database: Database) -> None:
    subscriptions, tries = Subscriptions("made"), 0

    @subscriptions.on(DossierRejected)
    async def hear(told: DossierRejected, uow: UnitOfWork) -> None:
        nonlocal tries
        tries += 1
        if tries < 4:
            raise Unavailable
        uow.session.add(Effect(note=told.explanation))

    await Listener(subscriptions, database, Meter("made")).receive([letter(event())])
    assert (await count(database, Effect), await count(database, plumbing.dead_letter)) == (1, 0)


async def test_a_letter_whose_listener_is_absent_stays_in_the_outbox(database: Database) -> None:
    async with database.writing() as uow:
        uow.publish(event())
    relay = Relay(database, MemoryBus(), Meter("made"))
    assert await relay.pass_on() == (1, 0)
    assert await relay.pass_on() == (1, 0), "found again, because it is found by being unsent"


async def test_the_same_work_ordered_twice_is_one_job(database: Database) -> None:
    subject = uuid4()
    for _ in range(2):
        async with database.writing() as uow:
            await uow.enqueue("kind", subject)
    assert await count(database, plumbing.job) == 1


async def test_a_job_whose_worker_died_is_done_by_another(database: Database) -> None:
    async with database.writing() as uow:
        await uow.enqueue("kind", uuid4())
    done: list[int] = []

    async def work(job: JobColumns, _progress: Progress) -> None:
        done.append(job.attempts)

    worker = Worker(database, {"kind": work}, 1, Meter("made"))
    dead = await worker._claim()
    assert dead is not None
    assert not await worker.work_once(), "while the lease runs, nobody else takes it"
    async with database.writing() as uow:
        row = await uow.session.get_one(plumbing.job, dead.id)
        row.leased_until = row.created_at
    assert await worker.work_once()
    assert done == [2]
    await worker._end(dead, state="failed", error="the dead one speaks after all")
    async with database.reading() as session:
        assert (await session.get_one(plumbing.job, dead.id)).state == "done"


async def let_lease_run_out(database: Database) -> None:
    """Age the lease of the only job as if its worker had been dead for long; it becomes due, if it only waits."""
    async with database.writing() as uow:
        row = (await uow.session.exec(select(plumbing.job))).one()
        row.not_before = row.created_at
        if row.state == "running":
            row.leased_until = row.created_at


async def the_job(database: Database) -> JobColumns:
    async with database.reading() as session:
        return (await session.exec(select(plumbing.job))).one()


async def test_a_job_that_kills_every_worker_is_given_up(database: Database) -> None:
    async with database.writing() as uow:
        await uow.enqueue("kind", uuid4())

    async def work(_job: JobColumns, _progress: Progress) -> None:
        pytest.fail("five dead workers are enough")

    worker = Worker(database, {"kind": work}, 1, Meter("made"))
    for _ in range(ATTEMPTS):
        assert await worker._claim() is not None, "its worker dies here"
        await let_lease_run_out(database)
    assert await worker.work_once()
    row = await the_job(database)
    assert (row.state, row.lease, str(row.error)[:16]) == ("failed", None, "jobs.worker_died")
    assert not await worker.work_once(), "nobody takes it again"


async def test_after_a_long_outage_one_killed_worker_does_not_end_a_job(database: Database) -> None:
    async with database.writing() as uow:
        await uow.enqueue("kind", uuid4())
    is_out = True

    async def work(_job: JobColumns, _progress: Progress) -> None:
        if is_out:
            raise Unavailable

    worker = Worker(database, {"kind": work}, 1, Meter("made"))
    for _ in range(3 * ATTEMPTS):
        assert await worker.work_once()
        await let_lease_run_out(database)
    is_out = False
    assert await worker._claim() is not None, "its worker dies here"
    await let_lease_run_out(database)
    assert await worker.work_once()
    assert (await the_job(database)).state == "done"


async def test_a_job_that_fails_for_good_keeps_its_reason(database: Database) -> None:
    async with database.writing() as uow:
        await uow.enqueue("kind", uuid4())

    async def work(_job: JobColumns, _progress: Progress) -> None:
        raise Conflict("it cannot be done")

    await Worker(database, {"kind": work}, 1, Meter("made")).work_once()
    async with database.reading() as session:
        row = (await session.exec(select(plumbing.job))).one()
    assert (row.state, row.error) == ("failed", "conflict: it cannot be done")


@in_full_mode
async def test_of_two_who_wait_for_each_other_one_is_told_to_come_again(database: Database) -> None:
    async with database.writing() as uow:
        uow.session.add_all([Effect(id=1, note="one"), Effect(id=2, note="two")])

    async def change(first: int, second: int, both: asyncio.Barrier) -> None:
        async with database.writing() as uow:
            (await uow.session.get_one(Effect, first)).note = "changed"
            await uow.session.flush()
            await both.wait()
            (await uow.session.get_one(Effect, second)).note = "changed"

    both = asyncio.Barrier(2)
    ends = await asyncio.gather(change(1, 2, both), change(2, 1, both), return_exceptions=True)
    assert {type(end) for end in ends} == {type(None), DatabaseUnavailable}


async def test_hourly_work_is_done_at_once_and_outlives_an_outage(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service, "HOUR", 0.01)
    times, is_enough = 0, asyncio.Event()

    async def work() -> None:
        nonlocal times
        times += 1
        if times == 1:
            raise Unavailable("away")
        is_enough.set()

    stopping = asyncio.Event()
    hourly = asyncio.create_task(service.every_hour(work, stopping))
    await asyncio.wait_for(is_enough.wait(), 5)
    stopping.set()
    await asyncio.wait_for(hourly, 5)
    assert times >= 2
