"""Documents imported from workbooks: each beside its dossier's others, all rows or none."""

from io import BytesIO
from typing import Any

import pytest
from openpyxl import load_workbook

from services.catalog.domain.columns import DOCUMENTS
from services.catalog.domain.difference import changes
from services.catalog.models import Document
from services.catalog.operations.freezing import line_facts
from shared.ids import new_id
from tests.grounds import Ground
from tests.service.catalog_desk import Desk, catalog_desk, workbook

DOSSIER = "H49.1954.1"
ROW: dict[str, object] = {"fileCode": DOSSIER, "docOrdinal": 1, "subject": "Tờ trình đắp đê"}
WRONG: dict[str, tuple[str, object]] = {  # kind of fault: the column and a cell that has it
    "file_code_missing": ("fileCode", None),
    "file_code_not_described": ("fileCode", "H49.1954.99"),
    "number_missing": ("docOrdinal", None),
    "number_not_a_number": ("docOrdinal", "một"),
    "number_out_of_order": ("docOrdinal", 7),
    "title_missing": ("subject", " "),
    "title_too_long": ("subject", "x" * 501),
    "title_excel_error": ("subject", "#REF!"),
    "type_code_unknown": ("typeName", "33"),
    "code_number_too_long": ("codeNumber", "1" * 12),
    "code_notation_too_long": ("codeNotation", "x" * 31),
    "issued_on_not_a_date": ("issuedDate", "31/02/1954"),
    "issued_on_in_future": ("issuedDate", "2200"),
    "issuer_too_long": ("organName", "x" * 201),
    "languages_unknown": ("language", "12"),
    "languages_repeated": ("language", "1;01"),
    "first_page_half_told": ("firstPage", 1),
    "last_page_not_whole": ("lastPage", 1.5),
    "information_sign_too_long": ("inforSign", "x" * 31),
    "keywords_too_long": ("keyword", "x" * 101),
    "access_level_unknown": ("mode", "04"),
    "access_level_refused": ("mode", "03"),
    "trust_level_unknown": ("confidenceLevel", "04"),
    "autograph_too_long": ("autograph", "x" * 2001),
    "physical_condition_unknown": ("format", "rách"),
    "retention_unknown": ("maintenance", "08"),
    "has_workflow_not_a_mark": ("process", "chưa rõ"),
    "note_too_long": ("description", "x" * 501),
}


async def send(desk: Desk, *rows: dict[str, object], **asks: str) -> dict[str, Any]:
    """Import rows of documents, with the columns that they name."""
    named = [name for name in DOCUMENTS.readers if any(name in row for row in rows)]
    told: dict[str, Any] = (await desk.send(workbook(rows, named), **asks)).json()
    return told


async def documents(desk: Desk, dossier_id: str) -> list[dict[str, Any]]:
    """Read the documents of a dossier."""
    told: list[dict[str, Any]] = (await desk.auditor.get(f"/catalog/dossiers/{dossier_id}")).json()["documents"]
    return told


async def test_every_field_of_a_document_is_imported_and_the_same_file_again_changes_nothing(ground: Ground) -> None:
    row: dict[str, object] = {
        **ROW, "typeName": 15, "codeNumber": 12.0, "codeNotation": "TT-UB", "issuedDate": "3/1954",
        "organName": "Ủy ban", "language": "1;3", "firstPage": 1, "lastPage": "2", "inforSign": "T1", "keyword": "đê",
        "mode": "02", "confidenceLevel": 2, "autograph": "bút phê\nký nháy", "format": 3, "description": "rách",
        "maintenance": 5, "process": "không",
    }  # fmt: skip
    assert row.keys() == DOCUMENTS.readers.keys() - {"catalogVersion"}
    async with catalog_desk(ground) as desk:
        dossier_id = await desk.dossier()
        tried = await send(desk, row, dry_run="true")
        assert await documents(desk, dossier_id) == []
        told, again = await send(desk, row), await send(desk, row)
        (document,) = await documents(desk, dossier_id)
        dossier = (await desk.auditor.get(f"/catalog/dossiers/{dossier_id}")).json()
    assert [(each["level"], each["created"], each["unchanged"]) for each in (tried, told, again)] == [
        ("documents", 1, 0), ("documents", 1, 0), ("documents", 0, 1)
    ]  # fmt: skip
    assert document == {
        "number": 1, "title": "Tờ trình đắp đê", "type_code": "15", "code_number": "12", "code_notation": "TT-UB",
        "issued_on": "1954-03", "issuer": "Ủy ban", "languages": ["01", "03"], "first_page": 1, "last_page": 2,
        "information_sign": "T1", "keywords": "đê", "access_level": "02", "trust_level": "02",
        "autograph": "bút phê\nký nháy", "physical_condition": "03", "note": "rách",
        "retention": "05", "has_workflow": False,
    }  # fmt: skip
    assert (dossier["document_count"], dossier["version"]) == (1, 2), "what changes nothing makes no new version"


