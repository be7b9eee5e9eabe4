"""The demo's invented dossiers and their aged pages."""

from datetime import date
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from cli.demo.ageing import age
from cli.demo.chance import chance
from cli.demo.dossiers import Dossier, invent_dossiers
from cli.demo.pages import make_page, write_dossiers
from cli.demo.sheets import folio_of, sheet_of, verso_of
from cli.demo.themes import themes
from cli.demo.typesetting import TEMPLATE, PageNotSet, fonts, set_sheet
from cli.demo.wear import Wear

CRITERIA = frozenset({"permanent", "before_1975", "notable_people", "unusual_carrier", "at_risk"})
LIKE_NEW = Wear((255, 255, 255), uneven=0, edges=0, foxing=0, stains=0, folds=0, show_through=0, fading=0)


def bare_sheet(*texts: str, hand: str = "print") -> dict[str, Any]:
    """A sheet that lies straight and says nothing but some paragraphs."""
    sheet = sheet_of(invent_dossiers(1)[0], 1)
    bare = {"skew": 0, "tilt": 0, "lid": [], "holes": [], "stamp": None, "folio": None, "disclaimer": "", "number": 1}
    return {**sheet, **bare, "hand": hand, "blocks": [{"kind": "para", "text": text} for text in texts]}


def ink_box(sheet: dict[str, Any]) -> tuple[int, int, int, int]:
    """Where ink is on a sheet: left, top, right, bottom."""
    dark = set_sheet(sheet, dpi=300).convert("L").point(lambda tone: 255 if tone < 128 else 0)
    box = dark.getbbox()
    assert box
    return box


def pages_in(dossier: Dossier) -> range:
    return range(1, dossier.page_count + 1)


class TestDossiers:
    def test_the_same_seed_invents_the_same_dossiers_and_fewer_are_the_first_of_more(self) -> None:
        assert invent_dossiers(20, seed=7)[:3] == invent_dossiers(3, seed=7)
        assert invent_dossiers(3, seed=7) != invent_dossiers(3, seed=8)

    def test_every_theme_appears_before_one_is_repeated_and_all_five_criteria_are_met(self) -> None:
        made = invent_dossiers(len(themes().theme))
        assert len({dossier.theme for dossier in made}) == len(made) >= 12
        assert {criterion for dossier in made for criterion in dossier.criteria} == CRITERIA

    def test_documents_fill_the_pages_without_gap_in_the_order_of_their_dates(self) -> None:
        for dossier in invent_dossiers(100):
            assert 2 <= len(dossier.documents) <= 5
            for earlier, later in pairwise(dossier.documents):
                assert later.first_page == earlier.last_page + 1
                assert later.issued_on > earlier.issued_on
            assert [dossier.document_at(page).first_page <= page for page in pages_in(dossier)]
            assert len(dossier.documents) <= dossier.sheet_count <= dossier.page_count

    def test_nothing_is_dated_outside_the_years_of_the_fonds(self) -> None:
        dates = [document.issued_on for dossier in invent_dossiers(300) for document in dossier.documents]
        assert date(1954, 1, 1) <= min(dates)
        assert max(dates) <= date(1976, 6, 30)

    def test_no_two_dossiers_share_a_code_or_a_folder(self) -> None:
        made = invent_dossiers(300)
        assert len({dossier.file_code for dossier in made}) == len({dossier.folder for dossier in made}) == 300

    def test_the_wanted_number_of_pages_is_kept(self) -> None:
        assert {dossier.page_count for dossier in invent_dossiers(20, pages=1)} == {1}
        assert {dossier.page_count for dossier in invent_dossiers(20, pages=7)} == {7}

    def test_a_dossier_has_no_page_after_its_last(self) -> None:
        (dossier,) = invent_dossiers(1)
        with pytest.raises(IndexError):
            dossier.document_at(dossier.page_count + 1)


