"""Two file codes that people take for one another are not both given in a fonds."""

from uuid import UUID

import pytest
from sqlalchemy import update
from sqlmodel import col

from services.catalog.domain.file_code import folded_code
from services.catalog.models import Dossier
from tests.grounds import Ground
from tests.service.catalog_desk import RIGHT, catalog_desk

ALIKE = [
    "H 12-a",
    "h12-A",
    "H12\N{ZERO WIDTH SPACE}-a",
    "H12\N{HYPHEN}a",
    "H12\N{MINUS SIGN}a",
    "\N{FULLWIDTH LATIN CAPITAL LETTER H}12-a",
]


@pytest.mark.parametrize("code", ALIKE)
def test_codes_that_look_alike_fold_to_one(code: str) -> None:
    assert folded_code(code) == folded_code("H12-a") != folded_code("H12a")


async def test_a_file_does_not_tell_a_code_in_two_ways(ground: Ground) -> None:
    async with catalog_desk(ground) as desk:
        told = (await desk.import_rows(*({**RIGHT, "fileCode": code} for code in ("H12-a", *ALIKE)))).json()
    assert {(each["code"], each["other"]) for each in told["errors"]} == {("file_code_collides", "H12-a")}
    assert len(told["errors"]) == len(ALIKE)
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
            await uow.session.exec(changed.values(file_code="h 12-a", code_key=folded_code("h 12-a")))
        rows = [{**RIGHT, "fileCode": code} for code in ("H12-a", "h 12-a")]
        told = (await desk.import_rows(*rows)).json()
    assert (told["errors"], told["updated"]) == ([], 2)
