"""The file that was uploaded comes back with what is wrong with each row, and can be put right and sent again."""

import csv
from io import BytesIO, StringIO

from openpyxl import load_workbook

from tests.grounds import Ground
from tests.service.catalog_desk import RIGHT, Desk, catalog_desk, workbook

COLUMNS = ("fileCode", "title", "numberOfPage", "secrecy", "evidence", "criteria")
FORMULA = "=HYPERLINK(1)"


async def marked(desk: Desk, told: dict[str, object]) -> bytes:
    answer = await desk.archivist.get(f"/catalog/imports/{told['id']}/marked")
    assert answer.status_code == 200, answer.text
    return answer.content


async def test_a_workbook_comes_back_with_a_marked_column(ground: Ground) -> None:
    rows: list[dict[str, object]] = [
        {**RIGHT, "fileCode": "A"},
        {},
        {**RIGHT, "fileCode": "B", "title": " Đê  điều", "numberOfPage": "x", "criteria": "old"},
    ]
    async with catalog_desk(ground) as desk:
        told = (await desk.send(workbook(rows, COLUMNS))).json()
        content = await marked(desk, told)
        sheet = load_workbook(BytesIO(content)).worksheets[0]
        lines = list(sheet.iter_rows(values_only=True))
        sheet["C5"], sheet["F5"] = 12, "permanent"
        mended = BytesIO()
        sheet.parent.save(mended)  # type: ignore[union-attr] # a sheet of a book
        again = (await desk.send(mended.getvalue())).json()
    assert (sheet.title, len(lines)) == ("Hồ sơ", 5)
    assert lines[0][-1] == "Lỗi"
    assert lines[1] == (*COLUMNS, None)
    assert lines[2] == ("A", RIGHT["title"], 12, None, RIGHT["evidence"], "permanent", None)
    assert lines[4] == (
        "B", " Đê  điều", "x", None, RIGHT["evidence"], "old",
        "Số trang: phải là số; Tiêu chí lựa chọn: không có trong danh mục mã",
    )  # fmt: skip
    assert (again["state"], again["created"]) == ("done", 2)


async def test_a_table_of_text_comes_back_as_one_and_computes_nothing(ground: Ground) -> None:
    table = f"fileCode;title;numberOfPage\nA;{FORMULA};x\n"
    async with catalog_desk(ground) as desk:
        told = (await desk.send(table.encode())).json()
        content = (await marked(desk, told)).decode("utf-8-sig")
        again = (await desk.send(content.replace(",x,", ",3,").encode())).json()
        (item,) = (await desk.auditor.get("/catalog/dossiers")).json()["items"]
    assert list(csv.reader(StringIO(content))) == [
        ["fileCode", "title", "numberOfPage", "Lỗi"],
        ["A", f"'{FORMULA}", "x", "Số trang: phải là số"],
    ]
    assert (again["state"], item["title"]) == ("done", FORMULA)


async def test_text_that_looks_like_a_formula_stays_text_in_a_workbook(ground: Ground) -> None:
    table = f"fileCode,title,numberOfPage\nA,'{FORMULA},x\n"
    async with catalog_desk(ground) as desk:
        given = workbook([{"fileCode": "A", "title": "*", "numberOfPage": "x"}], COLUMNS)
        book = load_workbook(BytesIO(given))
        book.worksheets[0]["B3"].value = FORMULA
        book.worksheets[0]["B3"].data_type = "s"
        written = BytesIO()
        book.save(written)
        for body in (written.getvalue(), table.encode()):
            told = (await desk.send(body)).json()
            content = await marked(desk, told)
            if content.startswith(b"PK"):
                cell = load_workbook(BytesIO(content)).worksheets[0]["B3"]
                assert (cell.value, cell.data_type, cell.quotePrefix) == (FORMULA, "s", True)
            else:
                assert f",'{FORMULA}," not in content.decode().replace(f"A,'{FORMULA},", "")


async def test_nothing_of_a_secret_row_comes_back_but_its_code(ground: Ground) -> None:
    row = {**RIGHT, "fileCode": "M1", "title": "Kế hoạch bí mật", "evidence": "mật", "secrecy": "secret"}
    async with catalog_desk(ground) as desk:
        told = (await desk.send(workbook([RIGHT, row], COLUMNS))).json()
        sheet = load_workbook(BytesIO(await marked(desk, told))).worksheets[0]
    (line,) = sheet.iter_rows(min_row=4, values_only=True)
    assert line[:6] == ("M1", None, None, "secret", None, None)
    assert str(line[6]).startswith("Kiểm tra độ mật: ")


async def test_an_upload_that_is_not_kept_any_more_is_gone(ground: Ground) -> None:
    async with catalog_desk(ground, catalog_uploads_kept_days=-1) as desk:
        told = (await desk.import_rows(RIGHT)).json()
        hourly = desk.made.services["catalog"].hourly
        assert hourly is not None
        await hourly()
        answer = await desk.archivist.get(f"/catalog/imports/{told['id']}/marked")
    assert (answer.status_code, answer.json()["code"]) == (404, "catalog.upload_gone")
