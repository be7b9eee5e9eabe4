"""Inventories imported from workbooks: all rows or none, and every wrong cell told by place, kind and words."""

import asyncio
import unicodedata
from datetime import date, datetime

import pytest

from services.catalog.domain.columns import DOSSIERS, LEVELS
from services.catalog.wording import wording
from tests.grounds import Ground
from tests.service.catalog_desk import FONDS, RIGHT, catalog_desk, workbook
from tests.service.wrong_cells import WRONG_MATERIALS

WRONG: dict[str, tuple[str, object]] = {  # kind of fault: the column and a cell that has it
    "file_code_missing": ("fileCode", " "),
    "file_code_too_long": ("fileCode", "x" * 101),
    "file_code_excel_error": ("fileCode", "#REF!"),
    "title_missing": ("title", None),
    "title_too_long": ("title", "x" * 1001),
    "retention_not_permanent": ("maintenance", "02"),
    "retention_unknown": ("maintenance", "70 năm"),
    "access_level_unknown": ("mode", "04"),
    "access_level_contradicts_secrecy": ("mode", "03"),
    "languages_unknown": ("language", "01;12"),
    "languages_repeated": ("language", "01; 1"),
    "starts_on_not_a_date": ("startDate", "30/02/1954"),
    "starts_on_in_future": ("startDate", "2200"),
    "ends_on_not_a_date": ("endDate", "1957-1954"),
    "ends_on_in_future": ("endDate", "01/2200"),
    "ends_on_before_start": ("endDate", "1953"),
    "keywords_too_long": ("keyword", "x" * 101),
    "document_count_not_a_number": ("totalDoc", "mười"),
    "document_count_not_whole": ("totalDoc", 1.5),
    "document_count_out_of_range": ("totalDoc", 0),
    "document_count_more_than_pages": ("totalDoc", 13),
    "sheet_count_not_a_number": ("numberOfPaper", "1.200"),
    "sheet_count_not_whole": ("numberOfPaper", 0.5),
    "sheet_count_out_of_range": ("numberOfPaper", -1),
    "sheet_count_more_than_pages": ("numberOfPaper", 13),
    "page_count_missing": ("numberOfPage", None),
    "page_count_not_a_number": ("numberOfPage", "--12"),
    "page_count_not_whole": ("numberOfPage", 12.5),
    "page_count_out_of_range": ("numberOfPage", 100_001),
    "physical_condition_unknown": ("format", "rách"),
    "information_sign_too_long": ("inforSign", "x" * 31),
    "trust_level_unknown": ("confidenceLevel", 9),
    "paper_file_code_too_long": ("paperFileCode", "x" * 101),
    "paper_file_code_missing_for_digitised": ("confidenceLevel", "02"),
    "reserve_not_a_mark": ("riskRecovery", "maybe"),
    "note_too_long": ("description", "x" * 2001),
    "series_code_unknown": ("series", "II"),
    "criteria_unknown": ("criteria", "permanent;old"),
    "criteria_repeated": ("criteria", "permanent;permanent"),
    "evidence_missing_for_criteria": ("evidence", None),
    "evidence_without_criteria": ("criteria", None),
    "evidence_too_long": ("evidence", "x" * 4001),
    "is_arranged_not_a_mark": ("arranged", "rồi"),
    "secrecy_unknown": ("secrecy", "Mật"),
    "secrecy_refused": ("secrecy", "secret"),
    **WRONG_MATERIALS,
}
START = {"startDate": "1954"}


def wrong_row(kind: str) -> dict[str, object]:
    """Give a row that is right but for one cell."""
    column, cell = WRONG[kind]
    return {**RIGHT, "fileCode": "wrong", **START, column: cell}


