"""The inventory workbook: row 1 Vietnamese headings, row 2 the circular's field names, data from row 3."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from openpyxl import Workbook

HEADINGS = {
    "fileCode": "Mã hồ sơ",
    "title": "Tiêu đề hồ sơ",
    "maintenance": "Thời hạn lưu trữ",
    "mode": "Mức độ tiếp cận",
    "language": "Ngôn ngữ",
    "startDate": "Thời gian bắt đầu",
    "endDate": "Thời gian kết thúc",
    "keyword": "Từ khóa",
    "totalDoc": "Tổng số tài liệu",
    "numberOfPaper": "Số tờ",
    "numberOfPage": "Số trang",
    "format": "Tình trạng vật lý",
    "confidenceLevel": "Mức độ tin cậy",
    "paperFileCode": "Mã hồ sơ giấy gốc",
    "criteria": "Tiêu chí lựa chọn",
    "evidence": "Căn cứ",
    "arranged": "Đã chỉnh lý",
    "secrecy": "Kiểm tra độ mật",
}


@dataclass(frozen=True, slots=True)
class InventoryRow:
    """A dossier as an inventory lists it; dates as dd/mm/yyyy, mm/yyyy or yyyy."""

    file_code: str
    title: str
    pages: int
    criteria: str
    evidence: str
    starts_on: str = "1954"
    ends_on: str = "1975"
    keywords: str = ""

    @property
    def cells(self) -> dict[str, object]:
        """Give the cells by field name."""
        return {
            "fileCode": self.file_code,
            "title": self.title,
            "maintenance": "01",
            "mode": "01",
            "language": "01",
            "startDate": self.starts_on,
            "endDate": self.ends_on,
            "keyword": self.keywords,
            "totalDoc": 1,
            "numberOfPaper": (self.pages + 1) // 2,
            "numberOfPage": self.pages,
            "format": "02",
            "confidenceLevel": "02",
            "paperFileCode": f"H49.K1G2H3.{self.file_code.rpartition('.')[2]}",
            "criteria": self.criteria,
            "evidence": self.evidence,
            "arranged": "x",
            "secrecy": "none",
        }


def write_inventory(path: Path, rows: Sequence[InventoryRow]) -> None:
    """Write the workbook."""
    book = Workbook()
    sheet = book.active or book.create_sheet()
    sheet.title = "Hồ sơ"
    sheet.append(list(HEADINGS.values()))
    sheet.append(list(HEADINGS))
    for row in rows:
        sheet.append([row.cells[name] for name in HEADINGS])
    book.save(path)
