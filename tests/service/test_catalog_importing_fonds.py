"""Fonds and their series are imported too, and stay as they are while a list of theirs is decided on."""

from io import BytesIO
from typing import Any
from uuid import UUID

from openpyxl import load_workbook

from services.catalog.domain.columns import FONDS as FONDS_COLUMNS
from services.catalog.models import Fonds
from tests.grounds import Ground
from tests.service.catalog_desk import FONDS, RIGHT, Desk, catalog_desk, workbook

COLUMNS = ("fondsCode", "fondsTitle", "fondsKind", "archiveCode")
OF_SERIES = ("fondsCode", "seriesCode", "seriesTitle")
THERE: dict[str, object] = {"fondsCode": "P01", "fondsTitle": FONDS["title"], "archiveCode": "H49"}
NEW: dict[str, object] = {"fondsCode": "P02", "fondsTitle": "Ty  Thủy lợi", "fondsKind": "Work", "archiveCode": "H49"}


async def send(desk: Desk, columns: tuple[str, ...], *rows: dict[str, object]) -> dict[str, Any]:
    answer = await desk.archivist.post("/catalog/imports", content=workbook(rows, columns))
    assert answer.status_code == 202, answer.text
    told: dict[str, Any] = (await desk.ended(answer.json()["id"])).json()
    return told


async def test_fonds_are_imported_and_the_same_again_changes_nothing(ground: Ground) -> None:
    async with catalog_desk(ground) as desk:
        told, again = [await send(desk, COLUMNS, THERE, NEW) for _ in range(2)]
        fonds = (await desk.auditor.get("/catalog/fonds")).json()["items"]
        changed = await send(desk, COLUMNS, {**THERE, "fondsTitle": "Tên khác"})
    assert [told[name] for name in ("level", "fonds_id", "created", "unchanged")] == ["fonds", None, 1, 1]
    assert (again["unchanged"], changed["updated"]) == (2, 1)
    assert [(each["code"], each["title"], each["kind"]) for each in fonds] == [
        ("P01", FONDS["title"], "fonds"), ("P02", "Ty Thủy lợi", "work")
    ]  # fmt: skip


async def test_series_are_imported_into_the_fonds_that_they_name(ground: Ground) -> None:
    row: dict[str, object] = {"fondsCode": "P01", "seriesCode": "II", "seriesTitle": "Đê điều"}
    async with catalog_desk(ground) as desk:
        told, again = [await send(desk, OF_SERIES, row) for _ in range(2)]
        changed = await send(desk, OF_SERIES, {**row, "seriesTitle": "Kè"})
        wrong = await send(desk, OF_SERIES, row, row, {**row, "fondsCode": "P9"}, {**row, "seriesTitle": None})
        series = (await desk.auditor.get(f"/catalog/fonds/{desk.fonds_id}/series")).json()["items"]
        assert (await desk.import_rows({**RIGHT, "series": "II"})).json()["state"] == "done"
    assert (told["created"], again["unchanged"], changed["updated"]) == (1, 1, 1)
    assert [(each["row"], each["column"], each["code"]) for each in wrong["errors"]] == [
        (4, "seriesCode", "series_code_repeated"),
        (5, "fondsCode", "code_no_fonds"),
        (6, "seriesTitle", "title_missing"),
        (6, "seriesCode", "series_code_repeated"),
    ]
    assert [(each["code"], each["title"]) for each in series] == [("II", "Kè")]


async def test_what_is_wrong_with_a_fonds_is_told(ground: Ground) -> None:
    async with catalog_desk(ground) as desk:
        rows = [
            {**NEW, "fondsKind": "kho"},
            {**NEW, "fondsTitle": "x" * 1001},
            {**NEW, "fondsCode": "P3", "archiveCode": ""},
        ]
        told = await send(desk, COLUMNS, *rows)
    assert [each["code"] for each in told["errors"]] == [
        "kind_unknown", "title_too_long", "code_repeated", "archive_code_missing"
    ]  # fmt: skip
    assert told["errors"][0]["message"].startswith(
        "Loại (phông, công trình, sưu tập): không có trong danh mục mã (fonds = Phông;"
    )


async def test_a_fonds_with_a_submitted_list_stays_as_it_is(ground: Ground) -> None:
    async with catalog_desk(ground) as desk:
        await desk.submit(await desk.list_of(await desk.chosen()))
        same = await send(desk, COLUMNS, THERE)
        other = await send(desk, COLUMNS, {**THERE, "fondsTitle": "Khác"})
    assert (same["unchanged"], [each["code"] for each in other["errors"]]) == (1, ["title_frozen"])


async def test_dossiers_need_a_fonds(ground: Ground) -> None:
    async with catalog_desk(ground) as desk:
        answer = await desk.archivist.post("/catalog/imports", content=workbook([RIGHT]))
        given = await desk.archivist.get("/catalog/templates/fonds")
    assert (answer.status_code, answer.json()["code"]) == (422, "catalog.fonds_untold")
    assert [cell.value for cell in load_workbook(BytesIO(given.content)).worksheets[0][2]] == list(
        FONDS_COLUMNS.readers
    )


async def test_a_new_fonds_has_a_code_that_names_folders_and_an_old_one_keeps_what_it_has(ground: Ground) -> None:
    odd = ("../thoat", "P/01", "..", "a\\b", "Ph\u00f4ng 1", "P.01")
    async with catalog_desk(ground) as desk:
        one_by_one = [
            (await desk.archivist.post("/catalog/fonds", json={**FONDS, "code": code})).json()["code"] for code in odd
        ]
        told = await send(desk, COLUMNS, *({**NEW, "fondsCode": code} for code in odd))
        plain = await send(desk, COLUMNS, {**NEW, "fondsCode": "P_2-b"})
        async with desk.database.writing() as uow:
            (await uow.session.get_one(Fonds, UUID(desk.fonds_id))).code = "P.01"
        old = await send(desk, COLUMNS, {**THERE, "fondsCode": "P.01", "fondsTitle": "T\u00ean kh\u00e1c"})
    assert one_by_one == ["catalog.fonds_code_wrong"] * len(odd)
    assert [each["code"] for each in told["errors"]] == ["code_not_plain"] * len(odd)
    assert (plain["created"], plain["errors"]) == (1, [])
    assert (old["updated"], old["errors"]) == (1, [])
