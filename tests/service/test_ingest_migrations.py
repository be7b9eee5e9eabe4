"""Ingest's database grows with what is in it: nothing is lost, and the models are what the migrations make."""

import asyncio
import json
from datetime import UTC, datetime
from uuid import uuid4

import sqlalchemy as sa
from alembic import command
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine
from sqlmodel import SQLModel

from services.embedded import folder_of
from services.ingest.models import Copy, ScanOrder, Sealing, plumbing
from services.ingest.revision_models import Revision
from services.ingest.upload_models import Upload
from shared.migrating import configured, migrate
from tests.grounds import Ground

FOLDER = folder_of("ingest")
THEN, LATER = datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 3, 2, tzinfo=UTC)
PRESERVED, OPEN, UPLOAD = uuid4(), uuid4(), uuid4()


async def fill(connection: AsyncConnection) -> None:
    """Enter what version 0001 knew: a preserved dossier, one that is being sealed, an upload with a part."""
    tables = sa.MetaData()
    await connection.run_sync(tables.reflect)
    order = {
        "version": 1, "fonds_id": uuid4(), "fonds_code": "P01", "file_code": "a", "folder_name": "a", "title": "a",
        "expected_count": 1, "approval": "{}", "explanation": "", "documents": "[]",
    }  # fmt: skip
    sealing = {"begun_at": THEN, "software_version": "0.1.0", "acceptance": "{}"}
    copy = {"objid": "m1", "dossier_id": PRESERVED, "file_count": 1, "byte_count": 1}
    upload = {"id": UPLOAD, "account_id": uuid4(), "size": 9, "sha256": "0", "media_type": "image/jpeg", "held": 4}
    audit = {"id": uuid4(), "at": LATER, "actor": "ingest", "act": "dossier.preserved", "correlation_id": ""}
    rows: list[tuple[str, dict[str, object]]] = [
        ("scan_order", {**order, "dossier_id": PRESERVED, "state": "preserved"}),
        ("scan_order", {**order, "dossier_id": OPEN, "state": "accepted"}),
        ("sealing", {**sealing, "dossier_id": PRESERVED, "masters_objid": "m1", "aip_objid": "a1"}),
        ("sealing", {**sealing, "dossier_id": OPEN, "masters_objid": "m2", "aip_objid": "a2"}),
        ("copy", {**copy, "store": "archive", "verified_at": THEN}),
        ("copy", {**copy, "store": "reserve", "verified_at": LATER}),
        ("audit", {**audit, "subject_id": PRESERVED, "facts": json.dumps({"manifest_sha256": "f" * 64})}),
        ("upload", {**upload, "file_name": "", "created_at": THEN}),
        ("upload_part", {"upload_id": UPLOAD, "start": 0, "size": 4, "key": "k"}),
    ]
    models = plumbing.metadata.tables
    for name, row in rows:
        columns = [sa.column(key, models[name].c[key].type) for key in row]
        await connection.execute(sa.insert(sa.table(name, *columns)).values(row))
    assert "stray" not in tables.tables


async def test_an_older_database_is_brought_up_with_all_it_holds(ground: Ground) -> None:
    database_url = ground.empty_database_url("ingest")
    await asyncio.to_thread(command.upgrade, configured(FOLDER, database_url), "0001")
    engine = create_async_engine(database_url)
    async with engine.begin() as connection:
        await fill(connection)
    await asyncio.to_thread(migrate, FOLDER, database_url)
    async with engine.connect() as connection:
        orders = await connection.execute(sa.select(ScanOrder.dossier_id, ScanOrder.preserved_at))  # type: ignore[call-overload]
        assert dict(tuple(row) for row in orders) == {PRESERVED: LATER, OPEN: None}
        sealings = await connection.execute(sa.select(Sealing.dossier_id, Sealing.manifest_sha256))  # type: ignore[call-overload]
        assert dict(tuple(row) for row in sealings) == {PRESERVED: "f" * 64, OPEN: None}
        copies = await connection.execute(sa.select(Copy.store, Copy.checked_at, Copy.state))  # type: ignore[call-overload]
        assert sorted(tuple(row) for row in copies) == [("archive", THEN, "whole"), ("reserve", LATER, "whole")]
        grown = await connection.execute(sa.select(Upload.id, Upload.grown_at))  # type: ignore[call-overload]
        assert [tuple(row) for row in grown] == [(UPLOAD, THEN)]
        assert (await connection.execute(sa.text("SELECT count(*) FROM upload_part"))).scalar_one() == 1
    await engine.dispose()


