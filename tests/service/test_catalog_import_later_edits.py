"""A file that was exported and comes back does not undo what others changed meanwhile; a preview is applied as seen."""

from io import BytesIO
from typing import Any

import httpx
import pytest
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from services.catalog.operations import keeping_changes
from tests.grounds import Ground
from tests.service.catalog_desk import RIGHT, Desk, catalog_desk, workbook

PLAIN: dict[str, object] = {"fileCode": "A", "title": "Đê", "numberOfPage": 12}
COLUMNS = ("fileCode", "title", "numberOfPage", "box", "description")
DOCUMENT = {"fileCode": "A", "docOrdinal": 1, "subject": "Tờ trình"}


class Exported:
    """A fonds as it was exported, in the hands of whoever edits it."""

    def __init__(self, content: bytes) -> None:
        self.sheet: Worksheet = load_workbook(BytesIO(content)).worksheets[0]
        self.columns = [str(cell.value) for cell in self.sheet[2]]

    def write(self, column: str, value: str, row: int = 3) -> None:
        self.sheet.cell(row, self.columns.index(column) + 1).value = value

    def content(self) -> bytes:
        written = BytesIO()
        assert self.sheet.parent is not None
        self.sheet.parent.save(written)
        return written.getvalue()


async def exported(desk: Desk, level: str = "dossiers") -> Exported:
    answer = await desk.archivist.get(f"/catalog/fonds/{desk.fonds_id}/export", params={"level": level})
    return Exported(answer.content)


async def edit(desk: Desk, **changes: object) -> None:
    """Change the first dossier by hand."""
    (read, *_others) = (await desk.auditor.get("/catalog/dossiers")).json()["items"]
    told = {"file_code": read["file_code"], "title": read["title"], "page_count": read["page_count"], **changes}
    assert (await desk.put(f"/catalog/dossiers/{read['id']}", told)).status_code == 200


async def first(desk: Desk) -> dict[str, Any]:
    read: dict[str, Any] = (await desk.auditor.get("/catalog/dossiers")).json()["items"][0]
    return read


async def test_a_cell_changed_in_the_file_and_in_the_catalog_is_refused_with_who_and_when(ground: Ground) -> None:
    async with catalog_desk(ground) as desk:
        await desk.import_rows(PLAIN, {**PLAIN, "fileCode": "B"})
        file = await exported(desk)
        await edit(desk, title="Đê sông Hồng")
        file.write("title", "Đê điều")
        file.write("title", "Kè", row=4)
        refused = (await desk.send(file.content())).json()
        others = (await desk.send(file.content(), valid_rows="true")).json()
        assert (await first(desk))["title"] == "Đê sông Hồng"
    (error,) = refused["errors"]
    assert (error["row"], error["column"], error["code"], error["value"]) == (
        3, "title", "dossier_changed_since", "Đê điều",
    )  # fmt: skip
    assert error["other"].startswith("lan, ")
    assert error["message"].startswith("Tiêu đề hồ sơ: đã được người khác sửa")
    assert (refused["state"], others["updated"], others["rejected"]) == ("rejected", 1, 1)


async def test_what_the_file_left_alone_stays_as_it_was_changed_since(ground: Ground) -> None:
    async with catalog_desk(ground) as desk:
        await desk.import_rows({**PLAIN, "criteria": "permanent", "evidence": "a"})
        file = await exported(desk)
        dossier_id = (await first(desk))["id"]
        await edit(desk, title="Đê sông Hồng", box="7")
        marks = {"criteria": [{"criterion": "at_risk", "evidence": "b"}]}
        assert (await desk.put(f"/catalog/dossiers/{dossier_id}/criteria", marks)).status_code == 200
        untouched = (await desk.send(file.content())).json()
        file.write("description", "ghi chú")
        told = (await desk.send(file.content())).json()
        read = await first(desk)
    assert (untouched["unchanged"], untouched["errors"]) == (1, [])
    assert {(each["column"], each["code"], each["read"]) for each in untouched["notices"]} == {
        ("title", "title_kept_later", "Đê sông Hồng"),
        ("box", "box_kept_later", "7"),
        ("criteria", "criteria_kept_later", "at_risk"),
    }
    assert (told["updated"], told["changed"], told["overwriting"]) == (1, {"description": 1}, 0)
    assert (read["title"], read["box"], read["note"]) == ("Đê sông Hồng", "7", "ghi chú")
    assert read["criteria"] == {"at_risk": "b"}


