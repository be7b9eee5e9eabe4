"""What looks like đ is đ: in what is found, in codes that are compared, and in what comes in."""

import asyncio
from uuid import UUID

import pytest
import sqlalchemy as sa
from alembic import command
from sqlalchemy.ext.asyncio import create_async_engine
from sqlmodel import col, select

from services.catalog.domain.file_code import folded_code
from services.catalog.domain.look_alike import with_stroke
from services.catalog.models import Dossier, DossierIndex, plumbing
from services.catalog.operations.reindexing import REWORD
from services.embedded import folder_of
from shared.database import Database
from shared.migrating import configured, migrate
from tests.grounds import Ground
from tests.service.catalog_desk import Desk, catalog_desk, workbook
from tests.service.test_catalog_migrations import FIRST, SECOND, fill

ETH = "\N{LATIN CAPITAL LETTER ETH}"
COLUMNS = ("fileCode", "title", "numberOfPage")
FOLDER = folder_of("catalog")


@pytest.mark.parametrize(
    ("text", "read"),
    [
        (f"{ETH}ảng bộ, Q{ETH}-UB", "Đảng bộ, QĐ-UB"),
        ("ðường \N{LATIN SMALL LETTER D WITH TAIL}ê", "đường đê"),
        (f"{ETH}ắk Lắk", "Đắk Lắk"),
        ("Reykjavíð", "Reykjavíð"),
    ],
)
def test_what_looks_like_it_is_read_as_it(text: str, read: str) -> None:
    assert with_stroke(text) == read


@pytest.mark.parametrize("code", ["\N{CYRILLIC CAPITAL LETTER EN}49.1", "\N{GREEK CAPITAL LETTER ETA}49.1"])
def test_letters_of_other_scripts_are_what_they_look_like_in_codes(code: str) -> None:
    assert folded_code(code) == folded_code("H49.1")
    assert folded_code("Ж49.1") != folded_code("H49.1")


async def found(desk: Desk, text: str) -> list[str]:
    """Give the titles that are found."""
    return [each["title"] for each in (await desk.auditor.get("/catalog/dossiers", params={"q": text})).json()["items"]]


async def test_a_title_is_read_told_and_found(ground: Ground) -> None:
    row = {"fileCode": "A", "title": f"{ETH}ảng bộ", "numberOfPage": 3}
    async with catalog_desk(ground) as desk:
        told = (await desk.send(workbook([row], COLUMNS))).json()
        by_hand = {"fonds_id": desk.fonds_id, "file_code": "B", "title": f"{ETH}oàn ủy", "page_count": 3}
        made = (await desk.archivist.post("/catalog/dossiers", json=by_hand)).json()
        assert await found(desk, "đảng bộ") == await found(desk, "dang bo") == await found(desk, f"{ETH}ảng")
        assert await found(desk, "dang") == ["Đảng bộ"]
    assert [(each["code"], each["read"]) for each in told["notices"]] == [("title_read_stroke", "Đảng bộ")]
    assert made["title"] == "Đoàn ủy"


async def test_codes_that_differ_in_it_alone_are_not_both_taken(ground: Ground) -> None:
    rows = [
        {"fileCode": code, "title": "A", "numberOfPage": 3}
        for code in ("QĐ.1", f"Q{ETH}.1", "H4", "\N{CYRILLIC CAPITAL LETTER EN}4")
    ]
    async with catalog_desk(ground) as desk:
        told = (await desk.send(workbook(rows, COLUMNS))).json()
    assert [(each["row"], each["other"]) for each in told["errors"]] == [(4, "QĐ.1"), (6, "H4")]


async def test_dossiers_of_before_are_compared_and_found_so_too(ground: Ground) -> None:
    database_url = ground.empty_database_url("catalog")
    await asyncio.to_thread(command.upgrade, configured(FOLDER, database_url), "0003")
    engine = create_async_engine(database_url)
    async with engine.begin() as connection:
        await fill(connection)
    await asyncio.to_thread(command.upgrade, configured(FOLDER, database_url), "0013")
    async with engine.begin() as connection:
        for file_code, key, dossier_id in (("QĐ.1", "qđ.1", FIRST), (f"Q{ETH}.1", "qð.1", SECOND)):
            changed = sa.update(Dossier.__table__).where(col(Dossier.id) == dossier_id)  # type: ignore[attr-defined]
            await connection.execute(changed.values(file_code=file_code, code_key=key))
        worded = sa.update(DossierIndex.__table__)  # type: ignore[attr-defined]
        await connection.execute(worded.where(col(DossierIndex.dossier_id) == SECOND).values(words="uf0 ang"))
    await engine.dispose()
    await asyncio.to_thread(migrate, FOLDER, database_url)
    database = Database(database_url, plumbing)
    async with database.reading() as session:
        rows = list(await session.exec(select(Dossier).order_by(col(Dossier.id))))
        ordered = set(await session.exec(select(plumbing.job.kind)))
    await database.close()
    assert [(row.id, row.code_key, row.has_code_alike) for row in rows] == [
        (FIRST, "qđ.1", False), (SECOND, "qđ.1", True)
    ]  # fmt: skip
    assert REWORD in ordered


async def test_the_job_words_them_anew(ground: Ground) -> None:
    async with catalog_desk(ground) as desk:
        await desk.send(workbook([{"fileCode": "A", "title": "Đảng bộ", "numberOfPage": 3}], COLUMNS))
        async with desk.database.writing() as uow:
            await uow.session.exec(sa.update(DossierIndex).values(words="uf0 ang"))
            await uow.enqueue(REWORD, UUID(int=0))
        async with asyncio.timeout(30):
            while await found(desk, "dang") != ["Đảng bộ"]:  # noqa: ASYNC110 - another task
                await asyncio.sleep(0.05)
