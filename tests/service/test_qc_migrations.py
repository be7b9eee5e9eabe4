"""Qc's database grows with what is in it: nothing is lost, and the models are what the migrations make."""

import asyncio
from uuid import uuid4

import sqlalchemy as sa
from alembic import command
from sqlalchemy.ext.asyncio import create_async_engine

from services.embedded import folder_of
from services.qc.models import InspectedDossier, InspectedPage, plumbing
from shared.migrating import configured, migrate
from tests.grounds import Ground

FOLDER = folder_of("qc")


async def test_an_older_database_is_brought_up_with_its_dossiers_in_no_lot(ground: Ground) -> None:
    database_url = ground.empty_database_url("qc")
    await asyncio.to_thread(command.upgrade, configured(FOLDER, database_url), "0001")
    dossier, page = uuid4(), uuid4()
    models = plumbing.metadata.tables
    engine = create_async_engine(database_url)
    texts = {"fonds_code": "P01", "file_code": "a", "title": "a", "explanation": "", "concluded_by": "", "note": ""}
    rows: list[tuple[str, dict[str, object]]] = [
        ("inspected_dossier", {"dossier_id": dossier, "state": "scanned", **texts}),
        (
            "inspected_page",
            {"page_id": page, "dossier_id": dossier, "number": 1, "version": 1, "sha256": "0", "findings": [],
             "note": "", "is_sampled": True},
        ),
    ]  # fmt: skip
    async with engine.begin() as connection:
        for name, row in rows:
            columns = [sa.column(key, models[name].c[key].type) for key in row]
            await connection.execute(sa.insert(sa.table(name, *columns)).values(row))
    await asyncio.to_thread(migrate, FOLDER, database_url)
    async with engine.connect() as connection:
        dossiers = await connection.execute(sa.select(InspectedDossier.dossier_id, InspectedDossier.lot_id))  # type: ignore[call-overload]
        assert [tuple(row) for row in dossiers] == [(dossier, None)]
        asked = sa.select(InspectedPage.page_id, InspectedPage.is_sampled, InspectedPage.lot_id)  # type: ignore[call-overload]
        pages = await connection.execute(asked)
        assert [tuple(row) for row in pages] == [(page, True, None)]
    await engine.dispose()


async def test_the_models_are_what_the_migrations_make(ground: Ground) -> None:
    database_url = ground.empty_database_url("qc")
    await asyncio.to_thread(migrate, FOLDER, database_url)
    await asyncio.to_thread(command.check, configured(FOLDER, database_url))
