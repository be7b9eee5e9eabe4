"""What the yearly list says on paper (Decree 113/2025/NĐ-CP, article 30): a list that others act upon.

Its columns are what the decree asks to be known of a dossier at least; which fonds it is of stands above its dossiers.
"""

from dataclasses import dataclass
from datetime import date

from services.catalog.domain.dossier_paper import DossierPaper, Group
from services.catalog.domain.yearly_rule import YearlyRule, picked
from shared.number_words import grouped
from shared.papers.lists import Column
from shared.papers.office import Office
from shared.papers.wording import SHORT_BLANK, day, plain, said, two_digits

COLUMNS = (
    Column("Số TT", 12, is_centred=True),
    Column("Mã hồ sơ", 36),
    Column("Tiêu đề hồ sơ", 0),
    Column("Thời gian tài liệu", 24, is_centred=True),
    Column("Thời hạn lưu trữ", 17, is_centred=True),
    Column("Mức độ tiếp cận", 20),
    Column("Ngôn ngữ", 20),
    Column("Tổng số tài liệu", 14, is_centred=True),
    Column("Số tờ/ Số trang", 22, is_centred=True),
    Column("Ghi chú", 20),
)


@dataclass(frozen=True, slots=True)
class Confirmation:
    """Who confirmed a rule for the Centre, on which day, and by what paper or word."""

    by: str
    on: date
    basis: str


@dataclass(frozen=True, slots=True)
class YearlyHead:
    """A yearly list without its dossiers; a draft has neither number nor who froze it. `fonds` names the only one.

    Sheets are told where they were counted of every dossier.
    """

    year: int
    number: int | None
    rule: YearlyRule
    confirmation: Confirmation | None
    fonds: str
    sha256: str
    frozen_by: str
    frozen_on: date | None
    dossier_count: int
    sheet_count: int | None
    page_count: int


def title_of(head: YearlyHead) -> str:
    """Give the title: a list that is not frozen says that it is a draft."""
    draft = "" if head.number else " (DỰ THẢO)"
    return f"DANH MỤC TÀI LIỆU CẦN LẬP BẢN DỰ PHÒNG NĂM {head.year}{draft}"


def about(head: YearlyHead) -> tuple[str, ...]:
    """Tell what the list is: its basis and number, of which fonds, by which rule, and whether that is settled."""
    return (
        f"Căn cứ: {head.rule.legal_basis}",
        f"Danh mục số: {two_digits(head.number)}/{head.year}" if head.number else "Danh mục số: (chưa chốt)",
        *((f"Chốt ngày {day(head.frozen_on)}, người chốt: {plain(head.frozen_by)}",) if head.frozen_on else ()),
        f"Phông: {plain(head.fonds)}" if head.fonds else "Phông: tất cả các phông, công trình, sưu tập",
        f"Quy tắc lập danh mục: {head.rule.name}, phiên bản {head.rule.version}: {picked(head.rule)}",
        standing(head),
        f"SHA-256 của danh mục: {head.sha256}",
    )


def standing(head: YearlyHead) -> str:
    """Say whether the Centre has confirmed the rule: who for it, when and by what."""
    if head.confirmation is not None:
        told = head.confirmation
        return f"Quy tắc được xác nhận ngày {day(told.on)}, người xác nhận: {plain(told.by)}; {plain(told.basis)}"
    return "Quy tắc đã được xác nhận." if head.rule.confirmed else "Quy tắc này chưa được Trung tâm xác nhận."


def closing(head: YearlyHead) -> tuple[str, ...]:
    """Say in figures and in words how many dossiers the list has."""
    count = two_digits(head.dossier_count) if head.dossier_count < 10 else grouped(head.dossier_count)
    sheets = f"{grouped(head.sheet_count)} tờ, " if head.sheet_count is not None else ""
    return (
        f"Danh mục này gồm {count} hồ sơ, {sheets}{grouped(head.page_count)} trang.",
        f"Viết bằng chữ: {said(head.dossier_count, 'hồ sơ')}.",
    )


def paper_of(head: YearlyHead, groups: tuple[Group, ...], office: Office) -> DossierPaper:
    """Write the list for printing."""
    return DossierPaper(
        superior=plain(office.superior).upper(),
        agency=plain(office.agency).upper() or SHORT_BLANK,
        title=title_of(head),
        subject="(Gửi cơ quan quản lý tài liệu lưu trữ dự phòng)",
        about=about(head),
        columns=COLUMNS,
        groups=groups,
        closing=closing(head),
        dated=f"{plain(office.place) or SHORT_BLANK}, ngày …… tháng …… năm ………",
        signatures=(
            ("NGƯỜI LẬP", "(Ký, ghi rõ họ và tên, chức vụ)"),
            ("THỦ TRƯỞNG CƠ QUAN", "(Ký, ghi rõ họ và tên, đóng dấu)"),
        ),
        is_across=True,
    )
