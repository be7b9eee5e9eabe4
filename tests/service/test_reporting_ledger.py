"""The page ledger, from the facts as they are heard."""

import asyncio
import random
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import SQLModel, select

from services.reporting.models import HeardEvent, LedgerDossier, LedgerPackage, LedgerPage
from services.reporting.operations.rebuilding import REBUILD
from shared.auth.roles import Role
from shared.database import Database
from shared.events.base import Event
from tests.grounds import Ground
from tests.harness import Bench
from tests.service.conftest import Grounds
from tests.service.reporting_facts import Dossier, ids_of, reporting_bench

PROJECTIONS: tuple[type[SQLModel], ...] = (LedgerDossier, LedgerPage, LedgerPackage)


def database_of(made: Bench) -> Database:
    return made.services["reporting"].context.database


async def rows_of(made: Bench) -> list[str]:
    """Give every projected row as text, sorted."""
    async with database_of(made).reading() as session:
        found: list[str] = []
        for table in PROJECTIONS:
            found += [f"{table.__name__} {row.model_dump_json()}" for row in await session.exec(select(table))]
    return sorted(found)


async def answered(made: Bench, path: str, **query: str | int) -> dict[str, Any]:
    answer = await made.caller(Role.AUDITOR).get(f"/reporting{path}", params=query)
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()
    return told


async def test_a_whole_life_agrees_at_every_step(ground: Ground) -> None:
    async with reporting_bench(ground) as made:
        await made.tell("reporting", Dossier(pages=4).life())
        totals = await answered(made, "/ledger/totals")
    steps = ("expected", "scanned", "accepted", "preserved", "delivered", "received")
    assert {totals[step] for step in steps} == {4}
    assert (totals["a4_pages"], totals["verified_copies_min"]) == (2 + 1 + 2 + 1, 2)
    assert (totals["agreed"], totals["open_differences"], totals["explained_differences"]) == (True, 0, 0)


async def test_rejected_pages_are_explained_and_left_out_of_the_a4_pages(ground: Ground) -> None:
    dossier = Dossier(pages=3)
    async with reporting_bench(ground) as made:
        await made.tell("reporting", dossier.life(rejected=(1,)))
        totals = await answered(made, "/ledger/totals")
        differences = (await answered(made, "/ledger/differences"))["items"]
    assert (totals["accepted"], totals["rejected"], totals["a4_pages"], totals["agreed"]) == (2, 1, 3, True)
    assert [(each["step"], each["expected"], each["found"], each["is_open"]) for each in differences] == [
        ("accepted", 3, 2, False)
    ]
    assert "không đọc được" in differences[0]["explanation"]


async def test_a_withdrawn_dossier_leaves_the_plan_until_it_is_approved_anew(ground: Ground) -> None:
    dossier, preserved = Dossier(pages=3), Dossier(pages=2)
    async with reporting_bench(ground) as made:
        told = [dossier.withdrawn(), dossier.approved(), dossier.stored(1)]
        await made.tell("reporting", [*told, *preserved.life(), preserved.withdrawn()])
        totals = await answered(made, "/ledger/totals")
        [difference] = (await answered(made, "/ledger/differences"))["items"]
        await made.tell("reporting", [dossier.approved().model_copy(update={"version": 2})])
        again = await answered(made, "/ledger/totals")
    assert (totals["expected"], totals["withdrawn"], totals["agreed"]) == (2, 1, True), "what is preserved stays"
    assert (difference["expected"], difference["found"], difference["is_open"]) == (0, 1, False)
    assert difference["explanation"] == "trùng với phông khác"
    assert (again["expected"], again["withdrawn"]) == (5, 0)


async def test_a_rejection_stays_owed_until_it_is_explained_and_what_was_accepted_before_counts(ground: Ground) -> None:
    held, never = Dossier(pages=3), Dossier(pages=2)
    again, first = held.again("rejected"), never.again("rejected")
    async with reporting_bench(ground) as made:
        await made.tell("reporting", [*held.life(), *again, *never.life()[:-2], *first])
        before = await answered(made, "/ledger/totals")
        owed = (await answered(made, "/ledger/differences"))["items"]
        await made.tell("reporting", [held.explained(again[1]), never.explained(first[1])])
        after = await answered(made, "/ledger/totals")
        explained = (await answered(made, "/ledger/differences"))["items"]
    assert (before["received"], before["open_differences"], before["agreed"]) == (3, 2, False)
    assert sorted((each["expected"], each["found"], each["is_open"]) for each in owed) == [(2, 0, True), (3, 3, True)]
    counts = [after[name] for name in ("delivered", "received", "open_differences", "explained_differences", "agreed")]
    assert counts == [5, 3, 0, 2, True]
    assert {each["explanation"] for each in explained} == {"hai bên thống nhất không giao lại"}


