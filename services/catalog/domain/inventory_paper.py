"""What the inventory of a selection list says (mục lục hồ sơ): seven columns and a closing sentence.

The columns and the closing sentence are those of Decree 30/2020/NĐ-CP, annex V; it is made out in two copies.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from services.catalog.domain.codes import RETENTION
from services.catalog.domain.dossier_paper import DossierPaper, Group
from services.catalog.domain.state import ListState
from shared.number_words import grouped
from shared.papers.lists import Column, ListPaper
from shared.papers.office import Office
from shared.papers.wording import SHORT_BLANK, day, plain, said, two_digits

COLUMNS = (
    Column("Số TT", 11, is_centred=True),
    Column("Số, ký hiệu hồ sơ", 29),
    Column("Tiêu đề hồ sơ", 0),
    Column("Thời gian tài liệu", 24, is_centred=True),
    Column("Thời hạn bảo quản", 18, is_centred=True),
    Column("Số tờ/Số trang", 21, is_centred=True),
    Column("Ghi chú", 17),
)
STANDING = {
    ListState.DRAFT: "Dự thảo",
    ListState.SUBMITTED: "Đã trình, chưa phê duyệt",
    ListState.APPRAISED: "Đã thẩm định, chưa phê duyệt",
    ListState.RETURNED: "Bị trả lại, chưa phê duyệt",
    ListState.ABANDONED: "Đã hủy",
}
NO_SERIES = "Hồ sơ chưa xếp nhóm"


@dataclass(frozen=True, slots=True)
class Line:
    """A dossier on a list, in the order of its number; `series` names its group, empty where it has none."""

    number: int
    series: str
    file_code: str
    title: str
    starts_on: str | None
    ends_on: str | None
    retention: str
    sheet_count: int | None
    page_count: int
    note: str


@dataclass(frozen=True, slots=True)
class Decision:
    """Who approved a list and on which day, and the paper that says so: its number, day and signer, where told."""

    by: str
    on: date
    number: str = ""
    signed_on: date | None = None
    signer: str = ""


@dataclass(frozen=True, slots=True)
class Chosen:
    """A selection list and what is on it; `at` is the fixed moment that its papers carry inside."""

    name: str
    year: int
    fonds_code: str
    fonds_title: str
    state: ListState
    at: datetime
    lines: tuple[Line, ...]
    number: int | None = None
    edition: int = 1
    decision: Decision | None = None


def inventory_of(chosen: Chosen, office: Office) -> DossierPaper:
    """Write the inventory of a list for printing."""
    return DossierPaper(
        superior=plain(office.superior).upper(),
        agency=plain(office.agency).upper() or SHORT_BLANK,
        title="MỤC LỤC HỒ SƠ",
        subject=f"Tài liệu lưu trữ lựa chọn lập bản sao bảo hiểm, năm {chosen.year}",
        about=about(chosen),
        columns=COLUMNS,
        groups=(*groups(chosen.lines), total(chosen.lines)),
        closing=closing(chosen.lines),
        dated=f"{plain(office.place) or SHORT_BLANK}, ngày …… tháng …… năm ………",
        signatures=(("", ""), ("NGƯỜI LẬP", "(Ký, ghi rõ họ và tên, chức vụ)")),
    )


def inventory_list(chosen: Chosen) -> ListPaper:
    """Give the inventory of a list as a table, the series in a column of its own."""
    return ListPaper(
        sheet="Mục lục hồ sơ",
        title=f"MỤC LỤC HỒ SƠ LỰA CHỌN LẬP BẢN SAO BẢO HIỂM NĂM {chosen.year}",
        about=about(chosen),
        columns=(*COLUMNS, Column("Nhóm tài liệu", 40)),
        rows=tuple((line.number, *cells(line)[1:], plain(line.series)) for line in chosen.lines),
        totals=(None, None, "Cộng", None, None, both(*sums(chosen.lines)), None, None),
        note=" ".join(closing(chosen.lines)),
    )


def about(chosen: Chosen) -> tuple[str, ...]:
    """Say below the title which list it is, and where it stands."""
    numbered = f" số {two_digits(chosen.number)}/{chosen.year}" if chosen.number else ""
    edition = f", bản điều chỉnh lần {two_digits(chosen.edition - 1)}" if chosen.edition > 1 else ""
    return (
        f"{plain(chosen.fonds_title)} (mã phông {plain(chosen.fonds_code)})",
        f"Danh mục{numbered}: {plain(chosen.name)}{edition}",
        standing(chosen),
    )


def standing(chosen: Chosen) -> str:
    """Say where a list stands: by which decision it was approved, or that it was not."""
    decision = chosen.decision
    if decision is None:
        return STANDING.get(chosen.state, "Đã phê duyệt")
    replaced = "; đã có bản thay thế" if chosen.state == ListState.SUPERSEDED else ""
    if not decision.number:
        return f"Phê duyệt ngày {day(decision.on)}, người duyệt: {plain(decision.by)}{replaced}"
    of_day = f" ngày {day(decision.signed_on)}" if decision.signed_on else ""
    signer = f", người ký: {plain(decision.signer)}" if decision.signer else ""
    return f"Kèm theo Quyết định số {plain(decision.number)}{of_day}{signer}{replaced}"


def groups(lines: Sequence[Line]) -> Iterable[Group]:
    """Give the lines by series; a list without any series has one group without a name."""
    named = any(line.series for line in lines)
    for series, of_series in groupby(lines, key=lambda line: line.series):
        yield Group(plain(series) or (NO_SERIES if named else ""), tuple(cells(line) for line in of_series))


def total(lines: Sequence[Line]) -> Group:
    """Give the last row, which adds up sheets and pages."""
    return Group("", (("", "", "Cộng", "", "", both(*sums(lines)), ""),))


def cells(line: Line) -> tuple[str, ...]:
    """Write a dossier as the seven columns."""
    return (
        str(line.number),
        plain(line.file_code),
        plain(line.title),
        period(line.starts_on, line.ends_on),
        RETENTION.get(line.retention, line.retention),
        both(line.sheet_count, line.page_count),
        plain(line.note),
    )


def period(starts_on: str | None, ends_on: str | None) -> str:
    """Write the time of a dossier's documents; one date where both are the same, an open end where one is unknown."""
    first, last = (written(each) if each else "…" for each in (starts_on, ends_on))
    return "" if not (starts_on or ends_on) else first if first == last else f"{first} - {last}"


