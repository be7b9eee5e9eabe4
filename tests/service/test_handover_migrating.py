"""An older handover database is brought to the newest shape with what it knows."""

import asyncio
from datetime import date
from uuid import uuid4

from alembic import command
from sqlalchemy import text
from sqlmodel import select

from services.embedded import folder_of
from services.handover.models import Package, Receiver, plumbing
from shared.database import Database
from shared.migrating import configured, migrate
from tests.grounds import Ground


def test_whom_was_agreed_with_stays_a_receiver_and_the_models_fit_the_tables(ground: Ground) -> None:
    database_url = ground.empty_database_url("handover")
    config, account = configured(folder_of("handover"), database_url), uuid4()
    command.upgrade(config, "0001")

    async def agree_twice() -> None:
        database = Database(database_url, plumbing)
        async with database.writing() as uow:
            for name in ("Cục", "Cục Lưu trữ"):
                agreement = plumbing.metadata.tables["agreement"].insert()
                values = {"receiver_name": name, "fonds_code": "P01", "reference": "1", "agreed_on": date(2026, 1, 2)}
                connection = await uow.session.connection()
                await connection.execute(agreement.values(id=uuid4(), receiver_id=account, note="", **values))
        await database.close()

    async def known() -> list[Receiver]:
        database = Database(database_url, plumbing)
        async with database.reading() as session:
            receivers = list(await session.exec(select(Receiver)))
            assert list(await session.exec(select(Package))) == []
            assert (await (await session.connection()).execute(text("SELECT reason FROM delivery"))).all() == []
        await database.close()
        return receivers

    asyncio.run(agree_twice())
    migrate(folder_of("handover"), database_url)
    (receiver,) = asyncio.run(known())
    assert (receiver.account_id, receiver.name, receiver.may_receive) == (account, "Cục", True)
    command.check(config)
