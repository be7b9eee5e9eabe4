"""The demo's inventory workbook, as the catalog reads it, and folders of real images sorted into dossiers."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from cli.demo.dossiers import invent_dossiers
from cli.demo.found import describe
from cli.demo.material import DossierFolder, NoSuchFolder, divided, find_material
from cli.demo.workbook import HEADINGS, write_workbook
from services.catalog.domain.columns import DOSSIERS
from services.catalog.domain.description import Description, wrongs_of

CRITERIA = frozenset({"permanent", "before_1975", "notable_people", "unusual_carrier", "at_risk"})
TODAY = date(2026, 1, 1)
SAMPLES = Path(__file__).parents[2] / ".." / "shared" / "samples" / "pages"  # real scans; made ones where they are not
JPEG, PNG = b"\xff\xd8\xff\xe0" + b"\0" * 20, b"\x89PNG\r\n\x1a\n" + b"\0" * 20


def read_back(path: Path) -> Iterator[dict[str, Any]]:
    """Read a workbook with the catalog's own readers, row by row, and hold each row against the catalog's rules."""
    rows = list(load_workbook(path).worksheets[0].iter_rows(values_only=True))
    for cells in rows[2:]:
        named = dict(zip(map(str, rows[1]), cells, strict=True))
        told: dict[str, Any] = {
            field: read(named[column]) for column, (field, read) in DOSSIERS.readers.items() if column in named
        }
        described = {field: value for field, value in told.items() if field not in {"criteria", "evidence"}}
        assert list(wrongs_of(Description(**described), TODAY)) == []
        assert set(told["criteria"]) <= CRITERIA
        assert told["evidence"]
        yield told


class TestWorkbook:
    def test_headings_stand_above_field_names_and_data_begins_in_row_three(self, tmp_path: Path) -> None:
        dossiers = invent_dossiers(12)
        write_workbook(tmp_path / "inventory.xlsx", dossiers)
        sheet = load_workbook(tmp_path / "inventory.xlsx").worksheets[0]
        rows = list(sheet.iter_rows(values_only=True))
        assert sheet.title == "Hồ sơ"
        assert rows[0] == tuple(HEADINGS.values())
        assert ",".join(map(str, rows[1])) == (
            "fileCode,title,maintenance,mode,language,startDate,endDate,keyword,totalDoc,numberOfPaper,numberOfPage,"
            "format,inforSign,confidenceLevel,paperFileCode,riskRecovery,description,series,criteria,evidence,arranged,"
            "secrecy,arrangementNumber,arrangementDate,removedSheets,secrecyCheckedBy,secrecyDecision"
        )
        assert [row[0] for row in rows[2:]] == [dossier.file_code for dossier in dossiers]

    def test_the_catalog_reads_back_exactly_what_was_meant(self, tmp_path: Path) -> None:
        dossiers = invent_dossiers(60)
        write_workbook(tmp_path / "inventory.xlsx", dossiers)
        for dossier, told in zip(dossiers, read_back(tmp_path / "inventory.xlsx"), strict=True):
            same = ("file_code", "title", "languages", "starts_on", "ends_on", "keywords", "criteria", "evidence")
            for field in (*same, "access_level", "page_count", "sheet_count", "paper_file_code", "secrecy", "note"):
                assert told[field] == getattr(dossier, field)
            assert (told["series_code"], told["physical_condition"]) == (dossier.series, dossier.condition)
            assert told["is_arranged"]
            assert told["reserve"]

    def test_the_catalog_takes_folders_of_which_nothing_is_known_but_their_pages(self, tmp_path: Path) -> None:
        folders = [DossierFolder("Quyển 1", (Path("a.jpg"), Path("b.jpg"))), DossierFolder("x", (Path("c.tif"),))]
        write_workbook(tmp_path / "inventory.xlsx", describe(folders))
        read = list(read_back(tmp_path / "inventory.xlsx"))
        assert [(told["page_count"], told["document_count"], told["starts_on"]) for told in read] == [
            (2, 1, None),
            (1, 1, None),
        ]


class TestMaterial:
    def test_sub_folders_become_dossiers_in_natural_order_whatever_files_are_called(self, tmp_path: Path) -> None:
        for name in ("hồ sơ 10/1.jpg", "hồ sơ 2/p10.png", "hồ sơ 2/p9.txt", "hồ sơ 2/p1/b.jpg", "hồ sơ 2/p1/a.jpg"):
            put(tmp_path / name, JPEG if name.endswith("jpg") else PNG)
        found = find_material(tmp_path)
        assert [(each.name, [file.name for file in each.files]) for each in found.dossiers] == [
            ("hồ sơ 2", ["p9.txt", "p10.png", "a.jpg", "b.jpg"]),
            ("hồ sơ 10", ["1.jpg"]),
        ]
        assert found.left_out == ()

    def test_what_is_no_page_is_left_out_with_its_reason_and_a_link_to_a_file_is_that_file(
        self, tmp_path: Path
    ) -> None:
        folder, elsewhere = tmp_path / "pages", put(tmp_path / "elsewhere" / "1.jpg", JPEG)
        put(folder / "a" / "1.jpg", JPEG)
        put(folder / "a" / "2.jpg", b"no image at all")
        put(folder / "a" / "3.jpg", b"")
        put(folder / "a" / ".4.jpg.part", JPEG)
        put(folder / ".trash" / "5.jpg", JPEG)
        (folder / "a" / "6.jpg").symlink_to(elsewhere)
        (folder / "b").symlink_to(elsewhere.parent)
        (folder / "c" / "deep").mkdir(parents=True)
        found = find_material(folder)
        assert [each.files for each in found.dossiers] == [(folder / "a" / "1.jpg", folder / "a" / "6.jpg")]
        assert {(str(left.path.relative_to(folder)), left.reason) for left in found.left_out} == {
            ("a/2.jpg", "not_an_image"),
            ("a/3.jpg", "empty"),
            ("a/.4.jpg.part", "hidden"),
            (".trash", "hidden"),
            ("b", "symbolic_link"),
            ("c/deep", "no_images_inside"),
        }

    def test_images_beside_dossier_folders_are_a_dossier_too(self, tmp_path: Path) -> None:
        put(tmp_path / "a" / "1.jpg", JPEG)
        put(tmp_path / "loose.jpg", JPEG)
        assert [each.name for each in find_material(tmp_path).dossiers] == ["a", tmp_path.name]

    def test_without_sub_folders_images_are_divided_evenly_and_in_order(self, tmp_path: Path) -> None:
        for number in range(1, 24):
            put(tmp_path / f"{number}.jpg", JPEG)
        found = find_material(tmp_path, dossiers=5)
        assert sorted(len(each.files) for each in found.dossiers) == [4, 4, 5, 5, 5]
        assert [int(file.stem) for each in found.dossiers for file in each.files] == list(range(1, 24))
        assert len(find_material(tmp_path).dossiers) == 2

    def test_there_are_never_more_dossiers_than_images(self) -> None:
        assert [each.files for each in divided([Path("1"), Path("2")], 9)] == [(Path("1"),), (Path("2"),)]

    def test_an_empty_folder_holds_nothing_and_a_missing_one_is_an_error(self, tmp_path: Path) -> None:
        assert find_material(tmp_path).dossiers == ()
        with pytest.raises(NoSuchFolder):
            find_material(tmp_path / "nowhere")

    def test_every_file_of_a_real_folder_is_either_a_page_or_left_out_and_none_is_touched(self, tmp_path: Path) -> None:
        folder = SAMPLES if SAMPLES.is_dir() else tmp_path
        if folder == tmp_path:
            for number in range(30):
                put(tmp_path / f"p{number}.jpg", JPEG if number % 7 else b"text")
        before = {path: path.stat().st_mtime_ns for path in folder.rglob("*")}
        found = find_material(folder, dossiers=4)
        told = [file for each in found.dossiers for file in each.files] + [left.path for left in found.left_out]
        assert len(found.dossiers) == 4
        assert sorted(told) == sorted(path for path in before if path.is_file())
        assert {path: path.stat().st_mtime_ns for path in folder.rglob("*")} == before


def put(path: Path, content: bytes) -> Path:
    """Write a file and the folders above it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path
