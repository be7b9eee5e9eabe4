"""A text that bears a mark of secrecy at the head of a line says that it is secret; more cannot be seen in it."""

import unicodedata

import pytest

from services.catalog.domain.cell import Cell
from services.catalog.domain.secrecy_errors import SecrecyUnstated, SecretMarked
from services.catalog.domain.secret_mark import demand_open, demand_unmarked, secret_mark
from services.catalog.domain.secret_words import asks_secrecy, is_denial

PLAN = "Kế hoạch phòng thủ"


@pytest.mark.parametrize(
    ("text", "mark"),
    [
        (f"MẬT: {PLAN}", "MẬT"),
        (f"MẬT {PLAN}", "MẬT"),
        (f"  [TỐI  MẬT] {PLAN}", "TỐI MẬT"),
        (f"(TUYỆT MẬT)\n{PLAN}", "TUYỆT MẬT"),
        (f"Ủy ban hành chính tỉnh\nMẬT\n{PLAN}", "MẬT"),
        (f"Độ mật: {PLAN}".upper().replace("ĐỘ MẬT:", "ĐỘ MẬT: TỐI MẬT,"), "TỐI MẬT"),
        (unicodedata.normalize("NFD", f"TỐI MẬT - {PLAN}"), "TỐI MẬT"),
        ("Mật ong rừng U Minh", None),
        ("Hồ sơ giải MẬT tài liệu", None),
        ("MẬTONG", None),
        ("TèI MËT: KÕ ho¹ch phßng thñ", "TỐI MẬT"),
        ("TUYÖT MËT kÕ ho¹ch", "TUYỆT MẬT"),
        ("TOÁI MAÄT: keá hoaïch", "TỐI MẬT"),
        ("MËT", "MẬT"),
        ("TốI MậT: kế hoạch", "TỐI MẬT"),
        (f"TỐI\u200b MẬT: {PLAN}", "TỐI MẬT"),
        (f"MẬ\u00adT {PLAN}", "MẬT"),
        (f"ＴỐＩ ＭẬＴ {PLAN}", "TỐI MẬT"),
        (f"T Ố I  M Ậ T {PLAN}", "TỐI MẬT"),
        (f"TỐI-MẬT {PLAN}", "TỐI MẬT"),
        (f"TỐI_MẬT {PLAN}", "TỐI MẬT"),
        (f"(Tối Mật) {PLAN}", "TỐI MẬT"),
        (f"tối mật - {PLAN}", "TỐI MẬT"),
        ("Mật", "MẬT"),
        ("MẬT/KHẨN", "MẬT"),
        ("Tối mật, chưa giải mật", "TỐI MẬT"),
        ("Tài liệu TỐI MẬT", "TỐI MẬT"),
        ("Mật độ dân số", None),
        ("MẬT ĐỘ DÂN SỐ NĂM 1954", None),
        ("Mật-độ dân số", None),
        ("Hội đồng bí mật", None),
        ("Hồ sơ mật thám Pháp", None),
        ("Tối mất điện", None),
        ("MẶT BẰNG: nhà máy", None),
        (PLAN, None),
        ("", None),
    ],
)
def test_a_mark_is_seen_at_the_head_of_a_line_only(text: str, mark: str | None) -> None:
    assert secret_mark(text) == mark


def test_a_networked_installation_takes_what_its_writer_says_is_open() -> None:
    demand_open(is_stated=True, secrets_allowed=False, title=PLAN, note="")
    with pytest.raises(SecrecyUnstated):
        demand_open(is_stated=False, secrets_allowed=False, title=PLAN)
    with pytest.raises(SecretMarked) as refused:
        demand_open(is_stated=True, secrets_allowed=False, title=PLAN, note=f"MẬT: {PLAN}")
    assert refused.value.facts == {"field": "note", "mark": "MẬT"}
    assert PLAN not in str(refused.value), "the refusal goes into answers and logs"


def test_where_secrets_may_be_kept_nothing_is_asked() -> None:
    demand_open(is_stated=False, secrets_allowed=True, title=f"MẬT: {PLAN}")
    demand_unmarked(secrets_allowed=True, reason="TUYỆT MẬT")


@pytest.mark.parametrize(
    ("heading", "is_asked"),
    [
        ("Độ mật (M/TM/TuM)", True),
        ("Mức độ bảo mật", True),
        ("Chế độ mật", True),
        ("Muc do bao mat", True),
        ("Mat", True),
        ("Mật độ", False),
        ("So to mat", False),
        ("Số mặt", False),
        ("Người kiểm tra độ mật", False),
        ("Ghi chú", False),
    ],
)
def test_a_heading_that_asks_how_secret_a_row_is_is_known_by_its_words(heading: str, is_asked: bool) -> None:
    assert asks_secrecy(heading.casefold()) == is_asked


@pytest.mark.parametrize(
    ("cell", "is_denied"), [("Không.", True), ("(thường)", True), (0, True), ("TM", False), ("x", False)]
)
def test_only_what_says_so_denies_secrecy(cell: Cell, is_denied: bool) -> None:
    assert is_denial(cell) == is_denied