async def test_a_row_changes_its_own_document_and_only_the_columns_that_are_there(ground: Ground) -> None:
    async with catalog_desk(ground) as desk:
        dossier_id = await desk.dossier()
        first = {**ROW, "organName": "Ủy ban", "firstPage": 1, "lastPage": 4}
        second = {**ROW, "docOrdinal": 2, "organName": "Sở", "firstPage": 5, "lastPage": 6}
        await send(desk, second, first)
        told = await send(desk, {**ROW, "docOrdinal": 2, "subject": "Quyết định"}, {**ROW, "docOrdinal": 3})
        found = await documents(desk, dossier_id)
    assert (told["created"], told["updated"], told["unchanged"]) == (1, 1, 0)
    assert [(each["title"], each["issuer"], each["last_page"]) for each in found] == [
        ("Tờ trình đắp đê", "Ủy ban", 4), ("Quyết định", "Sở", 6), ("Tờ trình đắp đê", "", None)
    ]  # fmt: skip


async def test_each_kind_of_fault_is_told_in_words_and_nothing_is_imported(ground: Ground) -> None:
    async with catalog_desk(ground) as desk:
        dossiers = [await desk.dossier(number) for number in range(1, len(WRONG) + 2)]
        codes = [f"H49.1954.{number}" for number in range(2, len(WRONG) + 2)]
        rows = [
            {**ROW, "fileCode": code, **dict([WRONG[kind]])} for code, kind in zip(codes, sorted(WRONG), strict=True)
        ]
        told = await send(desk, ROW, *rows)
        assert await documents(desk, dossiers[0]) == []
    assert {each["code"] for each in told["errors"]} == WRONG.keys()
    assert (told["rejected"], told["created"]) == (len(WRONG), 0)
    assert all(each["code"] not in each["message"] for each in told["errors"]), "every kind has words"
    refused = next(each for each in told["errors"] if each["code"] == "access_level_refused")
    assert refused["value"] == ""


@pytest.mark.parametrize(
    ("first", "second", "code"),
    [
        ((1, 4), (4, 6), "first_page_overlap"),
        ((5, 4), (6, 6), "first_page_backwards"),
        ((1, 4), (5, 11), "first_page_beyond_dossier"),
    ],
)
async def test_pages_must_fit_the_dossier(
    ground: Ground, first: tuple[int, int], second: tuple[int, int], code: str
) -> None:
    async with catalog_desk(ground) as desk:
        await desk.dossier(page_count=10)
        rows = [
            {**ROW, "docOrdinal": place, "firstPage": pages[0], "lastPage": pages[1]}
            for place, pages in enumerate((first, second), start=1)
        ]
        told = await send(desk, *rows)
    assert {each["code"] for each in told["errors"]} - {"number_not_alone"} == {code}


async def test_a_gap_and_a_number_that_stands_twice_are_told_once(ground: Ground) -> None:
    async with catalog_desk(ground) as desk:
        await desk.dossier()
        told = await send(desk, *({**ROW, "docOrdinal": number} for number in (1, 1, 3, 4)))
    assert [(each["row"], each["code"]) for each in told["errors"]] == [
        (3, "number_not_alone"), (4, "number_repeated"), (5, "number_out_of_order"), (6, "number_not_alone")
    ]  # fmt: skip


async def test_documents_of_a_dossier_are_imported_together_or_not_at_all(ground: Ground) -> None:
    async with catalog_desk(ground) as desk:
        dossiers = [await desk.dossier(number) for number in (1, 2)]
        wrong = {**ROW, "fileCode": "H49.1954.2", "docOrdinal": 2, "typeName": "99"}
        told = await send(desk, ROW, {**ROW, "fileCode": "H49.1954.2"}, wrong, valid_rows="true")
        found = [len(await documents(desk, dossier_id)) for dossier_id in dossiers]
    assert found == [1, 0]
    assert (told["rows"], told["created"], told["rejected"]) == (3, 1, 2)
    assert [(each["row"], each["code"]) for each in told["errors"]] == [
        (4, "number_not_alone"),
        (5, "type_code_unknown"),
    ]
    assert "cùng các dòng khác của hồ sơ" in told["errors"][0]["message"]


