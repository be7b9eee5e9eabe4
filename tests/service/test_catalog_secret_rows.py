"""Rows and titles that say that they are secret where nobody asked for it: kept nowhere on a networked installation."""

from typing import Any

import pytest

from tests.grounds import Ground
from tests.service.catalog_desk import catalog_desk, workbook

HEADS = ("Hồ sơ số", "Tiêu đề hồ sơ", "Số trang")
COLUMNS = dict(zip(HEADS, ("fileCode", "title", "numberOfPage"), strict=True))


def csv(*rows: str) -> bytes:
    """Make a file of lines."""
    return "\n".join(rows).encode()


@pytest.mark.parametrize(
    ("heading", "cell", "title"),
    [
        ("Độ mật", "Tuyệt mật", "KYRA"),
        ("MUC DO MAT", "x", "KYRA"),
        ("Mật", "A", "KYRA"),
        ("Ghi thêm", "Tối  mật", "KYRA"),
        ("Độ mật (M/TM/TuM)", "TM", "KYRA"),
        ("Mức độ bảo mật", "M", "KYRA"),
        ("Chế độ mật", "x", "KYRA"),
        ("Ghi thêm", "(Tối mật)", "KYRA"),
        ("Ghi thêm", "Mật.", "KYRA"),
        ("evidence", "TỐI MẬT: KYRA", "KYRA"),
        ("Ghi thêm", "", "TèI MËT: KYRA"),
        ("Ghi thêm", "", "T\u200bỐI MẬT: KYRA"),
        ("Ghi thêm", "TUYET MAT", "KYRA"),
        ("description", "Mật", "KYRA"),
        ("Ghi thêm", "", "MẬT: KYRA"),
        ("Ghi thêm", "", "[TỐI MẬT] KYRA"),
    ],
)
async def test_a_row_that_says_elsewhere_that_it_is_secret_is_withheld(
    ground: Ground, heading: str, cell: str, title: str
) -> None:
    content = csv(f"fileCode,title,numberOfPage,{heading}", f"H.1,{title},5,{cell}", "H.2,Mật ong,5,")
    async with catalog_desk(ground) as desk:
        told = {"name": "cũ", "level": "dossiers", "columns": {name: name for name in COLUMNS.values()}}
        assert (await desk.archivist.post("/catalog/layouts", json=told)).status_code == 201
        seen = (await desk.send(content, valid_rows="true")).json()
        marked = await desk.auditor.get(f"/catalog/imports/{seen['id']}/marked")
        titles = [each["title"] for each in (await desk.auditor.get("/catalog/dossiers")).json()["items"]]
    assert [(each["row"], each["code"], each["value"]) for each in seen["errors"]] == [
        (2, "secrecy_told_elsewhere", "")
    ]
    assert (titles, "KYRA" in str(seen), b"KYRA" in marked.content) == (["Mật ong"], False, False)


@pytest.mark.parametrize(("note", "is_free"), [("Mất", False), ("Mật", True)])
async def test_what_is_lost_is_no_secret_and_where_secrets_may_be_kept_nothing_is_withheld(
    ground: Ground, note: str, is_free: bool
) -> None:
    async with catalog_desk(ground, catalog_secrets_allowed=is_free) as desk:
        seen = (await desk.send(csv("fileCode,title,numberOfPage,description", f"H.1,Mật ong,5,{note}"))).json()
    assert seen["created"] == 1


@pytest.mark.parametrize("cell", ["Không", "KHONG", "Thường", "-"])
async def test_a_column_that_denies_secrecy_keeps_no_row_back(ground: Ground, cell: str) -> None:
    content = csv("Hồ sơ số,Tiêu đề hồ sơ,Số trang,Độ mật", f"H.1,Đắp đê,5,{cell}")
    async with catalog_desk(ground) as desk:
        told = {"name": "cũ", "level": "dossiers", "columns": COLUMNS}
        assert (await desk.archivist.post("/catalog/layouts", json=told)).status_code == 201
        seen = (await desk.send(content, valid_rows="true")).json()
    assert (seen["created"], seen["errors"]) == (1, [])


async def test_documents_that_bear_a_mark_are_withheld(ground: Ground) -> None:
    async with catalog_desk(ground) as desk:
        await desk.dossier(file_code="H.1")
        seen = (await desk.send(csv("fileCode,docOrdinal,subject", "H.1,1,MẬT: KYRA"))).json()
        marked = await desk.auditor.get(f"/catalog/imports/{seen['id']}/marked")
    assert [(each["code"], each["value"]) for each in seen["errors"]] == [("access_level_told_elsewhere", "")]
    assert "KYRA" not in marked.text


async def test_a_title_that_bears_a_mark_is_refused_and_not_repeated(ground: Ground) -> None:
    body: dict[str, Any] = {"file_code": "H.9", "title": "TUYỆT MẬT - KYRA", "page_count": 5}
    async with catalog_desk(ground) as desk:
        dossier_id = await desk.dossier()
        url = f"/catalog/dossiers/{dossier_id}"
        answers = [
            await desk.archivist.post("/catalog/dossiers", json=body | {"fonds_id": desk.fonds_id}),
            await desk.put(url, body),
            await desk.put(f"{url}/documents", {"documents": [{"number": 1, "title": "MẬT: KYRA"}]}),
        ]
        acts = await desk.acts()
    assert [(each.status_code, each.json()["code"]) for each in answers] == [(422, "catalog.secret_marked")] * 3
    assert not [each for each in answers if "KYRA" in each.text]
    assert acts == ["fonds.created", "dossier.created"]
    assert not ground.files_with("KYRA")


async def test_a_cell_that_is_no_text_in_a_column_of_secrecy_withholds_the_row_and_breaks_nothing(
    ground: Ground,
) -> None:
    rows = [
        {"fileCode": "H.1", "title": True, "numberOfPage": 5},
        {"fileCode": "H.2", "title": "Mở", "numberOfPage": 5},
    ]
    content = workbook([{**row, "Độ mật": row["title"] is True or None} for row in rows], (*COLUMNS.values(), "Độ mật"))
    async with catalog_desk(ground) as desk:
        columns = {name: name for name in COLUMNS.values()}
        told: dict[str, Any] = {"name": "cũ", "level": "dossiers", "columns": columns, "heading_row": 2}
        assert (await desk.archivist.post("/catalog/layouts", json=told)).status_code == 201
        seen = (await desk.send(content, valid_rows="true")).json()
    assert [(each["row"], each["code"]) for each in seen["errors"]] == [(3, "secrecy_told_elsewhere")]
    assert seen["created"] == 1
