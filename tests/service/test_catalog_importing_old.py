"""Inventories as centres have them: old dates, old encodings, a few wrong rows among many right ones."""

import pytest

from tests.domain.test_catalog_code_page import in_1258
from tests.grounds import Ground
from tests.service.catalog_desk import RIGHT, catalog_desk


async def test_old_dates_and_encodings_are_read_and_never_silently(ground: Ground) -> None:
    rows: list[dict[str, object]] = [
        {**RIGHT, "title": "Hå s¬ ®¾p ®ª", "startDate": "1954-1957"},
        {**RIGHT, "fileCode": "2", "startDate": "?", "endDate": "tháng 3/1956"},
        {**RIGHT, "fileCode": "3", "startDate": "khoảng 1954", "endDate": "1955"},
        {**RIGHT, "fileCode": "4", "startDate": "1954-1957", "endDate": "31/12/1957"},
    ]
    async with catalog_desk(ground) as desk:
        told = (await desk.import_rows(*rows)).json()
        read = {each["file_code"]: each for each in (await desk.auditor.get("/catalog/dossiers")).json()["items"]}
    assert read[str(RIGHT["fileCode"])]["title"] == "Hồ sơ đắp đê"
    periods = [(read[code]["starts_on"], read[code]["ends_on"]) for code in (str(RIGHT["fileCode"]), "2", "3", "4")]
    assert periods == [("1954", "1957"), (None, "1956-03"), ("1954", "1955"), ("1954", "1957-12-31")]
    assert [(each["row"], each["column"], each["value"], each["read"]) for each in told["notices"]] == [
        (3, "title", "Hå s¬ ®¾p ®ª", "Hồ sơ đắp đê"),
        (3, "startDate", "1954-1957", "1954"),
        (4, "startDate", "?", ""),
        (4, "endDate", "tháng 3/1956", "1956-03"),
        (5, "startDate", "khoảng 1954", "1954"),
        (6, "startDate", "1954-1957", "1954"),
    ]
    assert told["noticed"] == 6
    assert told["notices"][0]["message"].startswith("Tiêu đề hồ sơ: được gõ bằng bảng mã TCVN3")


async def test_a_period_that_contradicts_the_other_column_is_an_error(ground: Ground) -> None:
    rows = [
        {**RIGHT, "startDate": "1954-1957", "endDate": "1956"},
        {**RIGHT, "fileCode": "2", "startDate": "1953", "endDate": "1954-1957"},
    ]
    async with catalog_desk(ground) as desk:
        told = (await desk.import_rows(*rows)).json()
    assert [(each["row"], each["column"], each["code"]) for each in told["errors"]] == [
        (3, "endDate", "ends_on_contradicts_period"),
        (4, "startDate", "starts_on_contradicts_period"),
    ]


async def test_true_and_numbers_beyond_excel_are_no_text(ground: Ground) -> None:
    rows = [{**RIGHT, "title": True, "paperFileCode": 12345678901234567, "riskRecovery": False}]
    async with catalog_desk(ground) as desk:
        told = (await desk.import_rows(*rows)).json()
    assert [each["code"] for each in told["errors"]] == ["title_not_text", "paper_file_code_too_many_digits"]


async def test_a_row_with_more_cells_than_headings_is_an_error_of_that_row(ground: Ground) -> None:
    text = "fileCode,title,secrecy,numberOfPage\nA1,Đắp đê,,12,,\nA2,Đê, kè,,12\nA3,Kế hoạch, 1954,secret,5\n"
    async with catalog_desk(ground) as desk:
        told = (await desk.send(text.encode(), valid_rows="true")).json()
        assert [ground.files_with(secret) for secret in ("Kế hoạch",)] == [[]], "what is shifted may be secret"
    assert [(each["row"], each["code"]) for each in told["errors"]] == [
        (3, "file_code_extra_cells"),
        (4, "file_code_extra_cells"),
    ]
    assert told["created"] == 1


async def test_a_control_character_is_an_error_of_its_row(ground: Ground) -> None:
    text = "fileCode,title,numberOfPage\nA1,Đắp đê,12\nA2,Sửa\x07 kè,3\n"
    async with catalog_desk(ground) as desk:
        told = (await desk.send(text.encode(), valid_rows="true")).json()
    assert ([(each["row"], each["code"]) for each in told["errors"]], told["created"]) == (
        [(3, "title_control_character")],
        1,
    )


async def test_why_a_table_cannot_be_read_is_told_without_the_words_of_a_library(ground: Ground) -> None:
    async with catalog_desk(ground) as desk:
        refused = (await desk.send(b"fileCode,title,numberOfPage\nA1,\xc4\x81\x8f,3\xff\n")).json()
    assert (refused["reason"], refused["detail"]) == ("encoding", "no table of text that can be read")


async def test_what_was_read_of_a_secret_row_is_not_repeated(ground: Ground) -> None:
    row = {**RIGHT, "title": "KÕ ho¹ch tuyÖt mËt", "secrecy": "secret"}
    async with catalog_desk(ground) as desk:
        told = (await desk.import_rows(row)).json()
        assert [ground.files_with(text) for text in ("tuyÖt", "tuyệt")] == [[], []]
    assert ([each["code"] for each in told["errors"]], told["notices"]) == (["secrecy_refused"], [])


