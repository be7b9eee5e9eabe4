"""Codes of fonds, and of the series of one, that people would take for one another are refused with the other one."""

import asyncio
from uuid import UUID

import sqlalchemy as sa
from alembic import command
from sqlalchemy.ext.asyncio import create_async_engine
from sqlmodel import col, select

from services.catalog.models import Fonds, Series, plumbing
from services.embedded import folder_of
from shared.database import Database
from shared.migrating import configured, migrate
from tests.grounds import Ground
from tests.service.catalog_desk import FONDS, catalog_desk
from tests.service.test_catalog_importing_fonds import COLUMNS, NEW, OF_SERIES, THERE, send

NOT_PLAIN = ("P 01", "\uff3001", "P01\u2010")
FOLDER = folder_of("catalog")


async def test_a_fonds_whose_code_is_too_much_like_another_is_refused(ground: Ground) -> None:
    async with catalog_desk(ground) as desk:
        made = await desk.archivist.post("/catalog/fonds", json={**FONDS, "code": "p01"})
        other = await desk.fonds(code="P02")
        url = f"/catalog/fonds/{other}"
        recoded = await desk.archivist.put(url, json={**FONDS, "code": "p01"}, headers={"If-Match": '"1"'})
        own = await desk.archivist.put(url, json={**FONDS, "code": "p02"}, headers={"If-Match": '"1"'})
    told = [{"field": "code", "code": "code_collides", "other": "P01"}]
    assert [(each.status_code, each.json()["fields"]) for each in (made, recoded)] == [(422, told)] * 2
    assert (own.status_code, own.json()["code"]) == (200, "p02")


async def test_what_looks_like_another_code_in_letters_that_not_every_system_spells_is_refused_as_such(
    ground: Ground,
) -> None:
    async with catalog_desk(ground) as desk:
        url = f"/catalog/fonds/{desk.fonds_id}"
        answers = [await desk.archivist.post("/catalog/fonds", json={**FONDS, "code": code}) for code in NOT_PLAIN]
        answers += [
            await desk.archivist.put(url, json={**FONDS, "code": code}, headers={"If-Match": '"1"'})
            for code in NOT_PLAIN
        ]
    told = [(each.status_code, each.json()["code"]) for each in answers]
    assert told == [(422, "catalog.fonds_code_wrong")] * 6


async def test_dashes_of_two_kinds_make_no_two_series(ground: Ground) -> None:
    async with catalog_desk(ground) as desk:
        url, other = f"/catalog/fonds/{desk.fonds_id}/series", await desk.fonds(code="P02")
        made, alike, same = [
            await desk.archivist.post(url, json={"code": code, "title": "Nhóm"}) for code in ("N-1", "n\u20131", "N-1")
        ]
        elsewhere = await desk.archivist.post(f"/catalog/fonds/{other}/series", json={"code": "n-1", "title": "x"})
    assert (made.status_code, elsewhere.status_code, same.json()["code"]) == (201, 201, "catalog.code_taken")
    assert alike.json()["fields"] == [{"field": "code", "code": "code_collides", "other": "N-1"}]


async def test_rows_that_collide_are_told_with_the_other_code(ground: Ground) -> None:
    async with catalog_desk(ground) as desk:
        fonds = await send(desk, COLUMNS, {**THERE, "fondsCode": "p01"}, NEW, {**NEW, "fondsCode": "p02"})
        row: dict[str, object] = {"fondsCode": "P01", "seriesCode": "II", "seriesTitle": "Đê"}
        series = await send(desk, OF_SERIES, row, {**row, "seriesCode": "ii"})
        there = (await desk.auditor.get("/catalog/fonds")).json()["items"]
    assert [(each["row"], each["code"], each["other"]) for each in fonds["errors"]] == [
        (3, "code_collides", "P01"), (5, "code_collides", "P02")
    ]  # fmt: skip
    assert [(each["row"], each["code"], each["other"]) for each in series["errors"]] == [
        (4, "series_code_collides", "II")
    ]
    assert [each["code"] for each in there] == ["P01"]


async def test_those_that_were_alike_before_stay_and_are_changed_as_ever(ground: Ground) -> None:
    database_url = ground.empty_database_url("catalog")
    await asyncio.to_thread(command.upgrade, configured(FOLDER, database_url), "0003")
    engine = create_async_engine(database_url)
    fonds = sa.table("fonds", sa.column("id", sa.Uuid()), *map(sa.column, ("code", "title", "kind", "archive_code")))
    series = sa.table(
        "series", sa.column("id", sa.Uuid()), sa.column("fonds_id", sa.Uuid()), *map(sa.column, ("code", "title"))
    )
    async with engine.begin() as connection:
        for number, code in enumerate(("P01", "p01", "P02"), start=1):
            row = {"id": UUID(int=number), "code": code, "title": "P", "kind": "fonds", "archive_code": "A"}
            await connection.execute(sa.insert(fonds).values(row))
            row = {"id": UUID(int=number), "fonds_id": UUID(int=1), "code": code, "title": "S"}
            await connection.execute(sa.insert(series).values(row))
    await engine.dispose()
    await asyncio.to_thread(migrate, FOLDER, database_url)
    database = Database(database_url, plumbing)
    async with database.writing() as uow:
        rows = (await uow.session.exec(select(Fonds).order_by(col(Fonds.id)))).all()
        marks = [(row.code, row.code_key, row.has_code_alike) for row in rows]
        rows[1].title = "Tên khác"
        of_series = (await uow.session.exec(select(Series.code, Series.has_code_alike).order_by(col(Series.id)))).all()
    await database.close()
    assert marks == [("P01", "p01", False), ("p01", "p01", True), ("P02", "p02", False)]
    assert of_series == [("P01", False), ("p01", True), ("P02", False)]
