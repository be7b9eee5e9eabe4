"""A text that bears a mark of secrecy at the head of a line says that it is secret; more cannot be seen in it."""

import unicodedata

import pytest

from services.catalog.domain.secrecy_errors import SecrecyUnstated, SecretMarked
from services.catalog.domain.secret_mark import demand_open, demand_unmarked, secret_mark

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
