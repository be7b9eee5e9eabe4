"""`kill -9` at random moments while pages go in: nothing lost, nothing doubled, no orphan, no event missing."""

import asyncio
import os
import random
from pathlib import Path

from tests.faults.checker import confessions, wrongs
from tests.faults.embedded_system import Embedded
from tests.faults.station import station_at

DOSSIERS, PAGES, KILLS = 4, 50, 20
SEED = int(os.environ.get("SAOLUU_FAULTS_SEED", "71"))  # any other one must do as well
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
