"""After a restore events are told once more: those since a day, in every service, and nobody does anything twice."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

from sqlmodel import col, select
from typer.testing import CliRunner

from cli.main import app
from services.embedded import SERVICES, embedded_settings, folder_of
from services.qc.models import plumbing
from shared.database import Database
from shared.migrating import migrate

DAYS = [datetime(2026, 3, day, 12, tzinfo=UTC) for day in (1, 10, 20)]


async def told(url: str) -> list[int]:
    """Give the days of the events that are to be sent."""
    database = Database(url, plumbing)
    async with database.reading() as session:
        unsent = select(plumbing.outbox.created_at).where(col(plumbing.outbox.sent_at).is_(None))
        days = sorted(moment.day for moment in await session.exec(unsent))
    await database.close()
    return days


async def fill(url: str) -> None:
    database = Database(url, plumbing)
    async with database.writing() as uow:
        for day in DAYS:
            uow.session.add(plumbing.outbox(id=uuid4(), name="n", body="{}", created_at=day, sent_at=day))
    await database.close()


def test_events_since_a_day_are_sent_again(tmp_path: Path) -> None:
    for name in SERVICES:
        migrate(folder_of(name), embedded_settings(name, tmp_path)["database_url"])
    url = embedded_settings("qc", tmp_path)["database_url"]
    asyncio.run(fill(url))
    assert asyncio.run(told(url)) == []
    done = CliRunner().invoke(app, ["resend", "--since", "10/03/2026", "--data", str(tmp_path)])
    assert done.exit_code == 0, done.output
    assert "qc: 2" in done.output.splitlines()
    assert asyncio.run(told(url)) == [10, 20]
