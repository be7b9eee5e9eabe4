"""A service that stops ends what it is at: nothing is cut off that would have been done in a moment."""

import asyncio
from collections.abc import Sequence
from uuid import UUID, uuid4

import pytest

from shared import service
from shared.bus.memory import MemoryBus
from shared.bus.port import Letter
from shared.database import Database
from shared.events.listeners import LISTENERS
from shared.events.qc import DossierRejected
from shared.ids import DossierId
from shared.jobs import Progress, Worker
from shared.metrics import Meter
from shared.plumbing import JobColumns
from shared.storage.folder import FolderStore
from shared.storage.open import open_store
from shared.storage.s3 import S3Store
from tests.grounds import Ground
from tests.service.conftest import Set
from tests.service.test_event_machinery import database, the_job

__all__ = ["database"]  # the fixture


async def test_a_job_in_hand_is_ended(database: Database) -> None:
    begun, stopping = asyncio.Event(), asyncio.Event()

    async def work(_job: JobColumns, _progress: Progress) -> None:
        begun.set()
        await asyncio.sleep(0.2)

    async with database.writing() as uow:
        await uow.enqueue("kind", uuid4())
    working = asyncio.create_task(Worker(database, {"kind": work}, 2, Meter("made")).run(stopping))
    await begun.wait()
    stopping.set()
    database.wake()
    await service.end([working])
    assert (await the_job(database)).state == "done"


async def test_a_job_that_takes_too_long_is_cut_off_and_left_to_the_next_as_if_untried(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "GRACE", 0.1)
    begun, stopping = asyncio.Event(), asyncio.Event()

    async def work(_job: JobColumns, _progress: Progress) -> None:
        begun.set()
        await asyncio.Event().wait()

    async with database.writing() as uow:
        await uow.enqueue("kind", uuid4())
    working = asyncio.create_task(Worker(database, {"kind": work}, 1, Meter("made")).run(stopping))
    await begun.wait()
    stopping.set()
    await service.end([working])
    assert working.done()
    left = await the_job(database)
    assert (left.state, left.attempts, left.lease) == ("pending", 0, None)


async def test_work_that_has_nothing_to_do_is_not_begun_again_and_again() -> None:
    begun = 0

    async def nothing(_stopping: asyncio.Event) -> None:
        nonlocal begun
        begun += 1

    await asyncio.wait_for(service.keep_going("made", nothing, asyncio.Event()), 1)
    assert begun == 1


async def test_work_that_falls_over_is_begun_again() -> None:
    begun, stopping = 0, asyncio.Event()

    async def faulty(_stopping: asyncio.Event) -> None:
        nonlocal begun
        begun += 1
        if begun == 1:
            raise LookupError("a fault")

    await asyncio.wait_for(service.keep_going("made", faulty, stopping), 5)
    assert begun == 2


class Slow:
    """A listener that takes its time."""

    def __init__(self, name: str) -> None:
        self.service = name
        self.settled: list[UUID] = []

    async def receive(self, letters: Sequence[Letter]) -> None:
        await asyncio.sleep(0.2)
        self.settled += [letter.id for letter in letters]


async def test_the_bus_closes_when_its_listeners_have_settled_what_they_have() -> None:
    told, bus = DossierRejected(dossier_id=DossierId(uuid4()), page_count=1, explanation="x"), MemoryBus()
    listeners = [Slow(name) for name in LISTENERS[DossierRejected]]
    for each in listeners:
        await bus.attach(each)
    publishing = asyncio.create_task(bus.publish([Letter(told.id, told.name, told.model_dump_json())]))
    await asyncio.sleep(0.05)
    await bus.close()
    assert [each.settled for each in listeners] == [[told.id]] * len(listeners)
    assert await publishing == {told.id}


async def test_a_system_that_a_fault_ends_lets_go_of_its_stores(
    at_work: Set, ground: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed: list[object] = []
    kind = type(open_store(ground.store("incoming").url, "incoming"))
    real = kind.close

    async def close(store: FolderStore | S3Store) -> None:
        closed.append(store)
        await real(store)  # type: ignore[arg-type]

    monkeypatch.setattr(kind, "close", close)
    with pytest.raises(OSError, match="a fault"):
        async with at_work("ingest", "qc", "handover"):
            raise OSError("a fault")
    assert len(closed) == 3 + 2 + 2
