"""Bring the registers of a data folder up to date before it is copied, as its services do every hour.

The system may be at work meanwhile: a register is read in one transaction, and its objects are only added. Where
several servers run the system each service alone may write its own, so there the report tells how old they are.
"""

import asyncio
from collections.abc import Sequence
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from cli.copies.known_heads import keeping
from cli.language import say
from services.embedded import embedded_settings, folder_of, part
from shared.database import Database
from shared.errors import ArchiveError
from shared.migrating import newest_shape
from shared.register.writing import Register
from shared.storage.port import Store


async def shape_of(database: Database) -> str:
    """Give the shape of a database."""
    async with database.reading() as session:
        asked = text("SELECT version_num FROM alembic_version")
        return str((await (await session.connection()).execute(asked)).scalar_one())


async def write_registers(data: Path, stores: Sequence[Store]) -> dict[str, str]:
    """Write the register of every service whose rows have changed; gives why one was not written, by service.

    What stands against it (a database of another version, a full disk) stops no copy: the older register is copied.
    """
    unwritten: dict[str, str] = {}
    for service in keeping(data.absolute()):
        module = part(service)
        database = Database(embedded_settings(service, data)["database_url"], module.plumbing)
        try:
            found, known = await shape_of(database), await asyncio.to_thread(newest_shape, folder_of(service))
            if found != known:
                unwritten[service] = say(
                    f"cơ sở dữ liệu theo dạng {found}, chương trình này theo dạng {known}",
                    f"the database is of the shape {found}, this program of {known}",
                )
                continue
            await Register(service, database, stores, module.PASSING).write()
        except (ArchiveError, DBAPIError, OSError) as failed:
            unwritten[service] = str(failed).partition("\n")[0]
        finally:
            await database.close()
    return unwritten
