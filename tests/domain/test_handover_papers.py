"""What the papers of a delivery say, worked out without any service."""

from dataclasses import replace
from datetime import UTC, date, datetime
from io import BytesIO
from zipfile import ZipFile

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from services.handover.domain.minutes import minutes_of
from services.handover.domain.papers import (
    DeliveredDossier,
    DeliveredMasters,
    Handover,
    dossier_list,
    statistical_list,
    sum_of,
    totals_of,
)
from services.handover.papers.document import document_of
from shared.papers.fixed_dates import with_fixed_dates
from shared.papers.office import Office
from shared.papers.press import printable
from shared.papers.wording import BLANK, plain
from shared.papers.workbook import workbook_of

AT = datetime(2026, 11, 25, 3, 4, 5, tzinfo=UTC)
ONE = DeliveredDossier(
    number=1,
    part=1,
    objid="uuid-9C13E70E-0A0A-4B4B-8C8C-0123456789AB",
    file_code="H49.2001.001",
    title="Hồ sơ",
    document_count=4,
    page_count=1_005,
    a4_count=None,
    byte_count=1_015_004,
    sha256="ab" * 32,
    fonds_code="P02",
    fonds_title="Phông mẫu",
)
OTHER = replace(ONE, number=2, document_count=None, fonds_code="P01", fonds_title=None)
TOLD = Handover(5, "P02", "Cục", "01/TT", date(2026, 2, 3), "", AT, (ONE,))


def test_half_a_sum_is_never_told() -> None:
    assert sum_of([1, 2]) == 3
    assert sum_of([1, None]) is None
    both = totals_of([ONE, OTHER])
    assert (both.dossiers, both.documents, both.pages, both.a4, both.size) == (2, None, 2_010, None, 2_030_008)


def test_the_statistical_list_counts_by_fonds_and_leaves_empty_what_nobody_told() -> None:
    paper = statistical_list(replace(TOLD, dossiers=(ONE, OTHER)))
    assert paper.rows == (
        (1, "P01", None, 1, None, 1_005, None, 1_015_004),
        (2, "P02", "Phông mẫu", 1, 4, 1_005, None, 1_015_004),
    )
    assert paper.totals == (None, None, "Cộng", 2, None, 2_010, None, 2_030_008)
    assert paper.about == (
        "Đợt bàn giao số 05, phông P02",
        "Bên nhận: Cục",
        "Thỏa thuận bàn giao số 01/TT ngày 03/02/2026",
    )


WITH_MASTERS = replace(
    ONE, a4_count=1_009, masters=DeliveredMasters(2, "uuid-0A", byte_count=5_000_000, sha256="cd" * 32)
)


def test_a_package_of_masters_that_goes_along_stands_on_every_paper() -> None:
    told = replace(TOLD, dossiers=(WITH_MASTERS, replace(OTHER, number=3)))
    paper = statistical_list(told)
    assert paper.rows == (
        (1, "P01", None, 1, None, 1_005, None, 1_015_004),
        (2, "P02", "Phông mẫu", 1, 4, 1_005, 1_009, 1_015_004),
        (None, "P02", "Gói bản số gốc kèm theo: 1 gói", None, None, None, None, 5_000_000),
    )
    assert paper.totals[3:] == (2, None, 2_010, None, 7_030_008), "A4 of one dossier is unknown: so is the sum"
    listed = dossier_list(told)
    assert [row[0] for row in listed.rows] == [1, 2, 3]
    assert listed.rows[1][2:] == (
        "Gói bản số gốc kèm theo gói số 1", None, None, None, 5_000_000, "uuid-0A", "cd" * 32,
    )  # fmt: skip
    assert listed.totals[6] == 7_030_008
    minutes = minutes_of(told, Office())
    assert "mỗi hồ sơ một gói, kèm theo 01 gói bản số gốc, chia thành 01 phần;" in minutes.contents[1]
    assert minutes.figures[1] == ("2", "Gói bản số gốc kèm theo", "1", "Một gói")
    assert minutes.figures[5][2] == "7.030.008"


def test_a4_equivalents_are_told_in_figures_and_in_words_where_they_are_known() -> None:
    known = minutes_of(replace(TOLD, dossiers=(replace(ONE, a4_count=1_009),)), Office())
    assert known.figures[3] == ("4", "Trang quy đổi A4", "1.009", "Một nghìn không trăm linh chín trang A4")


