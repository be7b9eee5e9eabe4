"""The plan of a lot: how many pages are drawn, and how many defects of a class it may have."""

import math
from collections.abc import Mapping
from typing import Literal

from pydantic import BaseModel, ConfigDict

from services.qc.domain.sampling.switching import Standing
from services.qc.domain.sampling.tables import Severity, code_letter, sample_size, single_plan
from services.qc.domain.sampling.terms import DefectClass, PercentageTerms, StandardTerms

ROUNDS = (1.0, 0.3)  # of the pages of a lot: in its first round, and when it comes again after a rejection
ANY = "any"


class ClassPlan(BaseModel):
    """The plan of one class: of the first `size` pages drawn at most `accept` may have a defect of it."""

    model_config = ConfigDict(frozen=True)

    name: DefectClass | Literal["any"]
    aql: float | None = None
    severity: Severity | None = None
    letter: str | None = None
    size: int
    accept: int
    reject: int


class Plan(BaseModel):
    """The plan of a lot: `letter` of its size and level, `size` pages to draw, and what holds for each class.

    Every class has the sample size its own AQL asks for: the largest is drawn, and a smaller one is its beginning.
    """

    model_config = ConfigDict(frozen=True)

    scheme: Literal["iso2859", "percentage"]
    letter: str | None = None
    size: int
    classes: tuple[ClassPlan, ...]


def standard_plan(terms: StandardTerms, page_count: int, severities: Mapping[DefectClass, Severity]) -> Plan:
    """Give the plan of the standard; a sample as large as the lot is the whole lot.

    A class without any allowed defect has no table: it is counted over all that the other classes draw.
    """
    letter = code_letter(page_count, terms.level)
    limits = {name: aql for name, aql in terms.limits.items() if aql}
    plans = {name: single_plan(letter, aql, severities.get(name, Severity.NORMAL)) for name, aql in limits.items()}
    largest = max((plan.size for plan in plans.values()), default=sample_size(letter, Severity.NORMAL))
    size = min(largest, page_count)
    classes = [
        ClassPlan(
            name=name,
            aql=limits[name],
            severity=severities.get(name, Severity.NORMAL),
            letter=plans[name].letter,
            size=min(plans[name].size, page_count),
            accept=plans[name].accept,
            reject=plans[name].reject,
        )
        if name in plans
        else ClassPlan(name=name, aql=0, size=size, accept=0, reject=1)
        for name in DefectClass
    ]
    return Plan(scheme="iso2859", letter=letter, size=size, classes=tuple(classes))


def percentage_plan(terms: PercentageTerms, page_count: int, *, is_resubmitted: bool) -> Plan:
    """Give the plan of a fixed percentage for the round a lot is in."""
    size = math.ceil(page_count * ROUNDS[is_resubmitted])
    accept = math.floor(size * terms.allowed_percent / 100)
    allowed = ClassPlan(name="any", size=size, accept=accept, reject=accept + 1)
    return Plan(scheme="percentage", size=size, classes=(allowed,))


def plan_of(
    terms: StandardTerms | PercentageTerms,
    page_count: int,
    standings: Mapping[DefectClass, Standing],
    *,
    is_resubmitted: bool,
    has_leave: bool,
) -> Plan:
    """Give the plan that holds for a lot now; reduced inspection that was earned needs leave once, at its beginning."""
    if isinstance(terms, PercentageTerms):
        return percentage_plan(terms, page_count, is_resubmitted=is_resubmitted)
    severities = {
        name: Severity.REDUCED if standing.may_reduce and has_leave else standing.severity
        for name, standing in standings.items()
    }
    return standard_plan(terms, page_count, severities)
