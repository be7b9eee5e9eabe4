"""The inventory workbook of invented or found dossiers, in the catalog's own layout: headings, field names, rows."""

from collections.abc import Sequence
from pathlib import Path

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from cli.demo.dossiers import Dossier

SHEET = "Hồ sơ"
HEADINGS: dict[str, str] = {
    "fileCode": "Mã hồ sơ",
    "title": "Tiêu đề hồ sơ",
    "maintenance": "Thời hạn lưu trữ",
    "mode": "Mức độ tiếp cận",
    "language": "Ngôn ngữ",
    "startDate": "Thời gian bắt đầu",
    "endDate": "Thời gian kết thúc",
    "keyword": "Từ khóa",
    "totalDoc": "Tổng số tài liệu",
    "numberOfPaper": "Số lượng tờ",
    "numberOfPage": "Số lượng trang",
    "format": "Tình trạng vật lý",
    "inforSign": "Ký hiệu thông tin",
    "confidenceLevel": "Mức độ tin cậy",
    "paperFileCode": "Mã hồ sơ giấy gốc",
    "riskRecovery": "Chế độ dự phòng",
    "description": "Ghi chú",
    "series": "Nhóm tài liệu",
    "criteria": "Tiêu chí lựa chọn",
    "evidence": "Căn cứ lựa chọn",
    "arranged": "Đã chỉnh lý hoàn chỉnh",
    "secrecy": "Kết quả kiểm tra độ mật",
    "arrangementNumber": "Số văn bản xác nhận chỉnh lý hoàn chỉnh",
    "arrangementDate": "Ngày xác nhận chỉnh lý hoàn chỉnh",
    "removedSheets": "Số tờ mật đã rút",
    "secrecyCheckedBy": "Người kiểm tra độ mật",
    "secrecyDecision": "Văn bản xác định hết thời hạn bảo vệ bí mật",
}
WIDE = frozenset({"title", "evidence", "keyword", "description"})


def write_workbook(path: Path, dossiers: Sequence[Dossier]) -> None:
    """Write the inventory as XLSX: row 1 headings, row 2 field names, data from row 3; all cells text but counts."""
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = SHEET
    sheet.append(list(HEADINGS.values()))
    sheet.append(list(HEADINGS))
    for dossier in dossiers:
        cells = cells_of(dossier)
        sheet.append([cells[name] for name in HEADINGS])
    for column, name in enumerate(HEADINGS, start=1):
        sheet.cell(1, column).font = Font(bold=True)
        sheet.cell(1, column).alignment = Alignment(wrap_text=True, vertical="top")
        sheet.column_dimensions[get_column_letter(column)].width = 48 if name in WIDE else 16
    sheet.freeze_panes = "B3"
    book.save(path)


def cells_of(dossier: Dossier) -> dict[str, str | int]:
    """Give the cells of a dossier by field name, as Circular 05/2025/TT-BNV codes them.

    Permanent ("01": a historical archive holds nothing else), digitised ("02"), arranged, and to be kept in reserve.
    """
    return {
        "fileCode": dossier.file_code,
        "title": dossier.title,
        "maintenance": "01",
        "mode": dossier.access_level,
        "language": ";".join(dossier.languages),
        "startDate": day_first(dossier.starts_on),
        "endDate": day_first(dossier.ends_on),
        "keyword": dossier.keywords,
        "totalDoc": len(dossier.documents),
        "numberOfPaper": dossier.sheet_count,
        "numberOfPage": dossier.page_count,
        "format": dossier.condition,
        "inforSign": dossier.sign,
        "confidenceLevel": "02",
        "paperFileCode": dossier.paper_file_code,
        "riskRecovery": 1,
        "description": dossier.note,
        "series": dossier.series,
        "criteria": ";".join(dossier.criteria),
        "evidence": dossier.evidence,
        "arranged": "x",
        "secrecy": dossier.secrecy,
        "arrangementNumber": "12/BB-CLHC",
        "arrangementDate": "15/06/2024",
        "removedSheets": 1 if dossier.secrecy == "removed" else "",
        "secrecyCheckedBy": "Tổ kiểm tra độ mật",
        "secrecyDecision": "31/QĐ-TTLT" if dossier.secrecy == "expired" else "",
    }


def day_first(iso: str) -> str:
    """Write an ISO 8601 date, cut where unknown, the way an inventory does: dd/mm/yyyy, mm/yyyy or yyyy."""
    return "/".join(reversed(iso.split("-")))
