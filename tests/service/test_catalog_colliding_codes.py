"""Two file codes that people take for one another are not both given in a fonds."""

import asyncio
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import update
from sqlmodel import col

from services.catalog.domain.description import Description
from services.catalog.domain.file_code import folded_code
from services.catalog.errors import CodeTaken, FieldWrong
from services.catalog.models import Dossier
from services.catalog.operations.describing import create_dossier
from tests.grounds import Ground
from tests.service.catalog_desk import RIGHT, catalog_desk, workbook

ALIKE = [
    "H 12-a",
    "h12-A",
    "H12\N{ZERO WIDTH SPACE}-a",
    "H12\N{HYPHEN}a",
    "H12\N{MINUS SIGN}a",
    "\N{FULLWIDTH LATIN CAPITAL LETTER H}12-a",
]
SEEN = [code for code in ALIKE if "\N{ZERO WIDTH SPACE}" not in code]  # of which a file is read without that


@pytest.mark.parametrize("code", ALIKE)
def test_codes_that_look_alike_fold_to_one(code: str) -> None:
    assert folded_code(code) == folded_code("H12-a") != folded_code("H12a")


@given(st.text(st.characters(max_codepoint=127)))
def test_a_plain_code_folds_as_any_other_does(code: str) -> None:
    assert folded_code(code) == folded_code(code + "\N{ZERO WIDTH SPACE}")


async def test_a_file_does_not_tell_a_code_in_two_ways(ground: Ground) -> None:
    async with catalog_desk(ground) as desk:
        told = (await desk.import_rows(*({**RIGHT, "fileCode": code} for code in ("H12-a", *SEEN)))).json()
    assert {(each["code"], each["other"]) for each in told["errors"]} == {("file_code_collides", "H12-a")}
    assert len(told["errors"]) == len(SEEN)
    assert told["errors"][0]["message"].endswith(": H12-a")


async def test_an_import_does_not_come_near_a_code_that_the_fonds_has(ground: Ground) -> None:
    async with catalog_desk(ground) as desk:
        assert (await desk.import_rows({**RIGHT, "fileCode": "H12-a"})).json()["created"] == 1
        told = (await desk.import_rows({**RIGHT, "fileCode": "h 12-a"}, {**RIGHT, "fileCode": "H12-a"})).json()
        fonds_id = await desk.fonds(code="P02")
        elsewhere = (await desk.import_rows({**RIGHT, "fileCode": "h 12-a"}, fonds_id=fonds_id)).json()
    assert [(each["row"], each["code"], each["other"]) for each in told["errors"]] == [
        (3, "file_code_collides", "H12-a")
    ]
    assert elsewhere["created"] == 1


async def test_a_dossier_is_not_described_under_a_code_like_another(ground: Ground) -> None:
    async with catalog_desk(ground) as desk:
        first = await desk.dossier(file_code="H12-a")
        second = await desk.dossier(file_code="H13")
        told = {"fonds_id": desk.fonds_id, "file_code": "h 12-a", "title": "Đê", "page_count": 1}
        added = await desk.archivist.post("/catalog/dossiers", json=told)
        changed = await desk.put(f"/catalog/dossiers/{second}", {"file_code": "h 12-a", "title": "Đê", "page_count": 1})
        own = await desk.put(f"/catalog/dossiers/{first}", {"file_code": "h 12-a", "title": "Đê", "page_count": 1})
    wrong = [{"field": "file_code", "code": "file_code_collides", "other": "H12-a"}]
    assert [(each.status_code, each.json()["fields"]) for each in (added, changed)] == [(422, wrong), (422, wrong)]
    assert own.status_code == 200, own.text


async def test_two_codes_alike_from_before_are_imported_as_they_are(ground: Ground) -> None:
    async with catalog_desk(ground) as desk:
        ids = [await desk.dossier(file_code=code) for code in ("H12-a", "H13")]
        async with desk.database.writing() as uow:
            changed = update(Dossier).where(col(Dossier.id) == UUID(ids[1]))
            alike = {"file_code": "h 12-a", "code_key": folded_code("h 12-a"), "has_code_alike": True}
            await uow.session.exec(changed.values(**alike))
        rows = [{**RIGHT, "fileCode": code} for code in ("H12-a", "h 12-a")]
        told = (await desk.import_rows(*rows)).json()
    assert (told["errors"], told["updated"]) == ([], 2)


async def test_of_two_who_give_codes_alike_at_once_one_loses(ground: Ground) -> None:
    async with catalog_desk(ground) as desk:
        fonds_id = UUID(desk.fonds_id)

        async def describe(code: str) -> None:
            async with desk.database.writing() as uow:
                await create_dossier(uow, fonds_id, Description(code, "Đê", 1), secrets_allowed=False)
                await asyncio.sleep(0.3)  # both have looked by now, where two may write at a time

        raced = await asyncio.gather(describe("H12-a"), describe("h 12-a"), return_exceptions=True)
        items = (await desk.auditor.get("/catalog/dossiers")).json()["items"]
    (lost,) = [each for each in raced if each is not None]
    assert isinstance(lost, CodeTaken | FieldWrong), lost
    assert len(items) == 1


async def test_of_two_imports_that_give_codes_alike_at_once_one_is_refused(ground: Ground) -> None:
    async with catalog_desk(ground) as desk:
        codes = [("H12-a", "H13"), ("h 13", "h 12-a")]
        files = [workbook([{**RIGHT, "fileCode": code} for code in each]) for each in codes]
        told = [answer.json() for answer in await asyncio.gather(*(desk.send(each) for each in files))]
        items = (await desk.auditor.get("/catalog/dossiers")).json()["items"]
    assert sorted(each["state"] for each in told) == ["done", "rejected"]
    (refused,) = [each for each in told if each["state"] == "rejected"]
    assert [each["code"] for each in refused["errors"]] == ["file_code_collides"] * 2
    assert len(items) == 2