async def test_an_inventory_is_imported_whole(ground: Ground) -> None:
    row: dict[str, object] = {
        "fileCode": " H49.1 ", "title": "Hồ sơ  đê", "maintenance": "01", "mode": 2, "language": "01; 3",
        "startDate": "2/3/1954", "endDate": "1956", "keyword": "đê", "totalDoc": 3.0, "numberOfPaper": "6",
        "numberOfPage": 12, "format": "03", "inforSign": "T1", "confidenceLevel": "02", "paperFileCode": "K1",
        "riskRecovery": "1", "description": "một\nhai", "series": None, "criteria": "before_1975; At_Risk",
        "evidence": "mủn", "arranged": "X", "secrecy": "expired", "kind": "Mixed", "carrier": "giay_do",
        "damage": "Friable; torn", "legible": "có", "sheetsBySize": "a3=2; A4: 4", "pagesBySize": "A4: 8; other: 1",
        "box": 7, "shelf": "G2", "arrangementNumber": "12/BB-CL", "arrangementDate": "1/3/2024",
        "removedSheets": "2", "secrecyCheckedBy": "Lan", "secrecyDecision": "5/QĐ-UBND",
    }  # fmt: skip
    async with catalog_desk(ground) as desk:
        answer = await desk.import_rows(row)
        read = (await desk.auditor.get("/catalog/dossiers")).json()["items"][0]
        kept = (await desk.archivist.get(f"/catalog/imports/{answer.json()['id']}")).json()
        acts = await desk.acts()
    told = answer.json()
    assert (told["state"], told["read_count"], told["failure"]) == ("done", 1, "")
    assert (told["rows"], told["created"], told["updated"], told["unchanged"]) == (1, 1, 0, 0)
    assert (told["rejected"], told["errors"]) == (0, [])
    del read["id"]
    assert read == {
        "version": 1, "fonds_id": desk.fonds_id, "file_code": "H49.1", "title": "Hồ sơ đê", "page_count": 12,
        "retention": "01", "access_level": "02", "languages": ["01", "03"], "starts_on": "1954-03-02",
        "ends_on": "1956", "keywords": "đê", "document_count": 3, "sheet_count": 6, "physical_condition": "03",
        "information_sign": "T1", "trust_level": "02", "paper_file_code": "K1", "reserve": True, "note": "một\nhai",
        "series_code": None, "is_arranged": True, "secrecy": "expired", "list_id": None,
        "kind": "mixed", "carrier": "giay_do", "conditions": ["friable", "torn"], "is_legible": True,
        "sheet_sizes": {"A3": 2, "A4": 4}, "page_sizes": {"A4": 8, "other": 1}, "box": "7", "shelf": "G2",
        "arrangement_number": "12/BB-CL", "arrangement_on": "2024-03-01", "removed_sheet_count": 2,
        "secrecy_by": "Lan", "secrecy_decision": "5/QĐ-UBND",
        "criteria": {"before_1975": "mủn", "at_risk": "mủn"}, "blocks": [],
        "archived_at": None,
    }  # fmt: skip
    assert kept == answer.json()
    assert acts[-1] == "workbook.imported"


async def test_the_same_file_twice_changes_nothing(ground: Ground) -> None:
    rows = [{**RIGHT, "fileCode": f"H{n}", "startDate": "1954"} for n in range(5)]
    async with catalog_desk(ground) as desk:
        await desk.import_rows(*rows)
        before = (await desk.auditor.get("/catalog/dossiers")).json()
        again = (await desk.import_rows(*rows)).json()
        after = (await desk.auditor.get("/catalog/dossiers")).json()
    assert (again["created"], again["updated"], again["unchanged"]) == (0, 0, 5)
    assert after == before


async def test_a_dossier_is_updated_by_its_code(ground: Ground) -> None:
    async with catalog_desk(ground) as desk:
        await desk.import_rows(RIGHT, {**RIGHT, "fileCode": "B"})
        changed = {**RIGHT, "title": "Tên mới", "criteria": "at_risk", "evidence": "mủn"}
        told = (await desk.import_rows(changed, {**RIGHT, "fileCode": "B"}, {**RIGHT, "fileCode": "C"})).json()
        first = (await desk.auditor.get("/catalog/dossiers", params={"q": "ten moi"})).json()["items"][0]
    assert (told["created"], told["updated"], told["unchanged"]) == (1, 1, 1)
    assert (first["version"], first["criteria"], first["file_code"]) == (2, {"at_risk": "mủn"}, RIGHT["fileCode"])


async def test_columns_that_a_workbook_lacks_leave_what_is_known(ground: Ground) -> None:
    async with catalog_desk(ground) as desk:
        dossier_id = await desk.chosen(1, keywords="đê", starts_on="1954", sheet_count=6)
        rows = [{"fileCode": "H49.1954.1", "title": "Tên mới", "numberOfPage": 11}]
        told = (await desk.send(workbook(rows, ("title", "numberOfPage", "fileCode")))).json()
        read = (await desk.auditor.get(f"/catalog/dossiers/{dossier_id}")).json()
        fewer = [{"fileCode": "H49.1954.1", "title": "Tên mới", "numberOfPage": 5}]
        contradicts = await desk.send(workbook(fewer, ("title", "numberOfPage", "fileCode")))
    assert told["updated"] == 1
    assert (read["title"], read["page_count"]) == ("Tên mới", 11)
    assert (read["keywords"], read["starts_on"], read["is_arranged"]) == ("đê", "1954", True)
    assert read["criteria"] == {"permanent": "Mục lục số 1"}
    assert [each["code"] for each in contradicts.json()["errors"]] == ["sheet_count_more_than_pages"]


