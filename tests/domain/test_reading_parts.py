"""The parts of a reading form: what a JPEG's markers say, what a reader told, and what a PDF says of itself."""

import re
import struct
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from PIL import Image

from services.ingest.domain.reading_language import reading_languages
from services.ingest.reading.book import Bits, Book, Picture
from services.ingest.reading.jpeg import Jpeg, OddJpeg
from services.ingest.reading.page_text import Line, NotHocr, PageText, Word
from services.ingest.reading.proving import prove
from services.ingest.reading.xmp import About
from tests.service.reading_room import drawn, encoded, said, words_in

AT = datetime(2026, 7, 1, 2, 3, 4, 567890, tzinfo=UTC)
TEXT = PageText(
    600, 800, (Line(60, 100, 0.0, 30, (Word("Nghị", 60, 120), Word("quyết", 130, 210), Word("số", 220, 250))),)
)


def about(title: str = "Tờ trình") -> About:
    return About(title, "Ủy ban hành chính", "H49.1945.01.1", "urn:P01:uuid:X, 1-4", AT, "Saoluu 0.1")


def photo(**how: object) -> Jpeg:
    return Jpeg.of(encoded(Image.new("RGB", (60, 80), "white"), **how))  # type: ignore[arg-type]


def jpeg_picture() -> Picture:
    body = encoded(Image.new("RGB", (600, 800), "ivory"))
    return Picture(Jpeg.of(body), body, (100.0, 100.0))


