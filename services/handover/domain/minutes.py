"""What the minutes of a delivery (biên bản giao nhận) say, line by line, for both of their forms."""

from dataclasses import dataclass
from datetime import datetime

from services.handover.domain.papers import Handover, Totals, fonds_name, part_count, totals_of
from shared.number_words import grouped
from shared.papers.office import Office
from shared.papers.wording import BLANK, SHORT_BLANK, day, plain, said, sentence, two_digits

UNKNOWN = "chưa có số liệu"


@dataclass(frozen=True, slots=True)
class Minutes:
    """The minutes' text in the order of the page; `figures` are rows of number, name, figure and words."""

    at: datetime
    superior: str
    agency: str
    symbol: str
    dated: str
    title: str
    subject: str
    grounds: tuple[str, ...]
    opening: str
    parties: tuple[tuple[str, str], ...]
    agreed: str
    contents: tuple[str, ...]
    figures: tuple[tuple[str, str, str, str], ...]
    closing: tuple[str, ...]
    signatures: tuple[tuple[str, str], ...]


def minutes_of(told: Handover, office: Office) -> Minutes:
    """Write the minutes of a delivery."""
    agency, place = plain(office.agency), plain(office.place) or SHORT_BLANK
    number, code = two_digits(told.number), plain(told.fonds_code)
    name = fonds_name(told.dossiers)
    count = part_count(told.dossiers)
    parts = f", chia thành {two_digits(count)} phần" if count else ""
    totals = totals_of(told.dossiers)
    beside = f", kèm theo {two_digits(totals.masters)} gói bản số gốc" if totals.masters else ""
    fonds = f"{name} (mã phông {code})" if name else f"phông {code}"
    return Minutes(
        at=told.at,
        superior=plain(office.superior).upper(),
        agency=agency.upper() or SHORT_BLANK,
        symbol="Số: ………/BB-………",
        dated=f"{place}, ngày …… tháng …… năm ………",
        title="BIÊN BẢN",
        subject="Giao nhận tài liệu lưu trữ dự phòng",
        grounds=(f"Căn cứ Thỏa thuận bàn giao số {plain(told.reference)} ngày {day(told.agreed_on)} giữa hai bên.",),
        opening=f"Hôm nay, ngày …… tháng …… năm ………, tại {BLANK}, chúng tôi gồm:",
        parties=(("BÊN GIAO", agency or BLANK), ("BÊN NHẬN", plain(told.receiver))),
        agreed="Hai bên cùng giao, nhận tài liệu với các nội dung sau:",
        contents=(
            f"1. Khối tài liệu: {fonds}, đợt bàn giao số {number}.",
            f"2. Hình thức: gói tin điện tử (SIP), mỗi hồ sơ một gói{beside}{parts}; mã gói và giá trị băm SHA-256 "
            "của từng gói ghi trong danh mục hồ sơ kèm theo. Khi đóng gói, toàn bộ nội dung đã được đọc lại và "
            "đối chiếu.",
            "3. Số lượng:",
        ),
        figures=figures(totals),
        closing=(
            "4. Tài liệu kèm theo: Danh mục thống kê tài liệu bàn giao (02 bản); Danh mục hồ sơ bàn giao (02 bản).",
            sentence(f"5. Ghi chú: {plain(told.note) or 'không'}"),
            "Biên bản được lập thành 02 bản có giá trị như nhau, mỗi bên giữ 01 bản./.",
        ),
        signatures=(("ĐẠI DIỆN BÊN NHẬN", SIGNED), ("ĐẠI DIỆN BÊN GIAO", SIGNED)),
    )


SIGNED = "(Ký, ghi rõ họ và tên, đóng dấu)"


def figures(totals: Totals) -> tuple[tuple[str, str, str, str], ...]:
    """Give the table of totals, each in digits and in words."""
    beside = (("Gói bản số gốc kèm theo", totals.masters, "gói"),) if totals.masters else ()
    told: tuple[tuple[str, int | None, str], ...] = (
        ("Hồ sơ (gói tin)", totals.dossiers, "hồ sơ"),
        *beside,
        ("Văn bản, tài liệu", totals.documents, "văn bản"),
        ("Trang tài liệu", totals.pages, "trang"),
        ("Trang quy đổi A4", totals.a4, "trang A4"),
        ("Dung lượng (byte)", totals.size, "byte"),
    )
    return tuple(
        (str(number), name, UNKNOWN if count is None else grouped(count), "" if count is None else said(count, unit))
        for number, (name, count, unit) in enumerate(told, start=1)
    )
