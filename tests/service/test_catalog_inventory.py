"""The inventory of a selection list: printed, as a document and as a workbook, the same whenever it is asked for."""

from io import BytesIO
from subprocess import run
from uuid import UUID

import pytest
from docx import Document
from openpyxl import load_workbook
from sqlmodel import select

from services.catalog.models.lists import ListEntry
from shared.auth.roles import Role
from tests.grounds import Ground
from tests.service.catalog_desk import FONDS, Desk, catalog_desk

OFFICE = {"office_agency": "Trung tâm Lưu trữ lịch sử", "office_superior": "Sở Nội vụ", "office_place": "Đồng Nai"}


async def approved(desk: Desk) -> str:
    """Approve a list of three dossiers, two of them of a series."""
    told = {"code": "01", "title": "Đê điều, thủy lợi"}
    assert (await desk.archivist.post(f"/catalog/fonds/{desk.fonds_id}/series", json=told)).status_code == 201
    loose = await desk.chosen(1, title="KHÔNG NHÓM", sheet_count=5)
    second = await desk.chosen(3, title="MẪU THỂ VỠ SỰ KỴ", series_code="01", starts_on="03/1954", sheet_count=5)
    first = await desk.chosen(2, title="Hồ sơ dài " * 90, series_code="01", sheet_count=10)
    list_id = await desk.list_of(loose, first, second)
    await desk.submit(list_id)
    assert (await desk.approve(list_id)).status_code == 200
    return list_id


def text_of(pdf: bytes) -> str:
    """Give the words of a PDF, as who searches it finds them."""
    told = run(["pdftotext", "-layout", "-", "-"], input=pdf, capture_output=True, check=True)  # noqa: S607
    return " ".join(told.stdout.decode().split())


async def test_the_inventory_lists_the_dossiers_by_series_in_all_three_forms(ground: Ground) -> None:
    async with catalog_desk(ground, **OFFICE) as desk:
        list_id = await approved(desk)
        got = {}
        for form in ("xlsx", "docx", "pdf"):
            answer = await desk.auditor.get(f"/catalog/lists/{list_id}/papers/inventory.{form}")
            assert answer.status_code == 200, answer.text
            assert f"muc-luc-ho-so-2026.{form}" in answer.headers["content-disposition"]
            again = await desk.auditor.get(f"/catalog/lists/{list_id}/papers/inventory.{form}")
            assert again.content == answer.content
            got[form] = answer.content
    rows = list(load_workbook(BytesIO(got["xlsx"])).worksheets[0].iter_rows(values_only=True))
    assert [(row[0], row[1], row[7]) for row in rows if isinstance(row[0], int)] == [
        (1, "H49.1954.2", "01. Đê điều, thủy lợi"),
        (2, "H49.1954.3", "01. Đê điều, thủy lợi"),
        (3, "H49.1954.1", None),
    ]
    document = Document(BytesIO(got["docx"]))
    closing = "Mục lục này gồm 03 hồ sơ (đơn vị bảo quản), 20 tờ, 30 trang."
    assert closing in [line.text for line in document.paragraphs]
    printed = text_of(got["pdf"])
    for words in ("MỤC LỤC HỒ SƠ", "SỞ NỘI VỤ", "MẪU THỂ VỠ SỰ KỴ", "03/1954", "Ba hồ sơ (đơn vị bảo quản)", "minh"):
        assert words in printed, words
    assert closing in printed


async def test_a_draft_says_that_it_is_one_and_an_unknown_list_has_no_inventory(ground: Ground) -> None:
    async with catalog_desk(ground) as desk:
        list_id = await desk.list_of(await desk.chosen())
        draft = await desk.archivist.get(f"/catalog/lists/{list_id}/papers/inventory.pdf")
        unknown = await desk.archivist.get(f"/catalog/lists/{desk.fonds_id}/papers/inventory.pdf")
        station = await desk.made.caller(Role.STATION).get(f"/catalog/lists/{list_id}/papers/inventory.pdf")
    assert "Dự thảo" in text_of(draft.content)
    assert (unknown.status_code, station.status_code) == (404, 403)


@pytest.mark.parametrize("form", ["xlsx", "docx"])
async def test_without_the_face_only_the_printed_form_is_refused(ground: Ground, form: str) -> None:
    async with catalog_desk(ground, office_fonts="/nowhere") as desk:
        list_id = await desk.list_of(await desk.chosen())
        refused = await desk.archivist.get(f"/catalog/lists/{list_id}/papers/inventory.pdf")
        other = await desk.archivist.get(f"/catalog/lists/{list_id}/papers/inventory.{form}")
    assert (refused.status_code, refused.json()["code"], other.status_code) == (500, "font_missing", 200)


def words_of(form: str, content: bytes) -> str:
    """Give the words of an inventory in one of its forms."""
    if form == "pdf":
        return text_of(content)
    if form == "docx":
        return "\n".join(line.text for line in Document(BytesIO(content)).paragraphs)
    rows = load_workbook(BytesIO(content)).worksheets[0].iter_rows(values_only=True)
    return "\n".join(str(cell) for row in rows for cell in row)


async def inventory(desk: Desk, list_id: str, form: str) -> bytes:
    """Fetch the inventory of a list."""
    answer = await desk.auditor.get(f"/catalog/lists/{list_id}/papers/inventory.{form}")
    assert answer.status_code == 200, answer.text
    return answer.content


async def named(desk: Desk, title: str) -> None:
    """Give the fonds another title."""
    answer = await desk.put(f"/catalog/fonds/{desk.fonds_id}", {**FONDS, "title": title})
    assert answer.status_code == 200, answer.text


@pytest.mark.parametrize("form", ["xlsx", "docx", "pdf"])
async def test_each_edition_is_headed_by_the_fonds_that_was_approved_with_it(ground: Ground, form: str) -> None:
    async with catalog_desk(ground, **OFFICE) as desk:
        first = await desk.approved_list(await desk.chosen())
        await named(desk, "Tên thứ hai")
        second = await desk.amended(first)
        draft = words_of(form, await inventory(desk, second, form))
        await desk.submit(second)
        assert (await desk.approve(second)).status_code == 200
        approved = await inventory(desk, second, form)
        await named(desk, "Tên thứ ba")
        empty = words_of(form, await inventory(desk, await desk.list_of(), form))
        superseded = words_of(form, await inventory(desk, first, form))
        assert await inventory(desk, second, form) == approved
    assert [FONDS["title"] in superseded, "Tên thứ" in superseded] == [True, False]
    assert all("Tên thứ hai" in told for told in (draft, words_of(form, approved)))
    assert "Tên thứ ba" in empty


async def test_entries_that_tell_no_fonds_have_that_of_today(ground: Ground) -> None:
    async with catalog_desk(ground, **OFFICE) as desk:
        list_id = await desk.approved_list(await desk.chosen())
        async with desk.database.writing() as uow:
            entry = (await uow.session.exec(select(ListEntry).where(ListEntry.list_id == UUID(list_id)))).one()
            dossier = {name: value for name, value in entry.facts["dossier"].items() if name != "fonds"}
            entry.facts = {**entry.facts, "dossier": dossier}
        await named(desk, "Tên hôm nay")
        told = words_of("xlsx", await inventory(desk, list_id, "xlsx"))
    assert "Tên hôm nay" in told