async def test_the_own_imports_of_a_person_stand_in_nobodys_way(ground: Ground) -> None:
    async with catalog_desk(ground) as desk:
        await desk.import_rows(PLAIN)
        file = await exported(desk)
        for title in ("một", "hai"):
            file.write("title", title)
            assert (await desk.send(file.content())).json()["updated"] == 1
        await edit(desk, box="7")
        file.write("title", "ba")
        told = (await desk.send(file.content())).json()
    assert [(each["column"], each["code"]) for each in told["errors"]] == [("title", "dossier_changed_since")]


async def test_a_version_that_a_dossier_never_had_is_refused(ground: Ground) -> None:
    async with catalog_desk(ground) as desk:
        await desk.import_rows(PLAIN)
        told = (
            await desk.import_rows(
                {**PLAIN, "title": "Kè", "catalogVersion": 7}, {**PLAIN, "fileCode": "B", "catalogVersion": 1}
            )
        ).json()
    assert [(each["row"], each["column"], each["code"]) for each in told["errors"]] == [
        (3, "catalogVersion", "version_beyond")
    ]


async def test_without_a_version_it_is_told_whose_edit_is_written_over(ground: Ground) -> None:
    async with catalog_desk(ground) as desk:
        await desk.import_rows(PLAIN)
        await edit(desk, box="7")
        row = workbook([{**PLAIN, "title": "Đê điều", "box": "8"}], COLUMNS)
        told = (await desk.send(row, dry_run="true")).json()
        listed = (await desk.archivist.get(f"/catalog/imports/{told['id']}/changes")).json()["items"][0]
        done = (await desk.send(row)).json()
        again = (await desk.send(workbook([{**PLAIN, "box": "9"}], COLUMNS))).json()
    assert (told["overwriting"], done["overwriting"], again["overwriting"]) == (1, 1, 0)
    by = {cell["column"]: cell["edited_by"] for cell in listed["cells"]}
    assert by == {"title": "", "box": "lan"}
    assert all(cell["edited_at"] for cell in listed["cells"] if cell["edited_by"])


async def test_an_edit_is_told_of_until_an_import_writes_that_field(ground: Ground) -> None:
    async with catalog_desk(ground) as desk:
        await desk.import_rows(PLAIN)
        await edit(desk, box="7")
        await desk.send(workbook([{**PLAIN, "title": "Đê điều"}], ("fileCode", "title", "numberOfPage")))
        row = workbook([{**PLAIN, "title": "Kè", "box": "8"}], COLUMNS)
        told = (await desk.send(row, dry_run="true")).json()
        listed = (await desk.archivist.get(f"/catalog/imports/{told['id']}/changes")).json()["items"][0]
        await desk.send(row)
        taken_up = (await desk.send(workbook([{**PLAIN, "title": "Đê", "box": "9"}], COLUMNS), dry_run="true")).json()
    assert {cell["column"]: cell["edited_by"] for cell in listed["cells"]} == {"title": "", "box": "lan"}
    assert (told["overwriting"], taken_up["overwriting"]) == (1, 0)


async def test_documents_changed_since_are_spared_or_refused_too(ground: Ground) -> None:
    async with catalog_desk(ground) as desk:
        await desk.import_rows(PLAIN)
        dossier_id = (await first(desk))["id"]
        columns = tuple(DOCUMENT)
        await desk.send(workbook([DOCUMENT, {**DOCUMENT, "docOrdinal": 2}], columns))
        file = await exported(desk, "documents")
        documents = [{"number": 1, "title": "Báo cáo"}]
        await desk.put(f"/catalog/dossiers/{dossier_id}/documents", {"documents": documents})
        untouched = (await desk.send(file.content())).json()
        file.write("subject", "Công văn")
        refused = (await desk.send(file.content())).json()
        read = (await desk.auditor.get(f"/catalog/dossiers/{dossier_id}")).json()["documents"]
    assert (untouched["unchanged"], untouched["errors"]) == (2, [])
    assert [(each["row"], each["column"], each["code"]) for each in refused["errors"]] == [
        (3, "docOrdinal", "dossier_changed_since"), (4, "docOrdinal", "number_not_alone"),
    ]  # fmt: skip
    assert [each["title"] for each in read] == ["Báo cáo"]