def written(iso: str) -> str:
    """Write a date, cut where unknown, as dd/mm/yyyy, mm/yyyy or yyyy."""
    return "/".join(reversed(iso.split("-")))


def both(sheets: int | None, pages: int) -> str:
    """Write sheets and pages; three points stand for sheets that nobody has counted."""
    return f"{'…' if sheets is None else grouped(sheets)}/{grouped(pages)}"


def sums(lines: Sequence[Line]) -> tuple[int | None, int]:
    """Add up sheets, None where they are not known of every dossier, and pages."""
    sheets = [line.sheet_count for line in lines if line.sheet_count is not None]
    return sum(sheets) if len(sheets) == len(lines) else None, sum(line.page_count for line in lines)


def closing(lines: Sequence[Line]) -> tuple[str, ...]:
    """Say in figures and in words how many dossiers and pages the list has."""
    count, (sheets, pages) = len(lines), sums(lines)
    of_sheets = f"{grouped(sheets)} tờ, " if sheets is not None else ""
    return (
        f"Mục lục này gồm {two_digits(count) if count < 10 else grouped(count)} hồ sơ (đơn vị bảo quản), "
        f"{of_sheets}{grouped(pages)} trang.",
        f"Viết bằng chữ: {said(count, 'hồ sơ (đơn vị bảo quản)')}.",
        "Mục lục được lập thành 02 bản có giá trị như nhau.",
    )
