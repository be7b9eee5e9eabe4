"""Which dossiers the yearly list names (Decree 113/2025/NĐ-CP, article 30), as data and one pure rule."""

import tomllib
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Self

from pydantic import BaseModel, ConfigDict

from services.catalog.domain import codes
from services.catalog.domain.eligibility import Secrecy
from services.catalog.domain.words import code_lists

LEFT_OUT = code_lists(Path(__file__).with_name("left-out.toml"))["reasons"]
SHIPPED = Path(__file__).parents[1] / "yearly-rule.toml"


class YearlyRule(BaseModel):
    """The rule as shipped; `confirmed` says whether the Centre has agreed to it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    version: int
    legal_basis: str
    confirmed: bool
    marked: bool
    with_criterion: bool
    approved: bool
    not_copied: bool

    @classmethod
    def load(cls) -> Self:
        """Load the shipped rule."""
        return cls.model_validate(tomllib.loads(SHIPPED.read_text("utf-8")))

    @property
    def sha256(self) -> str:
        """Give the digest (lower-case hex) of all it says but whether it is confirmed: what a confirmation is of."""
        return sha256(self.model_dump_json(exclude={"confirmed"}).encode()).hexdigest()


PICKED = {
    "marked": "có yêu cầu lập bản dự phòng",
    "with_criterion": "có ít nhất một tiêu chí lựa chọn kèm căn cứ",
    "approved": "thuộc danh mục lựa chọn đã được phê duyệt",
    "not_copied": "chưa có đủ hai bản sao đã kiểm tra",
}


def picked(rule: YearlyRule) -> str:
    """Say in words which dossiers a rule names."""
    told = [words for name, words in PICKED.items() if getattr(rule, name)]
    return "; ".join(["hồ sơ vĩnh viễn, đã kiểm tra và không thuộc bí mật nhà nước", *told])


@dataclass(frozen=True, slots=True)
class Candidate:
    """What is known of a dossier that may need a reserve copy."""

    retention: str
    access_level: str
    secrecy: str
    is_marked: bool
    has_criterion: bool
    is_approved: bool
    is_copied: bool
    is_checked: bool


def reason_to_leave_out(told: Candidate, rule: YearlyRule) -> str | None:
    """Say why a dossier is not named, or None.

    A secret one never is, nor one that nobody has checked for secrets, whatever else holds: its title leaves nowhere.
    """
    if told.secrecy == Secrecy.SECRET or told.access_level == codes.CLASSIFIED:
        return "secret"
    if not told.is_checked:
        return "unchecked"
    if told.retention not in codes.RETENTION:
        return "not_permanent"
    if rule.marked and not told.is_marked:
        return "not_marked"
    if rule.with_criterion and not told.has_criterion:
        return "no_criterion_with_evidence"
    if rule.approved and not told.is_approved:
        return "not_approved"
    if rule.not_copied and told.is_copied:
        return "copied"
    return None