async def test_documents_of_a_submitted_dossier_stay_as_they_are(ground: Ground) -> None:
    async with catalog_desk(ground) as desk:
        dossier_id = await desk.chosen()
        await send(desk, ROW)
        await desk.submit(await desk.list_of(dossier_id))
        same, other = await send(desk, ROW), await send(desk, {**ROW, "subject": "Khác"})
        (document,) = await documents(desk, dossier_id)
    assert (same["unchanged"], [each["code"] for each in other["errors"]]) == (1, ["file_code_frozen"])
    assert document["title"] == ROW["subject"]


async def test_a_document_of_a_secret_is_not_repeated(ground: Ground) -> None:
    async with catalog_desk(ground) as desk:
        await desk.dossier()
        told = await send(desk, {**ROW, "mode": "03", "subject": "Kế hoạch tuyệt mật " + "x" * 500})
        assert ground.files_with("tuyệt mật") == []
    assert {each["value"] for each in told["errors"]} == {""}


async def test_nothing_is_repeated_of_a_dossier_that_nobody_described(ground: Ground) -> None:
    row = {**ROW, "fileCode": "H49.MAT.1", "subject": "KÕ ho¹ch tuyÖt mËt", "issuedDate": "tuyệt mật"}
    async with catalog_desk(ground) as desk:
        told = await send(desk, row)
        assert [ground.files_with(text) for text in ("tuyÖt", "tuyệt mật")] == [[], []]
    assert [(each["code"], each["value"]) for each in told["errors"]] == [("file_code_not_described", "")]
    assert told["notices"] == []


async def test_the_template_that_is_given_can_be_filled_in_and_imported(ground: Ground) -> None:
    async with catalog_desk(ground) as desk:
        await desk.dossier()
        told = {}
        for level in ("dossiers", "documents"):
            given = await desk.archivist.get(f"/catalog/templates/{level}")
            assert given.status_code == 200
            book = load_workbook(BytesIO(given.content))
            sheet = book.worksheets[0]
            names = [cell.value for cell in sheet[2]]
            cells: dict[str, str | int] = {
                "fileCode": DOSSIER,
                "docOrdinal": "1",
                "subject": "Tờ trình",
                "title": "Hồ sơ",
                "numberOfPage": "10",
                "typeName": "02",
                "mode": "01",
            }
            for column, name in enumerate(names, start=1):
                sheet.cell(3, column, cells.get(str(name)))
            filled = BytesIO()
            book.save(filled)
            told[level] = (await desk.send(filled.getvalue())).json()
    assert (told["dossiers"]["level"], told["dossiers"]["updated"]) == ("dossiers", 1)
    assert (told["documents"]["level"], told["documents"]["created"]) == ("documents", 1)


async def test_a_documents_own_retention_and_workflow_reach_the_others(ground: Ground) -> None:
    told = [
        {"number": 1, "title": "Tờ trình", "retention": "05", "has_workflow": True},
        {"number": 2, "title": "Quyết định"},
    ]
    async with catalog_desk(ground) as desk:
        dossier_id = await desk.chosen()
        assert (await desk.put(f"/catalog/dossiers/{dossier_id}/documents", {"documents": told})).status_code == 200
        wrong = await desk.put(
            f"/catalog/dossiers/{dossier_id}/documents", {"documents": [{**told[0], "retention": "09"}]}
        )
        await desk.approved_list(dossier_id)
        (approved,) = await desk.events()
    assert [(each["number"], each["code"]) for each in wrong.json()["documents"]] == [(1, "retention_unknown")]
    assert [(each.retention, each.has_workflow) for each in approved.documents] == [("05", True), (None, None)]


def test_a_list_says_of_older_documents_what_it_said_before() -> None:
    old = line_facts(Document(dossier_id=new_id(), number=1, title="Tờ trình"))
    assert not {"retention", "has_workflow"} & old.keys(), "digests of before knew nothing of them"
    facts = {"dossier": {"description": {}, "fonds": {}}, "columns": {"series_title": "x"}, "evidence": {}}
    new = {**old, "retention": "05", "has_workflow": False}
    found = changes({**facts, "documents": [old]}, {**facts, "documents": [new]})
    assert [(each.field, each.before, each.after) for each in found] == [
        ("documents.1.retention", None, "05"), ("documents.1.has_workflow", None, False)
    ]  # fmt: skip