async def test_a_wrong_row_keeps_every_row_out(ground: Ground) -> None:
    assert len(WRONG) >= 30
    async with catalog_desk(ground) as desk:
        for number, kind in enumerate(WRONG, start=1):
            answer = await desk.import_rows(RIGHT, wrong_row(kind), {**RIGHT, "fileCode": "last"})
            told = answer.json()
            assert (answer.status_code, told["state"]) == (200, "rejected"), kind
            assert (told["rows"], told["created"], told["rejected"]) == (3, 0, 1), kind
            column = "paperFileCode" if kind == "paper_file_code_missing_for_digitised" else WRONG[kind][0]
            column = "evidence" if kind == "evidence_without_criteria" else column
            assert [(each["row"], each["column"], each["code"]) for each in told["errors"]] == [(4, column, kind)]
            assert await desk.counts() == (0, 0, number), kind  # the report is kept, nothing else
            kept = (await desk.archivist.get(f"/catalog/imports/{told['id']}")).json()
            assert kept["errors"] == told["errors"]


async def test_every_wrong_row_is_told_at_once_in_the_readers_language(ground: Ground) -> None:
    rows = [{**wrong_row(kind), "fileCode": f"H{n}"} if "file_code" not in kind else wrong_row(kind)
            for n, kind in enumerate(WRONG)]  # fmt: skip
    async with catalog_desk(ground) as desk:
        content = workbook(rows)
        vietnamese = (await desk.send(content)).json()
        desk.archivist.headers["accept-language"] = "en"
        english = (await desk.send(content)).json()
    assert {each["code"] for each in vietnamese["errors"]} >= WRONG.keys()
    assert vietnamese["rejected"] == len(WRONG)
    assert {each["sheet"] for each in vietnamese["errors"]} == {"Hồ sơ"}
    said = {each["code"]: each["message"] for each in vietnamese["errors"]}
    assert said["page_count_missing"] == "Số trang: không được để trống"
    said = {each["code"]: each["message"] for each in english["errors"]}
    assert said["page_count_missing"] == "Pages: may not be empty"
    assert all(code not in message for code, message in said.items())  # every kind has words
    assert wording()["columns"].keys() == {name for columns in LEVELS for name in columns.readers}


async def test_a_code_that_stands_twice_is_refused_whatever_its_spelling(ground: Ground) -> None:
    twice = {**RIGHT, "fileCode": unicodedata.normalize("NFD", "HỒ.1") + " "}
    async with catalog_desk(ground) as desk:
        told = (await desk.import_rows({**RIGHT, "fileCode": "HỒ.1"}, twice)).json()
    assert [(each["row"], each["code"], each["value"]) for each in told["errors"]] == [
        (4, "file_code_repeated", "HỒ.1 ")
    ]


async def test_what_excel_does_to_cells_is_understood(ground: Ground) -> None:
    rows: list[dict[str, object]] = [
        {**RIGHT, "title": unicodedata.normalize("NFD", "Hồ sơ  đê\u00a0điều "), "numberOfPage": 12.0, "mode": 1,
         "startDate": datetime(1954, 3, 2, tzinfo=None), "endDate": date(1955, 1, 31), "arranged": True},  # noqa: DTZ001
        {},
        dict.fromkeys(DOSSIERS.readers, "  "),
        {**RIGHT, "fileCode": 12.0, "startDate": 1954, "endDate": "3/1955", "format": 2, "totalDoc": "12"},
    ]  # fmt: skip
    async with catalog_desk(ground) as desk:
        told = (await desk.import_rows(*rows)).json()
        first, second = (await desk.auditor.get("/catalog/dossiers")).json()["items"]
    assert (told["rows"], told["created"]) == (2, 2)
    assert (first["title"], first["page_count"], first["is_arranged"]) == ("Hồ sơ đê điều", 12, True)
    assert (first["starts_on"], first["ends_on"]) == ("1954-03-02", "1955-01-31")
    assert (second["file_code"], second["starts_on"], second["ends_on"]) == ("12", "1954", "1955-03")
    assert (second["physical_condition"], second["document_count"]) == ("02", 12)


@pytest.mark.parametrize("marked", [{"secrecy": "secret"}, {"mode": "03"}, {"secrecy": "Tối mật"}, {"mode": "Mật"}])
async def test_nothing_of_a_secret_row_is_repeated_or_kept(ground: Ground, marked: dict[str, object]) -> None:
    title = "Kế hoạch tuyệt đối bí mật " + "x" * 1000  # too long as well, which would be told of another row
    row = {**RIGHT, "fileCode": "M1", "title": title, "evidence": "ám hiệu", **marked}
    async with catalog_desk(ground) as desk:
        answer = await desk.import_rows(RIGHT, row)
        assert await desk.counts() == (0, 0, 1)
    assert answer.json()["state"] == "rejected"
    assert {each["value"] for each in answer.json()["errors"]} == {""}
    assert {each["row"] for each in answer.json()["errors"]} == {4}
    assert not any(text in answer.text for text in ("tuyệt đối", "ám hiệu"))
    assert ground.files_with(FONDS["title"])
    assert not ground.files_with("tuyệt đối bí")