class TestJpeg:
    """Which JPEG data a PDF can show as they are."""

    def test_baseline_and_progressive_in_colour_and_grey_go_in(self) -> None:
        assert photo().components == 3
        assert photo(progressive=True).components == 3
        assert Jpeg.of(encoded(Image.new("L", (60, 80)))).components == 1

    def test_its_resolution_is_told_by_jfif_or_exif(self) -> None:
        assert photo().dpi == (200.0, 200.0)
        exif = Image.Exif()
        exif[282], exif[283], exif[296] = 150.0, 150.0, 2
        assert photo(dpi=None, exif=exif.tobytes()).dpi == (150.0, 150.0)
        assert photo(dpi=None).dpi is None

    def test_what_viewers_would_show_differently_is_odd(self) -> None:
        turned = Image.Exif()
        turned[274] = 6
        with pytest.raises(OddJpeg, match="turned"):
            photo(exif=turned.tobytes())
        with pytest.raises(OddJpeg, match="components"):
            Jpeg.of(encoded(Image.new("CMYK", (60, 80))))
        with pytest.raises(OddJpeg, match=r"R, G, B|YCbCr"):
            photo(keep_rgb=True)

    def test_a_profile_of_other_data_is_odd(self) -> None:
        with pytest.raises(OddJpeg, match="profile"):
            photo(icc_profile=b"no profile at all")

    @given(st.binary(max_size=400))
    def test_any_bytes_are_a_jpeg_or_odd(self, noise: bytes) -> None:
        whole = encoded(Image.new("RGB", (16, 16)))
        for body in (noise, whole[:2] + noise + whole[2:], whole[: len(whole) // 2] + noise):
            try:
                Jpeg.of(body)
            except OddJpeg:
                continue

    def test_a_broken_exif_is_odd(self) -> None:
        exif = b"Exif\0\0II*\0" + struct.pack("<IH", 8, 60_000)
        with pytest.raises(OddJpeg, match="EXIF"):
            photo(exif=exif)


class TestPageText:
    """What a reader told."""

    def test_it_is_kept_whole(self) -> None:
        assert PageText.of_bytes(TEXT.to_bytes()) == TEXT

    def test_letters_and_marks_become_one_character_each(self) -> None:
        hocr = """<html xmlns="http://www.w3.org/1999/xhtml"><body><div class="ocr_page" title="bbox 0 0 10 10">
        <span class="ocr_line" title="bbox 1 1 9 9; baseline 0.01 -2; x_size 8"><span class="ocrx_word"
        title="bbox 1 1 9 9">\u0075\u031b\u0300</span></span></div></body></html>"""
        assert PageText.of_hocr(hocr.encode()).words == ["ừ"]

    @pytest.mark.parametrize("told", [b"", b"<html", b"<html xmlns='http://www.w3.org/1999/xhtml'/>", b"\0" * 9])
    def test_anything_else_is_no_page(self, told: bytes) -> None:
        with pytest.raises(NotHocr):
            PageText.of_hocr(told)


class TestBook:
    """A document as PDF."""

    def test_it_is_pdf_a_and_its_words_are_found_where_they_stand(self, tmp_path: Path) -> None:
        path = bound(tmp_path, [(jpeg_picture(), TEXT)])
        assert words_in(path).split() == ["Nghị", "quyết", "số"]
        boxes = re.findall(r'<word xMin="([0-9.]+)"', said("pdftotext", "-bbox", path, "-"))
        lefts = [float(left) / 72 * 100 for left in boxes]
        assert lefts == pytest.approx([60, 130, 220], abs=3)

    def test_more_pages_than_a_portion_keep_their_order(self, tmp_path: Path) -> None:
        lines = [PageText(600, 800, (Line(9, 90, 0, 30, (Word(f"trang-{n}", 9, 90),)),)) for n in range(70)]
        path = bound(tmp_path, [(jpeg_picture(), each) for each in lines])
        assert said("pdftotext", path, "-").split() == [f"trang-{number}" for number in range(70)]
        assert sorted(each.name for each in tmp_path.iterdir()) == ["book.pdf"]

    def test_what_did_not_fit_on_the_medium_is_no_book(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        class CutOff(pikepdf.Job):
            def run(self) -> None:
                super().run()
                with (tmp_path / "joined.pdf").open("r+b") as file:
                    file.truncate(2000)

        monkeypatch.setattr(pikepdf, "Job", CutOff)
        with pytest.raises(OSError, match="not whole"):
            bound(tmp_path, [(jpeg_picture(), TEXT)] * 3)

    def test_the_same_pages_give_the_same_bytes(self, tmp_path: Path) -> None:
        first = bound(tmp_path, [(jpeg_picture(), TEXT), (None, None)]).read_bytes()
        (other := tmp_path / "elsewhere").mkdir()
        assert bound(other, [(jpeg_picture(), TEXT), (None, None)]).read_bytes() == first

    def test_black_is_black_in_a_page_of_bits(self, tmp_path: Path) -> None:
        image = Image.new("1", (83, 100), 1)
        image.paste(0, (0, 0, 40, 100))
        picture = Picture(Bits(83, 100), image.tobytes("raw", "1;I"), (50.0, 50.0))
        seen = drawn(bound(tmp_path, [(picture, None)]))
        assert seen.getpixel((10, 50)) == (0, 0, 0)
        assert seen.getpixel((70, 50)) == (255, 255, 255)

    def test_a_page_that_cannot_be_shown_keeps_its_place(self, tmp_path: Path) -> None:
        path = bound(tmp_path, [(None, None), (jpeg_picture(), TEXT)])
        assert "Pages:           2" in said("pdfinfo", path)

    def test_an_enormous_sheet_is_as_large_as_a_page_can_be(self, tmp_path: Path) -> None:
        body = jpeg_picture().body
        path = bound(tmp_path, [(Picture(Jpeg.of(body), body, (1.0, 1.0)), TEXT)])
        with pikepdf.open(path) as pdf:
            assert max(float(side) for side in pdf.pages[0].mediabox) <= 14400

    @pytest.mark.parametrize(
        "title",
        ['<&"> ]]>', "\u202eabc\u202c đảo", "𠀀𡨸喃 chữ Nôm", "x" * 1000, "hai\ndòng", "\0\x07\ud800 lạ", ""],
    )
    def test_any_title_is_told_as_it_is(self, tmp_path: Path, title: str) -> None:
        path = bound(tmp_path, [(None, None)], about(title))
        kept = "".join(each for each in title if each.isprintable() or each in "\u202e\u202c")
        with pikepdf.open(path) as pdf:
            xmp = etree.fromstring(pdf.Root.Metadata.read_bytes())
        (found,) = xmp.iterfind(".//{http://purl.org/dc/elements/1.1/}title//{*}li")
        assert (found.text or "") == kept

    def test_characters_beyond_the_bmp_are_copied_whole(self, tmp_path: Path) -> None:
        text = PageText(600, 800, (Line(60, 100, 0.0, 30, (Word("𡨸喃", 60, 120),)),))
        assert words_in(bound(tmp_path, [(jpeg_picture(), text)])).strip() == "𡨸喃"

    def test_a_line_that_leans_is_read_as_one_line(self, tmp_path: Path) -> None:
        words = tuple(Word(f"chữ{number}", 40 + 90 * number, 110 + 90 * number) for number in range(6))
        text = PageText(600, 800, (Line(40, 200, 0.03, 24, words), Line(40, 240, 0.03, 24, words)))
        assert len(words_in(bound(tmp_path, [(jpeg_picture(), text)])).strip().splitlines()) == 2

    def test_a_profile_of_the_scanner_stays_with_its_picture(self, tmp_path: Path) -> None:
        from PIL import ImageCms  # only here: it is slow to load

        profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
        body = encoded(Image.new("RGB", (60, 80), "navy"), icc_profile=profile)
        path = bound(tmp_path, [(Picture(Jpeg.of(body), body, (100.0, 100.0)), None)])
        with pikepdf.open(path) as pdf:
            assert pdf.pages[0].Resources.XObject.Im0.ColorSpace[1].read_bytes() == profile


def bound(folder: Path, pages: list[tuple[Picture | None, PageText | None]], told: About | None = None) -> Path:
    book, path = Book(folder), folder / "book.pdf"
    for picture, text in pages:
        book.add(picture, text)
    book.bind(told or about(), path)
    prove(path)
    said("qpdf", "--check", path)
    return path


def test_vietnamese_is_read_first_and_each_language_once() -> None:
    assert reading_languages([]) == ("vie",)
    assert reading_languages(["03", "08", "05"]) == ("vie", "fra")
    assert reading_languages(["02", "03", "06"]) == ("vie", "eng", "fra")


def test_bytes_of_a_picture_are_the_same_object_in_the_file(tmp_path: Path) -> None:
    picture = jpeg_picture()
    with pikepdf.open(bound(tmp_path, [(picture, TEXT)])) as pdf:
        assert pdf.pages[0].Resources.XObject.Im0.read_raw_bytes() == picture.body
        assert Image.open(BytesIO(picture.body)).size == (600, 800)