async def test_a_rescan_is_the_same_page_with_the_newer_image(ground: Ground) -> None:
    dossier = Dossier(pages=1)
    async with reporting_bench(ground) as made:
        await made.tell("reporting", [dossier.stored(1, version=2, minutes=9), dossier.stored(1, version=1)])
        async with database_of(made).reading() as session:
            row = (await session.exec(select(LedgerPage))).one()
    assert (row.version, row.station, row.size) == (2, "station-2", 2000)


async def test_a_fact_told_twice_counts_once(ground: Ground) -> None:
    dossier = Dossier()
    async with reporting_bench(ground) as made:
        life = dossier.life()
        await made.tell("reporting", life)
        before = await rows_of(made)
        await made.tell("reporting", life + life[:3])
        assert await rows_of(made) == before
        async with database_of(made).reading() as session:
            heard = (await session.exec(select(HeardEvent.id))).all()
    assert len(heard) == len(set(heard))


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 2**32), batch=st.integers(1, 30))
def test_order_repetition_and_batches_do_not_change_the_ledger(grounds: Grounds, seed: int, batch: int) -> None:
    chance = random.Random(seed)
    lives = [Dossier(pages=3), Dossier(pages=2)]
    facts = [*lives[0].life(rejected=(2,)), *lives[1].life(), lives[0].withdrawn(), lives[1].withdrawn(3)]
    again = lives[1].again("rejected")
    facts += [*again, lives[1].explained(again[1])]
    shuffled = facts + chance.sample(facts, 6)
    chance.shuffle(shuffled)

    async def ledger(told: list[Event], size: int) -> list[str]:
        async with reporting_bench(grounds()) as made:
            for begin in range(0, len(told), size):
                await made.tell("reporting", told[begin : begin + size])
            return await rows_of(made)

    assert asyncio.run(ledger(shuffled, batch)) == asyncio.run(ledger(facts, 50))


async def test_a_rebuild_gives_the_same_rows_and_mends_damaged_ones(ground: Ground) -> None:
    async with reporting_bench(ground) as made:
        await made.tell("reporting", Dossier().life(rejected=(1,)) + Dossier(pages=5).life())
        before = await rows_of(made)
        async with database_of(made).writing() as uow:
            for page in await uow.session.exec(select(LedgerPage)):
                await uow.session.delete(page)
            (await uow.session.exec(select(LedgerDossier))).first().expected_count = 999  # type: ignore[union-attr]
        assert await rows_of(made) != before
        assert (await made.caller(Role.ADMIN).post("/reporting/rebuild")).status_code == 202
        await until_done(made)
        assert await rows_of(made) == before


async def until_done(made: Bench) -> None:
    """Wait for the rebuild, at most ten seconds."""
    job = database_of(made).plumbing.job
    async with asyncio.timeout(10):
        while True:
            async with database_of(made).reading() as session:
                states = set(await session.exec(select(job.state).where(job.kind == REBUILD)))
            if states == {"done"}:
                return
            await asyncio.sleep(0.05)


async def test_the_ledger_is_listed_in_portions_without_gaps(ground: Ground) -> None:
    dossiers = [Dossier(pages=1) for _ in range(5)]
    async with reporting_bench(ground) as made:
        await made.tell("reporting", [dossier.approved() for dossier in dossiers])
        seen: list[dict[str, object]] = []
        cursor: str | None = None
        for _ in range(10):
            portion = await answered(made, "/ledger", limit=2, **({"cursor": cursor} if cursor else {}))
            seen += portion["items"]
            cursor = portion["next"]
            if cursor is None:
                break
    assert ids_of(seen) == {dossier.id for dossier in dossiers}
    assert len(seen) == 5
