"""What the lists of a delivery say: the statistical list by fonds and the dossier list, as tables of plain cells."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from shared.papers.lists import Cell, Column, ListPaper
from shared.papers.wording import day, plain, two_digits

LACKS = "Ô để trống: chưa có số liệu. Quy đổi A4: số trang quy về khổ A4 khi kiểm tra ảnh."

HELD_BACK = "(hồ sơ đã rút khỏi danh mục được duyệt, không nêu tiêu đề)"


@dataclass(frozen=True, slots=True)
class DeliveredMasters:
    """The package with the masters of a dossier that goes along beside the dossier's own."""

    number: int
    objid: str
    byte_count: int
    sha256: str


@dataclass(frozen=True, slots=True)
class DeliveredDossier:
    """A dossier in a delivery, as its package was frozen; `byte_count` and `sha256` are of the package's ZIP.

    `masters` is the package of its masters, if one goes along.
    """

    number: int
    part: int | None
    objid: str
    file_code: str
    title: str
    document_count: int | None
    page_count: int
    a4_count: int | None
    byte_count: int
    sha256: str
    fonds_code: str
    fonds_title: str | None
    masters: DeliveredMasters | None = None


@dataclass(frozen=True, slots=True)
class Handover:
    """A delivery and what was agreed about it; `at` is the fixed moment that its papers carry inside."""

    number: int
    fonds_code: str
    receiver: str
    reference: str
    agreed_on: date
    note: str
    at: datetime
    dossiers: tuple[DeliveredDossier, ...]


@dataclass(frozen=True, slots=True)
class Totals:
    """How much some dossiers come to; None where it is not known of every one of them.

    `size` is of all packages, `masters_size` of those `masters` among them that bring the masters beside a dossier.
    """

    dossiers: int
    documents: int | None
    pages: int
    a4: int | None
    size: int
    masters: int = 0
    masters_size: int = 0


def totals_of(dossiers: Iterable[DeliveredDossier]) -> Totals:
    """Add dossiers up."""
    each = tuple(dossiers)
    masters = [dossier.masters.byte_count for dossier in each if dossier.masters]
    return Totals(
        dossiers=len(each),
        documents=sum_of([dossier.document_count for dossier in each]),
        pages=sum(dossier.page_count for dossier in each),
        a4=sum_of([dossier.a4_count for dossier in each]),
        size=sum(dossier.byte_count for dossier in each) + sum(masters),
        masters=len(masters),
        masters_size=sum(masters),
    )


def sum_of(counts: Sequence[int | None]) -> int | None:
    """Add counts up; None when one is missing: half a sum would be a wrong number."""
    known = [count for count in counts if count is not None]
    return sum(known) if len(known) == len(counts) else None


def statistical_list(told: Handover) -> ListPaper:
    """Count the delivery by fonds."""
    rows: list[tuple[Cell, ...]] = []
    whole = totals_of(told.dossiers)
    by_fonds = sorted(told.dossiers, key=lambda dossier: dossier.fonds_code)
    for code, dossiers in groupby(by_fonds, key=lambda dossier: dossier.fonds_code):
        of_fonds = tuple(dossiers)
        totals = totals_of(of_fonds)
        place = sum(row[0] is not None for row in rows) + 1
        rows.append((place, plain(code), fonds_name(of_fonds), *counts(totals, totals.size - totals.masters_size)))
        if totals.masters:
            beside = f"Gói bản số gốc kèm theo: {totals.masters} gói"
            rows.append((None, plain(code), beside, *(None,) * 4, totals.masters_size))
    return ListPaper(
        sheet="Thống kê",
        title="DANH MỤC THỐNG KÊ TÀI LIỆU BÀN GIAO",
        about=about(told),
        columns=(
            Column("STT", 12),
            Column("Mã phông", 30),
            Column("Tên phông, công trình, sưu tập", 0),
            Column("Số hồ sơ", 20),
            Column("Số văn bản", 22),
            Column("Số trang", 22),
            Column("Quy đổi A4", 22),
            Column("Dung lượng (byte)", 38),
        ),
        rows=tuple(rows),
        totals=(None, None, "Cộng", *counts(whole, whole.size)),
        note=LACKS,
    )


def dossier_list(told: Handover) -> ListPaper:
    """List every dossier with the package it is in."""
    whole = totals_of(told.dossiers)
    return ListPaper(
        sheet="Hồ sơ",
        title="DANH MỤC HỒ SƠ BÀN GIAO",
        about=about(told),
        columns=(
            Column("STT", 12),
            Column("Mã hồ sơ", 38),
            Column("Tiêu đề hồ sơ", 0),
            Column("Số văn bản", 15),
            Column("Số trang", 15),
            Column("Quy đổi A4", 15),
            Column("Dung lượng (byte)", 30),
            Column("Mã gói tin", 32, code_line=23),
            Column("SHA-256 của gói tin", 44, code_line=32),
        ),
        rows=tuple(row for dossier in told.dossiers for row in rows_of(dossier)),
        totals=(None, None, "Cộng", whole.documents, whole.pages, whole.a4, whole.size, None, None),
        note=LACKS,
    )


def rows_of(dossier: DeliveredDossier) -> Iterator[tuple[Cell, ...]]:
    """List a dossier's package, and below it the package of its masters if one goes along."""
    yield (
        dossier.number,
        plain(dossier.file_code),
        plain(dossier.title),
        dossier.document_count,
        dossier.page_count,
        dossier.a4_count,
        dossier.byte_count,
        dossier.objid,
        dossier.sha256,
    )
    if dossier.masters:
        beside = f"Gói bản số gốc kèm theo gói số {dossier.number}"
        masters = dossier.masters
        yield (
            masters.number,
            plain(dossier.file_code),
            beside,
            *(None,) * 3,
            masters.byte_count,
            masters.objid,
            masters.sha256,
        )


def part_count(dossiers: Iterable[DeliveredDossier]) -> int:
    """Give how many parts a delivery has; 0 where they were never numbered."""
    return max((dossier.part or 0 for dossier in dossiers), default=0)


def counts(totals: Totals, size: int) -> tuple[Cell, ...]:
    """Give totals as the cells of a row that ends with a size."""
    return totals.dossiers, totals.documents, totals.pages, totals.a4, size


def fonds_name(dossiers: Sequence[DeliveredDossier]) -> str | None:
    """Give the name of the fonds of some dossiers, as the first that tells it does."""
    return next((plain(dossier.fonds_title) for dossier in dossiers if dossier.fonds_title), None)


def about(told: Handover) -> tuple[str, ...]:
    """Say below a title which delivery a list belongs to."""
    return (
        f"Đợt bàn giao số {two_digits(told.number)}, phông {plain(told.fonds_code)}",
        f"Bên nhận: {plain(told.receiver)}",
        f"Thỏa thuận bàn giao số {plain(told.reference)} ngày {day(told.agreed_on)}",
    )