class TestSheets:
    def test_every_page_fits_on_its_sheet(self) -> None:
        for dossier in [*invent_dossiers(16), *invent_dossiers(1, pages=30)]:
            for page in pages_in(dossier):
                set_sheet(sheet_of(dossier, page), dpi=10)

    def test_an_overfull_page_is_refused_not_cut_off(self) -> None:
        with pytest.raises(PageNotSet, match="overfull"):
            set_sheet(bare_sheet(*["Một đoạn văn dài. " * 12] * 40), dpi=10)

    def test_only_embedded_fonts_are_used_and_an_unknown_one_is_refused(self, tmp_path: Path) -> None:
        assert set(fonts().families()) >= {"Libertinus Serif", "DejaVu Sans Mono"}
        assert all(font.path is None for font in fonts().fonts())
        other = tmp_path / "page.typ"
        other.write_text(TEMPLATE.read_text("utf-8").replace("Libertinus Serif", "Times New Roman"), "utf-8")
        with pytest.raises(PageNotSet, match="unknown font family"):
            set_sheet(bare_sheet("Độc lập"), dpi=10, template=other)

    @pytest.mark.parametrize(("letter", "plain"), [*zip("ắầểỗửỐẾ", "ăâêôưÔÊ", strict=True)])
    def test_the_typewriter_strikes_the_tone_over_its_letter_not_beside_it(self, letter: str, plain: str) -> None:
        left, top, right, _ = ink_box(bare_sheet(f"{letter}", hand="typewriter"))
        plain_left, plain_top, plain_right, _ = ink_box(bare_sheet(plain, hand="typewriter"))
        assert right - left <= (plain_right - plain_left) * 1.3
        assert (left, top, right) != (plain_left, plain_top, plain_right)

    def test_front_and_back_of_a_sheet_are_each_others_other_side_and_share_a_folio(self) -> None:
        for dossier in invent_dossiers(40):
            for page in pages_in(dossier):
                document = dossier.document_at(page)
                other = verso_of(dossier, page)
                assert other is None or (document.is_two_sided and verso_of(dossier, other) == page)
            folios = [folio_of(dossier, each, n + 1) for each in dossier.documents for n in range(each.page_count)]
            assert [folio for folio in folios if folio] == list(range(1, dossier.sheet_count + 1))

    def test_a_punched_hole_is_at_the_same_place_of_the_sheet_on_both_sides(self) -> None:
        margin, hole, width = 30, 5.8, 210
        punched = 0
        for dossier in invent_dossiers(40):
            for page in pages_in(dossier):
                other = verso_of(dossier, page)
                for (x, _), (behind, _) in zip(
                    sheet_of(dossier, page)["holes"], sheet_of(dossier, other)["holes"] if other else [], strict=False
                ):
                    assert margin + x == pytest.approx(width - (margin + behind + hole), abs=0.5)
                    punched += 1
        assert punched


class TestAgeing:
    def test_what_is_on_the_back_shows_through_mirrored(self) -> None:
        front, back = Image.new("RGB", (210, 297), "white"), Image.new("RGB", (210, 297), "white")
        back.paste("black", (0, 0, 60, 297))
        wear = Wear((255, 255, 255), uneven=0, edges=0, foxing=0, stains=0, folds=0, show_through=0.2, fading=0)
        with_back = np.asarray(age(front, back, wear, chance(1)).convert("L"), float)
        without = np.asarray(age(front, None, wear, chance(1)).convert("L"), float)
        assert with_back[:, 170:200].mean() < without[:, 170:200].mean() - 20
        assert with_back[:, 10:40].mean() == pytest.approx(without[:, 10:40].mean(), abs=2)

    @pytest.mark.parametrize(
        ("name", "value"), [("edges", 0.4), ("foxing", 60), ("stains", 2), ("folds", 2), ("tint", (225, 207, 168))]
    )
    def test_every_kind_of_wear_darkens_the_sheet(self, name: str, value: object) -> None:
        blank = Image.new("RGB", (420, 594), "white")
        fields = {field: getattr(LIKE_NEW, field) for field in Wear.__slots__}
        worn = Wear(**{**fields, name: value})
        new, old = (np.asarray(age(blank, None, wear, chance(3)), float) for wear in (LIKE_NEW, worn))
        assert np.percentile(new.mean(axis=2) - old.mean(axis=2), 99.5) > 3

    def test_faded_ink_is_lighter_and_paper_stays_as_it_is(self) -> None:
        page = Image.new("RGB", (210, 297), "white")
        page.paste("black", (50, 50, 150, 150))
        faded = Wear((255, 255, 255), uneven=0, edges=0, foxing=0, stains=0, folds=0, show_through=0, fading=0.4)
        new, old = (np.asarray(age(page, None, wear, chance(2)), int) for wear in (LIKE_NEW, faded))
        assert old[100, 100].mean() > new[100, 100].mean() + 60
        assert np.array_equal(old[200:], new[200:])


class TestPages:
    def test_a_page_is_a4_in_colour_at_300_dpi_and_the_same_every_time(self) -> None:
        (dossier,) = invent_dossiers(1)
        made = make_page(dossier, 1)
        with Image.open(BytesIO(made)) as image:
            assert (image.format, image.mode, image.size) == ("JPEG", "RGB", (2480, 3508))
            assert image.info["dpi"] == (300, 300)
        assert 800_000 < len(made) < 2_500_000
        assert make_page(dossier, 1) == made

    def test_a_tiff_holds_the_same_page_without_loss_of_its_own(self) -> None:
        (dossier,) = invent_dossiers(1)
        with Image.open(BytesIO(make_page(dossier, 2, format="tiff", dpi=60))) as image:
            assert (image.format, image.mode, image.size) == ("TIFF", "RGB", (496, 702))
            assert tuple(map(float, image.info["dpi"])) == (60, 60)

    def test_several_processes_write_what_one_would_a_folder_a_dossier(self, tmp_path: Path) -> None:
        dossiers = invent_dossiers(2, pages=3)
        half_written = tmp_path / dossiers[0].folder / "0001.jpg"
        half_written.parent.mkdir()
        half_written.write_bytes(b"\xff\xd8\xff")
        heard: list[tuple[int, int]] = []
        assert write_dossiers(tmp_path, dossiers, told=lambda done, of: heard.append((done, of))) == 6
        assert heard == [(done, 6) for done in range(1, 7)]
        files = sorted(str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*") if path.is_file())
        assert files == sorted(f"{each.folder}/{page:04d}.jpg" for each in dossiers for page in (1, 2, 3))
        assert half_written.read_bytes() == make_page(dossiers[0], 1)
