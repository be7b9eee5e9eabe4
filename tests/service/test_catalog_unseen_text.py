"""Nothing that nobody sees comes into the catalog: files are told of it, callers refused."""

import pytest

from tests.grounds import Ground
from tests.service.catalog_desk import RIGHT, catalog_desk


async def test_an_import_leaves_out_what_nobody_sees_and_says_so(ground: Ground) -> None:
    async with catalog_desk(ground) as desk:
        told = (await desk.import_rows({**RIGHT, "title": "Kế\u202e hoạch\u200b 越南𠄼"})).json()
        blank = (await desk.import_rows({**RIGHT, "fileCode": "2", "title": "\u200b"})).json()
        (item,) = (await desk.auditor.get("/catalog/dossiers")).json()["items"]
    assert item["title"] == "Kế hoạch 越南𠄼"
    assert [(each["column"], each["read"], each["code"]) for each in told["notices"]] == [
        ("title", "Kế hoạch 越南𠄼", "title_unseen_removed")
    ]
    assert "không nhìn thấy" in told["notices"][0]["message"]
    assert [each["code"] for each in blank["errors"]] == ["title_missing"]


@pytest.mark.parametrize(("title", "sign"), [("\u200b", "U+200B"), ("a\u202eb", "U+202E"), ("\u00ad", "U+00AD")])
async def test_a_caller_is_refused_in_words(ground: Ground, title: str, sign: str) -> None:
    async with catalog_desk(ground) as desk:
        told = {"fonds_id": desk.fonds_id, "file_code": "1", "title": title, "page_count": 1}
        answer = await desk.archivist.post("/catalog/dossiers", json=told)
    problem = answer.json()
    assert (answer.status_code, problem["code"]) == (422, "catalog.text_unseen")
    assert (problem["field"], problem["characters"]) == ("title", [sign])
    assert problem["title"].startswith("Nội dung có ký tự không nhìn thấy")
