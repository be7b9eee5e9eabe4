"""Rows behind the lists about agencies, for the tests of all lists."""

from collections.abc import Callable
from datetime import UTC, datetime
from uuid import UUID

from sqlmodel import SQLModel

from services.catalog.domain.yearly_rule import YearlyRule
from services.catalog.models import Series
from services.catalog.models.agencies import Agency, AgencyAccess, AgencyAccount, Past
from services.catalog.models.difficulties import Difficulty
from services.catalog.models.holdings import HoldingPast
from services.catalog.models.transfers import Transfer
from services.catalog.models.yearly import YearlyLine, YearlyList, YearlyPaper
from services.reporting.models import ReportedDifficulty
from shared.ids import new_id

NOW = datetime(2026, 11, 24, tzinfo=UTC)
AGENCY, TRANSFER, DIFFICULTY, YEARLY, FONDS, LAYOUT, SERIES = (new_id() for _ in range(7))
IDS = {
    "agency_id": str(AGENCY),
    "transfer_id": str(TRANSFER),
    "difficulty_id": str(DIFFICULTY),
    "yearly_list_id": str(YEARLY),
    "layout_id": str(LAYOUT),
    "series_id": str(SERIES),
}
WHOLE = {"/catalog/difficulty-kinds", "/catalog/transfers/{transfer_id}/arrangements"}


def transfer(transfer_id: UUID, agency_id: UUID = AGENCY) -> SQLModel:
    return Transfer(
        id=transfer_id, agency_id=agency_id, title="T", dossier_count=1, shelf_cm=1, box_count=1, planned_year=2026,
        registered_by="lan",
    )  # fmt: skip


def difficulty(difficulty_id: UUID) -> SQLModel:
    return Difficulty(id=difficulty_id, year=2026, kind="money", text="x", raised_by="lan")


def yearly_list(list_id: UUID) -> SQLModel:
    rule = YearlyRule.load().model_dump()
    return YearlyList(id=list_id, year=2026, state="gathered", rule=rule, made_by="lan")


def yearly_line(n: int) -> SQLModel:
    return YearlyLine(
        list_id=YEARLY, dossier_id=UUID(int=n), number=n, fonds_code="P", fonds_title="P", file_code="H", title="H",
        retention="01", access_level="01", page_count=1, sha256="0" * 64,
    )  # fmt: skip


def yearly_paper(n: int) -> SQLModel:
    return YearlyPaper(list_id=YEARLY, form=("xlsx", "docx", "pdf")[n % 3], is_draft=n > 2, ordered_by="lan")


def past(subject_id: UUID) -> Callable[[int], SQLModel]:
    return lambda n: Past(subject_id=subject_id, version=n, act="changed", content={}, by="lan")


def holding_past(subject_id: UUID) -> Callable[[int], SQLModel]:
    return lambda n: HoldingPast(subject_id=subject_id, version=n, act="changed", content={}, after={}, by="lan")


def reported_difficulty(_: int) -> SQLModel:
    return ReportedDifficulty(
        difficulty_id=new_id(), year=2026, kind="money", kind_vi="x", kind_en="x", text="x", state="raised",
        raised_by="lan", raised_at=NOW,
    )  # fmt: skip


FIRST: list[Callable[[], SQLModel]] = [  # what the rows below belong to
    lambda: Agency(id=AGENCY),
    lambda: Series(id=SERIES, fonds_id=FONDS, code="S", title="S"),
    lambda: transfer(TRANSFER),
    lambda: difficulty(DIFFICULTY),
    lambda: yearly_list(YEARLY),
]
EACH: list[Callable[[int], SQLModel]] = [  # one row for each number
    lambda n: Agency(id=UUID(int=n)),
    lambda n: AgencyAccount(account_id=UUID(int=n), name="a", may_act=True, heard_at=NOW),
    lambda n: AgencyAccess(agency_id=AGENCY, account_id=UUID(int=n)),
    lambda n: transfer(new_id(), UUID(int=n)),
    lambda _: difficulty(new_id()),
    lambda _: yearly_list(new_id()),
    yearly_line,
    yearly_paper,
    past(YEARLY),
    past(FONDS),
    past(LAYOUT),
    past(AGENCY),
    past(TRANSFER),
    past(DIFFICULTY),
    holding_past(FONDS),
    holding_past(SERIES),
]