async def test_right_rows_may_be_imported_without_the_wrong_ones(ground: Ground) -> None:
    rows: list[dict[str, object]] = [{**RIGHT, "fileCode": str(number)} for number in range(10)]
    rows += [{**RIGHT, "fileCode": "10", "title": None}, {**RIGHT, "fileCode": "11", "maintenance": "70 năm"}]
    async with catalog_desk(ground) as desk:
        tried = await desk.import_rows(*rows, valid_rows="true", dry_run="true")
        assert (await desk.auditor.get("/catalog/dossiers")).json()["items"] == []
        told = await desk.import_rows(*rows, valid_rows="true")
        again = (await desk.import_rows(*rows, valid_rows="true")).json()
        items = (await desk.auditor.get("/catalog/dossiers")).json()["items"]
    assert (tried.json()["state"], told.json()["state"], len(items)) == ("done", "done", 10)
    counts = ("rows", "created", "unchanged", "rejected")
    assert [told.json()[name] for name in counts] == [12, 10, 0, 2] == [tried.json()[name] for name in counts]
    assert [again[name] for name in counts] == [12, 0, 10, 2]


TABLE = (
    "Mã hồ sơ,Tiêu đề,Số trang,Ghi chú\n"
    "fileCode,title,numberOfPage,description\n"
    'A1,"Hồ sơ ""đê"", kè",12,"một\nhai"\n'
    "\n"
    "A2,Đường sá,0012,\n"
)


@pytest.mark.parametrize(
    ("encoding", "separator", "heads"), [("utf-8", ",", 1), ("utf-8-sig", ";", 2), ("utf-16", "\t", 2)]
)
async def test_a_table_of_text_is_imported_like_a_workbook(
    ground: Ground, encoding: str, separator: str, heads: int
) -> None:
    table = TABLE if heads == 2 else TABLE.partition("\n")[2]
    title = '"Hồ sơ ""đê"", kè"'
    text = table.replace(title, "*").replace(",", separator).replace("*", title).replace("\n", "\r\n")
    async with catalog_desk(ground) as desk:
        told = (await desk.send(text.encode(encoding))).json()
        first, second = (await desk.auditor.get("/catalog/dossiers")).json()["items"]
        wrong = (await desk.send(text.replace("12", "1x", 1).encode(encoding))).json()
    assert (told["created"], told["rows"]) == (2, 2)
    assert (first["title"], first["note"], second["title"], second["page_count"]) == (
        'Hồ sơ "đê", kè', "một\nhai", "Đường sá", 12
    )  # fmt: skip
    assert [(each["sheet"], each["row"], each["code"]) for each in wrong["errors"]] == [
        ("CSV", heads + 1, "page_count_not_a_number")
    ]


async def test_only_line_ends_end_a_row(ground: Ground) -> None:
    title = "Hồ sơ\u2028đê\u0085kè"
    async with catalog_desk(ground) as desk:
        told = (await desk.send(f"fileCode,title,numberOfPage\rA1,{title.replace(chr(0x85), '')},3\n".encode())).json()
        refused = (await desk.send(f"fileCode,title,numberOfPage\nA2,{title},3\n".encode())).json()
        (item,) = (await desk.auditor.get("/catalog/dossiers")).json()["items"]
    assert (told["rows"], item["title"]) == (1, "Hồ sơ đêkè")
    assert [each["code"] for each in refused["errors"]] == ["title_control_character"], "and the row is whole"


async def test_a_table_that_old_excel_wrote_in_a_vn_font_is_read(ground: Ground) -> None:
    body = b"fileCode;title;numberOfPage\r\nA1;H\xe5 s\xac \xae\xbep \xae\xaa;3\r\n"
    async with catalog_desk(ground) as desk:
        told = (await desk.send(body)).json()
        (item,) = (await desk.auditor.get("/catalog/dossiers")).json()["items"]
    assert item["title"] == "Hồ sơ đắp đê"
    assert [each["code"] for each in told["notices"]] == ["title_read_tcvn3"]


async def test_a_table_that_excel_wrote_on_a_vietnamese_windows_is_read_and_told(ground: Ground) -> None:
    title = "Hồ sơ về việc thành lập tỉnh Đông Hưng"
    text = f"Mã hồ sơ;Tiêu đề hồ sơ;Số trang\r\nA1;{title};3\r\nA2;{title}, séance;4\r\n"
    async with catalog_desk(ground) as desk:
        told = (await desk.send(in_1258(text))).json()
        items = (await desk.auditor.get("/catalog/dossiers")).json()["items"]
    assert [each["title"] for each in items] == [title, f"{title}, séance"]
    assert [(each["row"], each["value"], each["code"]) for each in told["notices"]] == [(2, title, "title_code_page")]
    assert "Windows-1258" in told["notices"][0]["message"]


async def test_a_table_whose_code_page_nobody_can_tell_is_refused(ground: Ground) -> None:
    async with catalog_desk(ground) as desk:
        answer = await desk.send(b"fileCode;title;numberOfPage\r\nA1;quy\xd2n;3\r\n")
    assert (answer.status_code, answer.json()["code"], answer.json()["reason"]) == (
        422,
        "catalog.workbook_unreadable",
        "code_page",
    )


async def test_a_quote_that_keeps_a_cell_from_being_computed_is_left_out_and_told(ground: Ground) -> None:
    async with catalog_desk(ground) as desk:
        told = (await desk.send(b"fileCode,title,numberOfPage\nA1,'=1+1,12\n")).json()
        (item,) = (await desk.auditor.get("/catalog/dossiers")).json()["items"]
    assert item["title"] == "=1+1"
    assert [(each["row"], each["column"], each["code"]) for each in told["notices"]] == [
        (2, "title", "title_undefused")
    ]
    assert "đã bỏ dấu đó" in told["notices"][0]["message"]
