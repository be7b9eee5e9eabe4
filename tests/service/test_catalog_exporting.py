"""A fonds is exported as the workbook that is imported, and importing it again changes nothing."""

from io import BytesIO

from openpyxl import load_workbook

from tests.grounds import Ground
from tests.service.catalog_desk import catalog_desk

FORMULA = "=1+1"


async def test_an_export_is_imported_and_changes_nothing(ground: Ground) -> None:
    async with catalog_desk(ground) as desk:
        await desk.archivist.post(f"/catalog/fonds/{desk.fonds_id}/series", json={"code": "II", "title": "Đê điều"})
        first = await desk.chosen(
            1, title=FORMULA, keywords="đê", starts_on="1954-03", languages=["01", "03"], note="một\nhai", reserve=False
        )
        await desk.dossier(2, series_code="II", ends_on="1956-12-31")
        marks = {"criteria": [{"criterion": "permanent", "evidence": "a"}, {"criterion": "at_risk", "evidence": "b"}]}
        await desk.put(f"/catalog/dossiers/{first}/criteria", marks)
        documents = [{"number": 1, "title": "@x", "first_page": 1, "last_page": 3, "issued_on": "1954-03-02"}]
        await desk.put(f"/catalog/dossiers/{first}/documents", {"documents": documents})
        seen = (await desk.auditor.get(f"/catalog/dossiers/{first}")).json()
        told = {}
        for level in ("dossiers", "documents"):
            export = await desk.archivist.get(f"/catalog/fonds/{desk.fonds_id}/export", params={"level": level})
            assert export.status_code == 200
            cells = [cell for row in load_workbook(BytesIO(export.content)).worksheets[0] for cell in row]
            assert "f" not in {cell.data_type for cell in cells}, "nothing is computed"
            told[level] = (await desk.send(export.content)).json()
        assert (await desk.auditor.get(f"/catalog/dossiers/{first}")).json() == seen
    counts = {level: (each["rows"], each["unchanged"], each["notices"]) for level, each in told.items()}
    assert counts == {"dossiers": (2, 2, []), "documents": (1, 1, [])}


async def test_what_one_fonds_exported_is_imported_into_another_twice(ground: Ground) -> None:
    async with catalog_desk(ground) as desk:
        dossier_id = await desk.chosen(1)
        url, there = f"/catalog/dossiers/{dossier_id}/documents", await desk.fonds(code="P04", title="Phông khác")
        documents = [{"number": number, "title": f"Tờ trình {number}"} for number in (1, 2)]
        for told in (documents[:1], documents):
            assert (await desk.put(url, {"documents": told})).status_code == 200
        came: dict[str, list[tuple[int, int, int]]] = {}
        files = {}
        for level in ("dossiers", "documents"):
            export = await desk.archivist.get(f"/catalog/fonds/{desk.fonds_id}/export", params={"level": level})
            files[level] = load_workbook(BytesIO(export.content))
            for dry_run in ("true", "false", "true", "false"):
                answer = (await desk.send(export.content, fonds_id=there, dry_run=dry_run)).json()
                assert answer["errors"] == []
                came.setdefault(level, []).append((answer["created"], answer["updated"], answer["unchanged"]))
        refused = []
        for book, column in ((files["dossiers"], "title"), (files["documents"], "subject")):
            sheet = book.worksheets[0]
            sheet.cell(3, [cell.value for cell in sheet[2]].index(column) + 1).value = "Khác"
            written = BytesIO()
            book.save(written)
            refused.append((await desk.send(written.getvalue(), fonds_id=there, valid_rows="true")).json()["errors"])
    assert came == {
        "dossiers": [(1, 0, 0), (1, 0, 0), (0, 0, 1), (0, 0, 1)],
        "documents": [(2, 0, 0), (2, 0, 0), (0, 0, 2), (0, 0, 2)],
    }
    assert [each[0]["code"] for each in refused] == ["version_beyond"] * 2


async def test_what_looks_like_an_error_or_an_old_encoding_comes_back_as_it_is(ground: Ground) -> None:
    titles = ["#N/A", "Hå s¬ ®Êt ®ai", "Hoà sô ñaát", "Hồ sơ vÒ ®Êt ®ai"]
    async with catalog_desk(ground) as desk:
        for number, title in enumerate(titles, start=1):
            await desk.dossier(number, title=title)
        export = await desk.archivist.get(f"/catalog/fonds/{desk.fonds_id}/export", params={"level": "dossiers"})
        finding_aid = await desk.archivist.get(f"/catalog/fonds/{desk.fonds_id}/export.ead3.xml")
        told = [(await desk.send(each.content)).json() for each in (export, finding_aid)]
        known = {each["title"] for each in (await desk.auditor.get("/catalog/dossiers")).json()["items"]}
    assert [(each["unchanged"], each["updated"], each["errors"]) for each in told] == [(4, 0, [])] * 2
    assert {each["code"] for each in told[0]["notices"]} == {"title_perhaps_legacy"}
    assert known == set(titles)


async def test_a_large_fonds_is_exported_whole(ground: Ground) -> None:
    rows: list[dict[str, object]] = [
        {"fileCode": f"H{number:04}", "title": "Hồ sơ", "numberOfPage": 3} for number in range(1234)
    ]
    async with catalog_desk(ground) as desk:
        await desk.import_rows(*rows)
        export = await desk.archivist.get(f"/catalog/fonds/{desk.fonds_id}/export")
        nowhere = await desk.archivist.get("/catalog/fonds/0195c2f0-0000-7000-8000-00000000000a/export")
    lines = list(load_workbook(BytesIO(export.content), read_only=True).worksheets[0].iter_rows(values_only=True))
    assert [line[0] for line in lines[2:]] == [row["fileCode"] for row in rows]
    assert nowhere.status_code == 404
