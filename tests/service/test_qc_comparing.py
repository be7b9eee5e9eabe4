"""The comparison of a dossier's pages is a job: nothing waits inside its transaction, and nothing gets past it."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID, uuid4

import httpx
import numpy as np
import pytest
from sqlmodel import col, select

from services.qc.models import InspectedDossier, InspectedPage, PageCheck
from services.qc.operations import comparing
from shared.auth.roles import Role
from shared.database import Database
from shared.imaging.comparing.fingerprint import DARKEST, packed
from shared.jobs import LeaseLost, Progress, order_again
from shared.plumbing import JobColumns
from tests.harness import Bench
from tests.service.conftest import Set

DOSSIER = uuid4()
PAGES = [UUID(int=number) for number in range(1, 5)]


@pytest.fixture
async def system(at_work: Set) -> AsyncIterator[Bench]:
    async with at_work("qc") as made:
        yield made


def fingerprint(seed: int) -> str:
    """Invent the fingerprint of a written page."""
    chance, cells = np.random.default_rng(seed), np.zeros((320, 226), bool)
    for line in range(30, 290, 8):
        cells[line : line + 4, 20 : int(chance.integers(90, 205))] = chance.random((4, 1)) < 0.9
        cells[line : line + 4, 20:205] &= np.repeat(chance.random(37) < 0.6, 5)
    return packed(cells * np.uint8(DARKEST))


async def lay(database: Database, *seeds: int, version: int = 1) -> None:
    """Let pages of a closed dossier be checked, each with an invented fingerprint, and their comparison be ordered."""
    async with database.writing() as uow:
        dossier = await uow.session.get(InspectedDossier, DOSSIER, with_for_update=True)
        if dossier is None:
            dossier = InspectedDossier(dossier_id=DOSSIER, state="scanned", scanned_count=len(PAGES))
            uow.session.add(dossier)
        for page_id, seed in zip(PAGES, seeds, strict=True):
            page = await uow.session.get(InspectedPage, page_id)
            facts: dict[str, Any] = {
                "page_id": page_id,
                "dossier_id": DOSSIER,
                "number": page_id.int,
                "sha256": "0" * 64,
            }
            if page is None or seed != 0:
                await uow.session.merge(InspectedPage(**facts, version=version, is_readable=True, judgement="pass"))
                uow.session.add(
                    PageCheck(
                        **facts, id=uuid4(), version=version, key="k", size=1, media_type="image/jpeg",
                        judgement="pass", measures={"hash": fingerprint(seed)},
                    )
                )  # fmt: skip
        await comparing.compare_when_ready(uow, dossier)


async def found(inspector: httpx.AsyncClient) -> dict[int, object]:
    """Wait until every page is compared; gives which pages are like which others."""
    for _ in range(200):
        if (await inspector.get(f"/qc/dossiers/{DOSSIER}")).json().get("compared_count") == len(PAGES):
            pages = (await inspector.get(f"/qc/dossiers/{DOSSIER}/pages")).json()["items"]
            return {page["number"]: each["value"] for page in pages for each in page["findings"]}
        await asyncio.sleep(0.05)
    raise AssertionError("the pages were not compared")


class Gate:
    """Stands in for the comparing itself: says when it has begun, and waits until it may go on."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._alike = comparing.alike
        self.begun, self.open, self.count = asyncio.Event(), asyncio.Event(), 0
        monkeypatch.setattr(comparing, "alike", self.alike)

    async def alike(self, pages: comparing.Comparables, progress: Progress) -> dict[UUID, UUID]:
        self.count += 1
        same = await self._alike(pages, progress)
        self.begun.set()
        await self.open.wait()
        return same


def database_of(system: Bench) -> Database:
    return system.services["qc"].context.database


