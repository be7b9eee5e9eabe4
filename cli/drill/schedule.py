"""Drill when it is due, in a process of its own: a system at work shall not feel it."""

import asyncio
import logging
import sys
from pathlib import Path

from cli.copies.sources import settings_of
from services.ingest.models import plumbing
from services.ingest.operations.drilling import is_due
from shared.database import Database

PROGRAM = "from cli.main import run; run()"
log = logging.getLogger(__name__)


async def drill_when_due(data: Path) -> None:
    """Look every hour whether the last drill that passed is too long ago; a drill that fails is tried again then."""
    try:
        await look_and_drill(data)
    except OSError as failed:  # hourly work that raises would begin again at once
        log.error("the restore drill could not be started: %s", failed)


async def look_and_drill(data: Path) -> None:
    """Drill if it is due."""
    settings = settings_of(data)
    database = Database(settings.database_url, plumbing)
    try:
        due = await is_due(database, settings.ingest_drill_days)
    finally:
        await database.close()
    if due:
        await drill_aside(data, settings.ingest_drill_sample)


async def drill_aside(data: Path, sample: int) -> None:
    """Drill in another process, which ends with us."""
    words = [sys.executable, "-c", PROGRAM, "drill", "--data", str(data), "--sample", str(sample)]
    process = await asyncio.create_subprocess_exec(
        *words, stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.PIPE
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
