"""`kill -9` at random moments while pages go in: nothing lost, nothing doubled, no orphan, no event missing."""

import asyncio
import os
import random
from collections import Counter
from pathlib import Path

from tests.faults.checker import confessions, wrongs
from tests.faults.embedded_system import Embedded
from tests.faults.full_system import Full
from tests.faults.program import Program
from tests.faults.station import station_at

DOSSIERS, PAGES, KILLS = 4, 50, 20
SEED = int(os.environ.get("SAOLUU_FAULTS_SEED", "71"))  # any other one must do as well
DEATHS = {"ingest": 5, "qc": 5, "reporting": 4, "identity": 2, "catalog": 2, "handover": 2}
CHECKED_WITHIN = 240.0  # a page whose checker was killed is checked again when the lease of that job has run out


async def test_the_system_dies_twenty_times_while_two_hundred_pages_go_in(embedded: Embedded, tmp_path: Path) -> None:
    chance = random.Random(SEED)
    async with station_at(embedded, tmp_path, DOSSIERS, PAGES) as station:
        async for _ in station.moments(chance, KILLS, DOSSIERS * PAGES):
            embedded.program.kill()
            await asyncio.to_thread(embedded.start)
        sent = await station.is_done()
    assert len(sent) == DOSSIERS * PAGES
    assert await wrongs(embedded.places, sent, patience=CHECKED_WITHIN) == []
    assert confessions([embedded.log]) == []


async def test_single_services_die_twenty_times_while_two_hundred_pages_go_in(full: Full, tmp_path: Path) -> None:
    chance = random.Random(SEED)
    dying = Counter(DEATHS)
    async with station_at(full, tmp_path, DOSSIERS, PAGES) as station, asyncio.TaskGroup() as comebacks:
        async for _ in station.moments(chance, KILLS, DOSSIERS * PAGES):
            victim = await next_victim(full, dying, chance)
            full.programs[victim].kill()
            comebacks.create_task(come_back(full.programs[victim], chance.uniform(0, 0.5)))
        sent = await station.is_done()
    assert len(sent) == DOSSIERS * PAGES
    assert await wrongs(full.places, sent, patience=CHECKED_WITHIN) == []
    assert confessions(full.logs) == []


async def next_victim(full: Full, dying: Counter[str], chance: random.Random) -> str:
    """Choose who dies next among those still to die, if possible one that is at work and not only starting."""
    while True:
        alive = [name for name in dying.elements() if full.programs[name].is_alive()]
        at_work = [name for name in alive if full.is_listening(name)]
        if alive:
            victim = chance.choice(at_work or alive)
            dying[victim] -= 1
            return victim
        await asyncio.sleep(0.05)


async def come_back(program: Program, pause: float) -> None:
    """Start a program again after a pause."""
    await asyncio.sleep(pause)
    program.start()
