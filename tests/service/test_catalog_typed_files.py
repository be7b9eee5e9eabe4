"""A file is read as it was typed, what one cell says too little of by the others; or all is kept as it stands."""

import pytest

from tests.grounds import Ground
from tests.service.catalog_desk import Desk, catalog_desk, workbook

COLUMNS = ("fileCode", "title", "numberOfPage")


def titled(*titles: str) -> bytes:
    """Give an inventory of dossiers with these titles."""
    return workbook([dict(zip(COLUMNS, (f"V.{n}", title, 3), strict=True)) for n, title in enumerate(titles)], COLUMNS)


async def titles(desk: Desk) -> set[str]:
    """Give the titles that are known."""
    return {each["title"] for each in (await desk.auditor.get("/catalog/dossiers")).json()["items"]}


async def test_a_file_of_one_encoding_is_read_throughout(ground: Ground) -> None:
    async with catalog_desk(ground) as desk:
        told = (await desk.send(titled("Hå s¬ ®Êt ®ai", "Quèc héi – kho¸ I"))).json()  # noqa: RUF001 - the signs meant
        known = await titles(desk)
    assert (told["encoding"], known) == ("tcvn3", {"Hồ sơ đất đai", "Quốc hội – khoá I"})  # noqa: RUF001 - the signs meant


async def test_french_is_kept_and_what_may_be_old_is_told(ground: Ground) -> None:
    async with catalog_desk(ground) as desk:
        told = (await desk.send(titled("Route de Laï-Thiêu", "Quèc héi"))).json()
        known = await titles(desk)
    assert (told["encoding"], known) == ("recognise", {"Route de Laï-Thiêu", "Quèc héi"})
    assert [(each["row"], each["code"]) for each in told["notices"]] == [(4, "title_perhaps_legacy")]
    assert "giữ nguyên" in told["notices"][0]["message"]


async def test_what_is_half_old_is_wrong_and_may_be_kept_on_purpose(ground: Ground) -> None:
    mixed = titled("Hồ sơ vÒ ®Êt ®ai", "Hå s¬ ®Êt")
    async with catalog_desk(ground) as desk:
        told = (await desk.send(mixed)).json()
        kept = (await desk.send(mixed, encoding="keep")).json()
        known = await titles(desk)
    assert [each["code"] for each in told["errors"]] == ["title_mixed_encodings"]
    assert (kept["encoding"], kept["created"], kept["notices"]) == ("keep", 2, [])
    assert known == {"Hồ sơ vÒ ®Êt ®ai", "Hå s¬ ®Êt"}


async def test_a_table_of_text_with_dashes_is_read(ground: Ground) -> None:
    lines = ["fileCode;title;numberOfPage", "V.1;Hå s¬ ®Êt ®ai ngµy 5–6;3", "V.2;Hå s¬ “®Êt ®ai”;3"]  # noqa: RUF001 - the signs meant
    async with catalog_desk(ground) as desk:
        await desk.send("\r\n".join(lines).encode("cp1252"))
        assert await titles(desk) == {"Hồ sơ đất đai ngày 5–6", "Hồ sơ “đất đai”"}  # noqa: RUF001 - the signs meant


@pytest.mark.parametrize("choice", ["keep", "recognise"])
async def test_a_layout_says_it_for_its_files_and_an_import_otherwise(ground: Ground, choice: str) -> None:
    layout = {"name": "M", "columns": {"Mã": "fileCode", "Tên": "title", "Trang": "numberOfPage"}, "encoding": choice}
    content = "Mã;Tên;Trang\nV.1;Hå s¬ ®Êt;3\n".encode()
    other = {"keep": "recognise", "recognise": "keep"}[choice]
    async with catalog_desk(ground) as desk:
        assert (await desk.archivist.post("/catalog/layouts", json=layout)).json()["encoding"] == choice
        told = (await desk.send(content, dry_run="true")).json()
        against = (await desk.send(content, dry_run="true", encoding=other)).json()
    assert [each["encoding"] == "keep" for each in (told, against)] == [choice == "keep", other == "keep"]


async def test_an_unknown_choice_is_refused(ground: Ground) -> None:
    async with catalog_desk(ground) as desk:
        assert (await desk.send(titled("A"), encoding="guess")).status_code == 422
