"""The yearly list as the workbook that is sent with its letter: every column that is known of a dossier."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from datetime import datetime
from pathlib import Path

from services.catalog.domain import codes
from services.catalog.domain.programme import Programme
from services.catalog.domain.yearly_paper import YearlyHead, about, closing, title_of
from services.catalog.models.yearly import YearlyLine
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


async def write_workbook(
    head: YearlyHead, portions: AsyncIterator[Sequence[YearlyLine]], programme: Programme, path: Path, at: datetime
) -> None:
    """Write a list; the file grows portion by portion, never all of it in memory."""
    book = await asyncio.to_thread(ListWorkbook, title_of(head), about(head), COLUMNS)
    async for lines in portions:
        await asyncio.to_thread(book.add, [cells(line, programme) for line in lines])
    total: list[Value] = ["", "", "", "", f"Tổng cộng: {head.dossier_count} hồ sơ", *[""] * 6]
    total += [head.sheet_count, head.page_count, "", "", ""]
    await asyncio.to_thread(book.add, [total], is_bold=True)
    await asyncio.to_thread(book.close_with, closing(head))
    await asyncio.to_thread(book.save, path, at)


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
        languages(line),
        day(line.starts_on),
        day(line.ends_on),
        line.document_count,
        line.sheet_count,
        line.page_count,
        codes.PHYSICAL_CONDITION.get(line.physical_condition or "", ""),
        "; ".join(programme.criteria[each].vi if each in programme.criteria else each for each in line.criteria),
        line.note,
    ]


def languages(line: YearlyLine) -> str:
    """Give the languages of a dossier in words."""
    return ", ".join(codes.LANGUAGE.get(each, each) for each in line.languages)


def day(iso: str | None) -> str:
    """Give a date, cut where unknown, as it is written in Vietnamese: 31/12/1954, 12/1954, 1954."""
    return "/".join(reversed((iso or "").split("-")))