async def test_a_preview_is_applied_as_it_was_seen(ground: Ground) -> None:
    rows = [{**RIGHT, "fileCode": code, "box": "7"} for code in "ABC"]
    async with catalog_desk(ground) as desk:
        await desk.import_rows(*({**row, "box": "1"} for row in rows[:2]))
        seen = (await desk.import_rows(*rows, dry_run="true")).json()
        await edit(desk, note="khác")
        await desk.import_rows({**rows[2], "title": "Tên khác"})
        strict = (await apply(desk, seen)).json()
        loose = (await apply(desk, seen, valid_rows="true")).json()
        twice = await desk.archivist.post(f"/catalog/imports/{loose['id']}/apply")
        nothing = await desk.archivist.post("/catalog/imports/0195c2f0-0000-7000-8000-00000000000a/apply")
    assert (strict["state"], strict["previewed_id"], strict["is_dry_run"]) == ("rejected", seen["id"], False)
    assert [(each["row"], each["code"]) for each in strict["errors"]] == [
        (3, "dossier_changed_since"), (5, "dossier_changed_since"),
    ]  # fmt: skip
    assert strict["errors"][0]["other"].startswith("lan, ")
    assert (loose["updated"], loose["rejected"]) == (1, 2)
    assert (twice.status_code, twice.json()["code"]) == (409, "catalog.no_preview")
    assert nothing.status_code == 404


async def test_what_a_preview_does_not_touch_may_change_before_it_is_applied(ground: Ground) -> None:
    async with catalog_desk(ground) as desk:
        await desk.import_rows(PLAIN)
        file = workbook([{**PLAIN, "title": "Đê điều"}, {**PLAIN, "fileCode": "B"}], COLUMNS)
        seen = (await desk.send(file, dry_run="true")).json()
        documents = (await desk.send(workbook([DOCUMENT], tuple(DOCUMENT)), dry_run="true")).json()
        marks = {"criteria": [{"criterion": "at_risk", "evidence": "b"}]}
        assert (await desk.put(f"/catalog/dossiers/{(await first(desk))['id']}/criteria", marks)).status_code == 200
        done = (await apply(desk, seen)).json()
        described = (await apply(desk, documents)).json()
        read = await first(desk)
    assert (done["updated"], done["created"], done["errors"]) == (1, 1, [])
    assert (read["title"], read["criteria"]) == ("Đê điều", {"at_risk": "b"})
    assert (described["created"], described["errors"]) == (1, [])


async def test_where_a_preview_kept_no_cells_only_the_same_version_comes_to_the_same(
    ground: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keeping_changes, "MOST_KEPT", -1)
    async with catalog_desk(ground) as desk:
        await desk.import_rows(PLAIN)
        seen = (await desk.send(workbook([{**PLAIN, "title": "Đê điều"}], COLUMNS), dry_run="true")).json()
        marks = {"criteria": [{"criterion": "at_risk", "evidence": "b"}]}
        assert (await desk.put(f"/catalog/dossiers/{(await first(desk))['id']}/criteria", marks)).status_code == 200
        refused = (await apply(desk, seen)).json()
    assert [each["code"] for each in refused["errors"]] == ["dossier_changed_since"]


async def apply(desk: Desk, seen: dict[str, Any], **asks: str) -> httpx.Response:
    answer = await desk.archivist.post(f"/catalog/imports/{seen['id']}/apply", params=asks)
    assert answer.status_code == 202, answer.text
    return await desk.ended(answer.json()["id"])


@pytest.mark.parametrize("level", ["fonds", "series"])
async def test_a_preview_of_fonds_and_series_is_applied_as_it_was_seen(ground: Ground, level: str) -> None:
    columns = {
        "fonds": ("fondsCode", "fondsTitle", "archiveCode"),
        "series": ("fondsCode", "seriesCode", "seriesTitle"),
    }
    rows = {"fonds": ("P07", "Phông", "H49"), "series": ("P01", "I", "Nhóm")}
    async with catalog_desk(ground) as desk:
        file = workbook([dict(zip(columns[level], rows[level], strict=True))], columns[level])
        seen = (await desk.send(file, dry_run="true")).json()
        right = (await apply(desk, seen)).json()
        late = (await apply(desk, seen)).json()
        moved = workbook([dict(zip(columns[level], (*rows[level][:-1], "khác"), strict=True))], columns[level])
        await desk.send(moved)
        refused = (await apply(desk, seen)).json()
    assert (right["created"], late["unchanged"]) == (1, 1)
    assert [each["code"] for each in refused["errors"]] == ["code_changed_since"]


async def test_a_preview_whose_file_is_not_kept_any_more_is_gone(ground: Ground) -> None:
    async with catalog_desk(ground, catalog_uploads_kept_days=-1) as desk:
        seen = (await desk.import_rows(RIGHT, dry_run="true")).json()
        hourly = desk.made.services["catalog"].hourly
        assert hourly is not None
        await hourly()
        answer = await desk.archivist.post(f"/catalog/imports/{seen['id']}/apply")
    assert (answer.status_code, answer.json()["code"]) == (404, "catalog.upload_gone")
