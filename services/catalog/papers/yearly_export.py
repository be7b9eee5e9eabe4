"""The yearly list as the workbook that is sent with its letter."""

import asyncio
from collections.abc import Sequence
from pathlib import Path

from sqlmodel.ext.asyncio.session import AsyncSession

from services.catalog.domain import codes
from services.catalog.domain.programme import Programme
from services.catalog.domain.yearly import FIXED
from services.catalog.models import Fonds
from services.catalog.models.yearly import YearlyLine, YearlyList
from services.catalog.operations.gathering import portions_of
from services.catalog.papers.list_workbook import ListWorkbook, Value

COLUMNS = (  # what Decree 113/2025/NĐ-CP asks to be known of a dossier, and why it is here
    ("STT", 7),
    ("Mã phông", 14),
    ("Tên phông", 32),
    ("Mã hồ sơ", 24),
    ("Tiêu đề hồ sơ", 60),
    ("Thời hạn lưu trữ", 14),
    ("Mức độ tiếp cận", 18),
    ("Ngôn ngữ", 18),
    ("Thời gian bắt đầu", 14),
    ("Thời gian kết thúc", 14),
    ("Tổng số tài liệu", 11),
    ("Số tờ", 10),
    ("Số trang", 10),
    ("Tình trạng vật lý", 14),
    ("Tiêu chí lựa chọn", 40),
    ("Ghi chú", 40),
)


async def write_workbook(session: AsyncSession, made: YearlyList, programme: Programme, path: Path) -> None:
    """Write a list that is gathered; the file grows portion by portion, never all of it in memory."""
    fonds = None if made.fonds_id is None else await session.get_one(Fonds, made.fonds_id)
    book = await asyncio.to_thread(ListWorkbook, title_of(made), about(made, fonds), COLUMNS)
    async for lines in portions_of(session, made.id):
        await asyncio.to_thread(book.add, [cells(line, programme) for line in lines])
    total: list[Value] = ["", "", "", "", f"Tổng cộng: {made.dossier_count} hồ sơ", *[""] * 6]
    total += [made.sheet_count, made.page_count, "", "", ""]
    await asyncio.to_thread(book.add, [total], is_bold=True)
    await asyncio.to_thread(book.save, path, made.frozen_at or made.gathered_at or made.made_at)


def title_of(made: YearlyList) -> str:
    """Give the title: a list that is not frozen says that it is a draft."""
    draft = "" if made.state in FIXED else " (DỰ THẢO)"
    return f"DANH MỤC TÀI LIỆU CẦN LẬP BẢN DỰ PHÒNG NĂM {made.year}{draft}"


def about(made: YearlyList, fonds: Fonds | None) -> Sequence[str]:
    """Tell what the list is: its basis, number, fonds, digest, and whether its rule is settled."""
    told = [
        f"Căn cứ: {made.rule['legal_basis']}",
        f"Danh mục số: {made.number:02d}/{made.year}" if made.number else "Danh mục số: (chưa chốt)",
        f"Phông: {fonds.code} - {fonds.title}" if fonds else "Phông: tất cả các phông, công trình, sưu tập",
        f"SHA-256 của danh mục: {made.sha256}",
    ]
    if not made.rule["confirmed"]:
        told.append("Tiêu chí lập danh mục chưa được xác nhận.")
    return told


def cells(line: YearlyLine, programme: Programme) -> list[Value]:
    """Give the cells of a line, codes in words."""
    return [
        line.number,
        line.fonds_code,
        line.fonds_title,
        line.file_code,
        line.title,
        codes.RETENTION.get(line.retention, line.retention),
        codes.ACCESS_LEVEL.get(line.access_level, line.access_level),
        ", ".join(codes.LANGUAGE.get(each, each) for each in line.languages),
        day(line.starts_on),
        day(line.ends_on),
        line.document_count,
        line.sheet_count,
        line.page_count,
        codes.PHYSICAL_CONDITION.get(line.physical_condition or "", ""),
        "; ".join(programme.criteria[each].vi if each in programme.criteria else each for each in line.criteria),
        line.note,
    ]


def day(iso: str | None) -> str:
    """Give a date, cut where unknown, as it is written in Vietnamese: 31/12/1954, 12/1954, 1954."""
    return "/".join(reversed((iso or "").split("-")))