async def test_a_dry_run_tells_and_changes_nothing(ground: Ground) -> None:
    async with catalog_desk(ground) as desk:
        right = await desk.import_rows(RIGHT, dry_run="true")
        wrong = await desk.import_rows(wrong_row("title_missing"), dry_run="true")
        assert await desk.counts() == (0, 0, 2)
    assert (right.json()["state"], right.json()["created"], right.json()["is_dry_run"]) == ("done", 1, True)
    assert (wrong.json()["state"], wrong.json()["rejected"], wrong.json()["created"]) == ("rejected", 1, 0)


async def test_listed_dossiers_are_not_changed_by_an_import(ground: Ground) -> None:
    async with catalog_desk(ground) as desk:
        await desk.import_rows(RIGHT)
        dossier_id = (await desk.auditor.get("/catalog/dossiers")).json()["items"][0]["id"]
        list_id = await desk.list_of(dossier_id)
        still_open = await desk.import_rows({**RIGHT, "numberOfPage": 13})
        await desk.submit(list_id)
        same = await desk.import_rows({**RIGHT, "numberOfPage": 13})
        text = await desk.import_rows({**RIGHT, "numberOfPage": 14})
        marks = await desk.import_rows({**RIGHT, "numberOfPage": 13, "evidence": "khác"})
        assert (await desk.approve(list_id)).status_code == 200
    assert still_open.json()["updated"] == 1
    assert (same.json()["state"], same.json()["unchanged"]) == ("done", 1)
    for answer in (text, marks):
        assert [each["code"] for each in answer.json()["errors"]] == ["file_code_frozen"]


async def test_pages_of_documents_limit_an_import_too(ground: Ground) -> None:
    async with catalog_desk(ground) as desk:
        await desk.import_rows(RIGHT)
        dossier_id = (await desk.auditor.get("/catalog/dossiers")).json()["items"][0]["id"]
        documents = {"documents": [{"number": 1, "title": "a", "first_page": 1, "last_page": 12}]}
        await desk.put(f"/catalog/dossiers/{dossier_id}/documents", documents)
        told = (await desk.import_rows({**RIGHT, "numberOfPage": 11})).json()
    assert [each["code"] for each in told["errors"]] == ["page_count_less_than_documents"]


async def test_a_series_must_be_there_before_its_dossiers(ground: Ground) -> None:
    async with catalog_desk(ground) as desk:
        await desk.archivist.post(f"/catalog/fonds/{desk.fonds_id}/series", json={"code": "II", "title": "Đê điều"})
        told = await desk.import_rows({**RIGHT, "series": "II"})
    assert told.json()["state"] == "done"


@pytest.mark.parametrize(
    ("columns", "facts"),
    [
        (("fileCode", "title", "numberOfPage", "colour"), {"unknown": ["colour"], "repeated": [], "missing": []}),
        (("fileCode", "title", "title"), {"unknown": [], "repeated": ["title"], "missing": ["numberOfPage"]}),
        ((), {"unknown": [], "repeated": [], "missing": ["fileCode", "title", "numberOfPage"]}),
    ],
)
async def test_columns_are_refused_by_name(ground: Ground, columns: tuple[str, ...], facts: dict[str, object]) -> None:
    async with catalog_desk(ground) as desk:
        answer = await desk.send(workbook([RIGHT], columns))
        assert await desk.counts() == (0, 0, 0)
    assert (answer.status_code, answer.json()["code"]) == (422, "catalog.workbook_columns_wrong")
    assert {name: answer.json()[name] for name in facts} == facts


async def test_an_import_needs_a_fonds(ground: Ground) -> None:
    async with catalog_desk(ground) as desk:
        nowhere = await desk.import_rows(RIGHT, fonds_id="0195c2f0-0000-7000-8000-00000000000a")
        malformed = await desk.import_rows(RIGHT, fonds_id="P01")
        assert await desk.counts() == (0, 0, 0)
    assert (nowhere.status_code, malformed.status_code) == (404, 422)


async def test_others_are_answered_while_a_large_inventory_is_imported(ground: Ground) -> None:
    rows = [{**RIGHT, "fileCode": f"H{number}"} for number in range(3000)]
    async with catalog_desk(ground) as desk:
        running = asyncio.create_task(desk.import_rows(*rows))
        answered = 0
        while not running.done():
            assert (await desk.auditor.get("/catalog/fonds")).status_code == 200
            answered += 1
        assert (await running).json()["created"] == 3000
    assert answered >= 20