async def test_an_approval_that_waited_becomes_a_revision(ground: Ground) -> None:
    database_url = ground.empty_database_url("ingest")
    await asyncio.to_thread(command.upgrade, configured(FOLDER, database_url), "0009")
    engine = create_async_engine(database_url)
    order = {
        "version": 1, "fonds_id": uuid4(), "fonds_code": "P01", "file_code": "a", "folder_name": "a", "title": "a",
        "expected_count": 1, "approval": "{}", "explanation": "", "documents": "[]", "withdrawn_version": 0,
        "withdrawal_reason": "", "acceptance": "", "state": "preserved",
    }  # fmt: skip
    async with engine.begin() as connection:
        for dossier, version, approval in ((PRESERVED, 3, '{"version": 3}'), (OPEN, None, "")):
            row = {**order, "dossier_id": dossier, "later_version": version, "later_approval": approval}
            types = {key: ScanOrder.__table__.c[key].type for key in order}  # type: ignore[attr-defined]
            types |= {"dossier_id": sa.Uuid(), "later_version": sa.Integer(), "later_approval": sa.Text()}
            table = sa.table("scan_order", *(sa.column(key, kind) for key, kind in types.items()))
            await connection.execute(sa.insert(table).values(row))
    await asyncio.to_thread(migrate, FOLDER, database_url)
    async with engine.connect() as connection:
        asked = sa.select(Revision.dossier_id, Revision.version, Revision.approval, Revision.state)  # type: ignore[call-overload]
        assert [tuple(row) for row in await connection.execute(asked)] == [(PRESERVED, 3, '{"version": 3}', "ordered")]
        (objid,) = (await connection.execute(sa.select(Revision.aip_objid))).scalars()  # type: ignore[call-overload]
        assert objid.startswith("urn:P01:uuid:")
    await engine.dispose()


async def enter(connection: AsyncConnection, row: SQLModel) -> None:
    """Enter a row of now into a table of before, as far as that has its columns."""
    table = sa.inspect(type(row)).local_table
    there = await connection.run_sync(lambda sync: {each["name"] for each in sa.inspect(sync).get_columns(table.name)})
    await connection.execute(sa.insert(table).values({k: v for k, v in row.model_dump().items() if k in there}))


async def test_what_was_refused_for_its_new_documents_is_looked_at_again(ground: Ground) -> None:
    database_url = ground.empty_database_url("ingest")
    await asyncio.to_thread(command.upgrade, configured(FOLDER, database_url), "0011")
    engine, older, newest = create_async_engine(database_url), uuid4(), uuid4()
    order = ScanOrder(
        dossier_id=PRESERVED, version=1, fonds_id=uuid4(), fonds_code="P01", file_code="a", folder_name="a", title="a",
        expected_count=1, approval="{}", state="preserved", later_version=3,
    )  # fmt: skip
    rows = [
        Revision(
            id=made, version=version, aip_objid=str(made), dossier_id=PRESERVED, approval="{}", state="refused",
            refusal="pages_divided_anew",
        )
        for version, made in ((2, older), (3, newest))
    ]  # fmt: skip
    jobs = [plumbing.job(kind="revise_dossier", subject_id=made, state="done") for made in (older, newest)]
    async with engine.begin() as connection:
        for each in (order, *rows, *jobs):
            await enter(connection, each)
    await asyncio.to_thread(migrate, FOLDER, database_url)
    async with engine.connect() as connection:
        asked = sa.select(Revision.id, Revision.state, Revision.refusal)  # type: ignore[call-overload]
        states = {row[0]: tuple(row[1:]) for row in await connection.execute(asked)}
        assert states == {older: ("refused", "pages_divided_anew"), newest: ("ordered", "")}
        left = (await connection.execute(sa.select(plumbing.job.subject_id))).scalars().all()  # type: ignore[call-overload]
        assert left == [older], "without a job it is ordered within the hour"
    await engine.dispose()


async def test_the_models_are_what_the_migrations_make(ground: Ground) -> None:
    database_url = ground.empty_database_url("ingest")
    await asyncio.to_thread(migrate, FOLDER, database_url)
    await asyncio.to_thread(command.check, configured(FOLDER, database_url))
