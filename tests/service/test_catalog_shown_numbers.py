"""Codes that are numbers for Excel are taken as people see them; nothing of one is lost in silence."""

from collections.abc import Mapping, Sequence
from io import BytesIO

from openpyxl import load_workbook

from tests.grounds import Ground
from tests.service.catalog_desk import catalog_desk, workbook

COLUMNS = ("fileCode", "title", "numberOfPage", "box")
CODES = ((7, "000"), (8, "0000"), (9, '"H49."0'), (1.1, "0.00"))


def shaped(codes: Sequence[tuple[float, str]], box: str = "000") -> bytes:
    """Give an inventory of numbers with formats: its codes, and a box for each."""
    rows: list[Mapping[str, object]] = [
        {"fileCode": code, "title": "Đắp đê", "numberOfPage": 12, "box": 5} for code, _ in codes
    ]
    book = load_workbook(BytesIO(workbook(rows, COLUMNS)))
    for row, (_, number_format) in enumerate(codes, start=3):
        book.worksheets[0][f"A{row}"].number_format = number_format
        book.worksheets[0][f"C{row}"].number_format = '0" trang"'
        book.worksheets[0][f"D{row}"].number_format = box
    written = BytesIO()
    book.save(written)
    return written.getvalue()


async def test_a_code_is_taken_as_it_is_shown_and_that_is_told(ground: Ground) -> None:
    async with catalog_desk(ground) as desk:
        told = (await desk.send(shaped(CODES))).json()
        items = (await desk.auditor.get("/catalog/dossiers")).json()["items"]
    assert told["created"] == len(CODES), told["errors"]
    assert sorted((each["file_code"], each["box"], each["page_count"]) for each in items) == [
        (code, "005", 12) for code in ("0008", "007", "1.10", "H49.9")
    ]
    notices = [(each["value"], each["read"], each["code"]) for each in told["notices"] if each["row"] == 3]
    assert notices == [("7", "007", "file_code_as_shown"), ("5", "005", "box_as_shown")]
    assert "lấy đúng như Excel hiện ra" in told["notices"][0]["message"]


async def test_a_format_that_is_not_understood_makes_a_row_wrong(ground: Ground) -> None:
    async with catalog_desk(ground) as desk:
        told = (await desk.send(shaped([(12345, "#,##0")], box="?0"))).json()
        marked = (await desk.archivist.get(f"/catalog/imports/{told['id']}/marked")).content
        again = (await desk.send(marked)).json()
    codes = [each["code"] for each in told["errors"]]
    assert codes == ["file_code_number_format", "box_number_format"]
    assert (told["created"], [each["code"] for each in again["errors"]]) == (0, codes)


async def test_the_marked_file_shows_numbers_as_they_were(ground: Ground) -> None:
    async with catalog_desk(ground) as desk:
        told = (await desk.send(shaped([*CODES, (5, "?0")]))).json()
        sheet = load_workbook(
            BytesIO((await desk.archivist.get(f"/catalog/imports/{told['id']}/marked")).content)
        ).worksheets[0]
        sheet["A7"].value, sheet["A7"].number_format = "A", "@"
        mended = BytesIO()
        sheet.parent.save(mended)  # type: ignore[union-attr] # a sheet of a book
        again = (await desk.send(mended.getvalue())).json()
        items = (await desk.auditor.get("/catalog/dossiers")).json()["items"]
    assert (told["rejected"], again["created"]) == (1, 5)
    assert {each["file_code"] for each in items} == {"0008", "007", "1.10", "H49.9", "A"}
