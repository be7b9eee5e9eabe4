"""Inventories as centres have them: old dates, old encodings, a few wrong rows among many right ones."""

from tests.grounds import Ground
from tests.service.catalog_desk import RIGHT, catalog_desk


async def test_old_dates_and_encodings_are_read_and_never_silently(ground: Ground) -> None:
    rows: list[dict[str, object]] = [
        {**RIGHT, "title": "Hå s¬ ®¾p ®ª", "startDate": "1954-1957"},
        {**RIGHT, "fileCode": "2", "startDate": "?", "endDate": "tháng 3/1956"},
        {**RIGHT, "fileCode": "3", "startDate": "khoảng 1954", "endDate": "1955"},
        {**RIGHT, "fileCode": "4", "startDate": "1954-1957", "endDate": "1956"},
    ]
    async with catalog_desk(ground) as desk:
        told = (await desk.import_rows(*rows)).json()
        read = {each["file_code"]: each for each in (await desk.auditor.get("/catalog/dossiers")).json()["items"]}
    assert read[str(RIGHT["fileCode"])]["title"] == "Hồ sơ đắp đê"
    periods = [(read[code]["starts_on"], read[code]["ends_on"]) for code in (str(RIGHT["fileCode"]), "2", "3", "4")]
    assert periods == [("1954", "1957"), (None, "1956-03"), ("1954", "1955"), ("1954", "1956")]
    assert [(each["row"], each["column"], each["value"], each["read"]) for each in told["notices"]] == [
        (3, "title", "Hå s¬ ®¾p ®ª", "Hồ sơ đắp đê"),
        (3, "startDate", "1954-1957", "1954"),
        (4, "startDate", "?", ""),
        (4, "endDate", "tháng 3/1956", "1956-03"),
        (5, "startDate", "khoảng 1954", "1954"),
        (6, "startDate", "1954-1957", "1954"),
    ]
    assert told["notices"][0]["message"].startswith("Tiêu đề hồ sơ: được gõ bằng bảng mã TCVN3")


async def test_what_was_read_of_a_secret_row_is_not_repeated(ground: Ground) -> None:
    row = {**RIGHT, "title": "KÕ ho¹ch tuyÖt mËt", "secrecy": "secret"}
    async with catalog_desk(ground) as desk:
        told = (await desk.import_rows(row)).json()
        assert [ground.files_with(text) for text in ("tuyÖt", "tuyệt")] == [[], []]
    assert [(each["value"], each["read"]) for each in told["notices"]] == [("", "")]


async def test_right_rows_may_be_imported_without_the_wrong_ones(ground: Ground) -> None:
    rows: list[dict[str, object]] = [{**RIGHT, "fileCode": str(number)} for number in range(10)]
    rows += [{**RIGHT, "fileCode": "10", "title": None}, {**RIGHT, "fileCode": "11", "maintenance": "70 năm"}]
    async with catalog_desk(ground) as desk:
        tried = await desk.import_rows(*rows, valid_rows="true", dry_run="true")
        assert (await desk.auditor.get("/catalog/dossiers")).json()["items"] == []
        told = await desk.import_rows(*rows, valid_rows="true")
        again = (await desk.import_rows(*rows, valid_rows="true")).json()
        items = (await desk.auditor.get("/catalog/dossiers")).json()["items"]
    assert (tried.status_code, told.status_code, len(items)) == (201, 201, 10)
    counts = ("rows", "created", "unchanged", "rejected")
    assert [told.json()[name] for name in counts] == [12, 10, 0, 2] == [tried.json()[name] for name in counts]
    assert [again[name] for name in counts] == [12, 0, 10, 2]
