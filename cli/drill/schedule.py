"""Drill when it is due, in a process of its own: a system at work shall not feel it."""

import asyncio
import logging
import sys

from services.ingest.main import Settings
from services.ingest.models import plumbing
from services.ingest.operations.drilling import is_due
from shared.database import Database

PROGRAM = "from cli.main import run; run()"
log = logging.getLogger(__name__)


async def drill_when_due(settings: Settings, *place: str) -> None:
    """Look every hour whether the last drill that passed is too long ago; a drill that fails is tried again then.

    `place` tells `saoluu drill` where: `--data` and a folder, or `--into` and a folder.
    """
    try:
        await look_and_drill(settings, *place)
    except OSError as failed:  # hourly work that raises would begin again at once
        log.error("the restore drill could not be started: %s", failed)


async def look_and_drill(settings: Settings, *place: str) -> None:
    """Drill if it is due."""
    database = Database(settings.database_url, plumbing)
    try:
        due = await is_due(database, settings.ingest_drill_days)
    finally:
        await database.close()
    if due:
        await drill_aside(*place, "--sample", str(settings.ingest_drill_sample))


async def drill_aside(*words: str) -> None:
    """Drill in another process, which ends with us."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        PROGRAM,
        "drill",
        *words,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        _, said = await process.communicate()
    finally:
        if process.returncode is None:
            process.terminate()
            await process.wait()
    if process.returncode:
        log.error("the restore drill failed (%s): %s", process.returncode, said.decode(errors="replace")[-500:])
    else:
        log.info("the restore drill passed")