def test_the_minutes_tell_totals_in_digits_and_in_words() -> None:
    minutes = minutes_of(TOLD, Office("Trung tâm Lưu trữ", "Sở Nội vụ", "Đồng Nai"))
    assert (minutes.superior, minutes.agency) == ("SỞ NỘI VỤ", "TRUNG TÂM LƯU TRỮ")
    assert minutes.parties == (("BÊN GIAO", "Trung tâm Lưu trữ"), ("BÊN NHẬN", "Cục"))
    assert minutes.dated.startswith("Đồng Nai, ngày ")
    assert "1. Khối tài liệu: Phông mẫu (mã phông P02), đợt bàn giao số 05." in minutes.contents
    assert minutes.figures == (
        ("1", "Hồ sơ (gói tin)", "1", "Một hồ sơ"),
        ("2", "Văn bản, tài liệu", "4", "Bốn văn bản"),
        ("3", "Trang tài liệu", "1.005", "Một nghìn không trăm linh năm trang"),
        ("4", "Trang quy đổi A4", "chưa có số liệu", ""),
        (
            "5",
            "Dung lượng (byte)",
            "1.015.004",
            "Một triệu không trăm mười lăm nghìn không trăm linh bốn byte",
        ),
    )
    assert "lập thành 02 bản" in minutes.closing[-1]
    assert "mỗi hồ sơ một gói, chia thành 01 phần;" in minutes.contents[1]


def test_what_the_settings_do_not_tell_is_left_to_be_written_in() -> None:
    minutes = minutes_of(replace(TOLD, dossiers=(OTHER,)), Office())
    assert minutes.parties[0] == ("BÊN GIAO", BLANK)
    assert minutes.superior == ""
    assert "1. Khối tài liệu: phông P02, đợt bàn giao số 05." in minutes.contents
    older = minutes_of(replace(TOLD, dossiers=(replace(ONE, part=None),)), Office())
    assert "mỗi hồ sơ một gói;" in older.contents[1], "its parts were never numbered"


@pytest.mark.parametrize(
    ("note", "line"),
    [("", "5. Ghi chú: không."), ("Kèm bản gốc.", "5. Ghi chú: Kèm bản gốc."), ("a...", "5. Ghi chú: a...")],
)
def test_the_note_of_an_agreement_ends_as_a_sentence(note: str, line: str) -> None:
    assert minutes_of(replace(TOLD, note=note), Office()).closing[1] == line


@settings(deadline=None, max_examples=30)
@example("a\x00\x1b\ufffe\uffff\ud800\u202e\nb")
@given(st.text())
def test_a_text_becomes_one_line_that_every_form_can_hold(text: str) -> None:
    line = plain(text)
    assert not set(line) & set("\n\r\t\x00\x1b\ufffe\uffff\ud800\u202e\u2066")
    assert plain(line) == line
    told = replace(TOLD, note=text, dossiers=(replace(ONE, title=text, fonds_title=text),))
    for office in (
        workbook_of(dossier_list(told), AT),
        workbook_of(statistical_list(told), AT),
        document_of(minutes_of(told, Office(text, text, text))),
    ):
        with ZipFile(BytesIO(office)) as parts:
            assert parts.testzip() is None


def test_codes_are_printed_in_lines_and_numbers_with_points() -> None:
    (row,) = printable(dossier_list(TOLD))["rows"]
    assert row == [
        "1",
        "H49.2001.001",
        "Hồ sơ",
        "4",
        "1.005",
        "",
        "1.015.004",
        "uuid-9C13E70E-0A0A-4B4B\n-8C8C-0123456789AB",
        f"{'ab' * 16}\n{'ab' * 16}",
    ]


def test_a_long_word_may_go_on_in_the_next_line_and_loses_nothing() -> None:
    code = f"000.00.15.H49.2001.01-QĐ/{'9' * 40}"
    printed = printable(dossier_list(replace(TOLD, dossiers=(replace(ONE, file_code=code),))))["rows"][0][1]
    assert printed.replace("\u200b", "") == code
    assert printed.startswith("000.00.15.H49.\u200b2001.01-QĐ/\u200b999"), "no more breaks than it takes"
    assert max(len(piece) for piece in printed.split("\u200b")) <= 16


def test_an_office_file_carries_the_moment_it_is_given_and_no_other() -> None:
    office = workbook_of(dossier_list(TOLD), AT)
    with ZipFile(BytesIO(office)) as parts:
        assert {part.date_time for part in parts.infolist()} == {(2026, 11, 25, 3, 4, 4)}
        properties = parts.read("docProps/core.xml")
    assert b"2026-11-25T03:04:05Z</dcterms:modified>" in properties
    assert b"2026-11-25T03:04:05Z</dcterms:created>" in properties
    assert with_fixed_dates(office, AT) == office
