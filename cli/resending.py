"""`saoluu resend`: tell events once more, after databases were restored that were not copied at the same moment."""

import asyncio
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
from sqlalchemy import update
from sqlmodel import col

from cli.language import say
from cli.serving import explained
from services.embedded import SERVICES, embedded_settings, part
from shared.database import Database
from shared.plumbing import Plumbing

HELP = say(
    "Phát lại các sự kiện từ một ngày, sau khi khôi phục dữ liệu.",
    "Tell the events since a day once more, after a restore.",
)
DAYS = ["%d/%m/%Y", "%Y-%m-%d"]


def resend(
    since: Annotated[datetime, typer.Option(formats=DAYS, help=say("Từ ngày nào (dd/mm/yyyy)", "Since which day"))],
    data: Annotated[Path | None, typer.Option("--data", help=say("Thư mục dữ liệu", "Data folder"))] = None,
) -> None:
    """Mark every event since a day as unsent: a listener that has heard it does nothing, the others catch up."""
    for name in SERVICES:
        with explained():
            url = embedded_settings(name, data)["database_url"] if data else part(name).Settings.of(name).database_url
        count = asyncio.run(marked_unsent(url, part(name).plumbing, since))
        typer.echo(f"{name}: {count}")


async def marked_unsent(url: str, plumbing: Plumbing, since: datetime) -> int:
    """Mark events as unsent in one database, and give how many."""
    database = Database(url, plumbing)
    try:
        async with database.writing() as uow:
            outbox = plumbing.outbox
            late = update(outbox).where(col(outbox.created_at) >= since.astimezone()).values(sent_at=None)
            marked = await uow.session.exec(late)
            uow.record("events.resent", None, since=since.date(), events=marked.rowcount)
            return int(marked.rowcount)
    finally:
        await database.close()
