"""Bring a service's database to the shape its models have: Alembic, forward only, one history per service."""

import asyncio
import sys
from importlib import import_module
from pathlib import Path
from typing import Any, Literal

from alembic import command, context
from alembic.autogenerate.api import AutogenContext
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, MetaData, text
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import create_async_engine
from sqlmodel import AutoString

from shared.columns import UtcDateTime
from shared.sqlite import strict_connection

ONE_AT_A_TIME = 7_071_2023  # the advisory lock that lets one of several starting processes migrate


def migrate(folder: Path, url: str) -> None:
    """Upgrade the database at `url` to the newest shape in `folder`/migrations; safe to call at every start.

    Blocks, and opens an event loop of its own: call it from a thread when one is running already. A SQLite file is
    given its write-ahead log here, once: connections that open together and all turn it on are told "locked", at once
    and whatever their timeout.
    """
    database = make_url(url).database
    if url.startswith("sqlite") and database:
        Path(database).parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        strict_connection(database).close()
    command.upgrade(configured(folder, url), "head")


def newest_shape(folder: Path) -> str:
    """Name the newest shape in `folder`/migrations."""
    return str(ScriptDirectory.from_config(configured(folder, "")).get_current_head())


def configured(folder: Path, url: str) -> Config:
    """Make Alembic's configuration for one service."""
    config = Config()
    config.set_main_option("script_location", str(folder / "migrations"))
    config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
    config.attributes["url"] = url
    return config


def run(metadata: MetaData) -> None:
    """Do what Alembic asked for; each service's migrations/env.py calls this with its own tables."""
    asyncio.run(connect(context.config.attributes["url"], metadata))


async def connect(url: str, metadata: MetaData) -> None:
    """Open the database and run the migrations in one transaction."""
    engine = create_async_engine(url)
    async with engine.connect() as connection:
        if connection.dialect.name == "postgresql":
            await connection.execute(text(f"SELECT pg_advisory_lock({ONE_AT_A_TIME})"))
            await connection.commit()
        await connection.run_sync(migrate_within, metadata)
        await connection.commit()
    await engine.dispose()


def migrate_within(connection: Connection, metadata: MetaData) -> None:
    """Run the migrations on an open connection. Foreign keys stay off on SQLite, where altering copies tables."""
    context.configure(
        connection=connection, target_metadata=metadata, render_as_batch=True, render_item=rendered, compare_type=True
    )
    with context.begin_transaction():
        context.run_migrations()


def rendered(kind: str, item: Any, autogen: AutogenContext) -> str | Literal[False]:  # noqa: ANN401 (Alembic's own)
    """Spell our column types in a generated migration."""
    if kind == "type" and isinstance(item, UtcDateTime):
        autogen.imports.add("from shared.columns import UtcDateTime")
        return "UtcDateTime()"
    if kind == "type" and isinstance(item, AutoString):
        return f"sa.String(length={item.length})" if item.length else "sa.String()"
    return False


def write_migration(service: str, message: str, revision: str) -> None:
    """Generate the next migration of a service by comparing its models with its history (for developers)."""
    folder = Path(str(import_module(f"services.{service}").__file__)).parent
    scratch = Path(f".local/{service}-migration.db").absolute()
    scratch.unlink(missing_ok=True)
    url = f"sqlite+aiosqlite:///{scratch}"
    if any((folder / "migrations" / "versions").glob("*.py")):
        migrate(folder, url)
    scratch.parent.mkdir(exist_ok=True)
    command.revision(configured(folder, url), message=message, autogenerate=True, rev_id=revision)


if __name__ == "__main__":  # python -m shared.migrating catalog 0002 "add transfers"
    write_migration(sys.argv[1], sys.argv[3], sys.argv[2])