async def test_a_dossier_is_not_concluded_while_its_pages_are_compared_and_others_may_write(
    system: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate, inspector = Gate(monkeypatch), system.caller(Role.INSPECTOR)
    await lay(database_of(system), 1, 2, 3, 4)
    await asyncio.wait_for(gate.begun.wait(), 20)
    async with asyncio.timeout(5), database_of(system).writing() as uow:
        uow.record("test.written", DOSSIER)
    early = await inspector.post(f"/qc/dossiers/{DOSSIER}/acceptance", json={})
    assert (early.status_code, early.json()["code"]) == (409, "qc.dossier_still_scanning")
    assert "0 compared" in early.json()["detail"]
    gathered = await inspector.post("/qc/lots", json={"name": "Lô", "dossier_ids": [str(DOSSIER)]})
    assert (gathered.status_code, gathered.json()["code"]) == (409, "qc.dossier_still_scanning")
    gate.open.set()
    assert await found(inspector) == {}
    later = await inspector.post(f"/qc/dossiers/{DOSSIER}/acceptance", json={})
    assert (later.status_code, later.json()["code"]) == (409, "qc.verdicts_missing"), "the sample is drawn by now"


async def test_a_version_that_is_checked_during_the_comparison_is_compared_too(
    system: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate, inspector = Gate(monkeypatch), system.caller(Role.INSPECTOR)
    await lay(database_of(system), 1, 2, 3, 1)
    await asyncio.wait_for(gate.begun.wait(), 20)
    await lay(database_of(system), 0, 0, 2, 5, version=2)
    gate.open.set()
    assert await found(inspector) == {3: 2}, "page 4 is another by now, and page 3 became one of page 2"
    assert gate.count == 2


async def test_a_later_version_is_told_of_and_makes_a_drawn_dossier_wait(
    system: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    inspector = system.caller(Role.INSPECTOR)
    await lay(database_of(system), 1, 2, 3, 1)
    assert await found(inspector) == {4: 1}
    gate = Gate(monkeypatch)
    await lay(database_of(system), 0, 3, 0, 0, version=2)
    await asyncio.wait_for(gate.begun.wait(), 20)
    early = await inspector.post(f"/qc/dossiers/{DOSSIER}/acceptance", json={})
    assert (early.status_code, early.json()["code"]) == (409, "qc.dossier_still_scanning")
    gate.open.set()
    assert await found(inspector) == {4: 1, 2: 3}, "of the newcomer, not of a page somebody may have judged"


async def test_a_comparison_that_is_killed_and_done_again_comes_to_the_same(
    system: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    killed, tell = 0, Progress.tell

    async def dying(self: Progress, done: int, total: int) -> None:
        nonlocal killed
        await tell(self, done, total)
        killed += 1
        if killed == 1:
            raise LeaseLost

    monkeypatch.setattr(Progress, "tell", dying)
    await lay(database_of(system), 1, 2, 1, 2)
    for _ in range(100):
        if killed:
            break
        await asyncio.sleep(0.05)
    assert (await state(database_of(system))) == (None, [], "running")
    async with database_of(system).writing() as uow:
        job = uow.plumbing.job
        left = (await uow.session.exec(select(job).where(job.kind == comparing.COMPARE).with_for_update())).one()
        left.state, left.lease, left.leased_until = "pending", None, None
        uow.has_enqueued = True
    assert await found(system.caller(Role.INSPECTOR)) == {3: 1, 4: 2}
    first = await state(database_of(system))
    async with database_of(system).writing() as uow:
        await order_again(uow, comparing.COMPARE, DOSSIER)
    for _ in range(100):
        if (await state(database_of(system)))[2] == "done":
            break
        await asyncio.sleep(0.05)
    assert await state(database_of(system)) == first
    assert await found(system.caller(Role.INSPECTOR)) == {3: 1, 4: 2}


async def state(database: Database) -> tuple[int | None, list[str], str]:
    """Give the seed of the sample, the acts that were recorded of the dossier, and the state of the job."""
    job, audit = database.plumbing.job, database.plumbing.audit
    async with database.reading() as session:
        dossier = await session.get_one(InspectedDossier, DOSSIER)
        acts = await session.exec(select(audit.act).where(audit.subject_id == DOSSIER).order_by(col(audit.act)))
        row: JobColumns = (await session.exec(select(job).where(job.kind == comparing.COMPARE))).one()
        return dossier.seed, list(acts), row.state
