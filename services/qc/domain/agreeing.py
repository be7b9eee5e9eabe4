"""Set people's verdicts beside the machine's findings, check by check, and propose limits that would agree better.

An inspector names one reason, so a page with a named fault says nothing of other faults: for the checks that do not
speak of that fault it is left out, and so it is for a check whose fault another check of the same reason has found:
only a fault that none of them found is missed by each. A simply accepted page has no fault, nor has one whose original
is to blame.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from services.qc.domain.calibrating import RECALL, Agreement, Compared, agreement_at, proposed_limit
from services.qc.domain.inspection import Verdict
from services.qc.domain.limits import LIMITS, Limit
from services.qc.domain.profile import Profile
from services.qc.domain.reasons import findings_named, reasons


@dataclass(frozen=True, slots=True)
class JudgedPage:
    """A version of a page on which a person's verdict stands, what the machine found, and its measures by name.

    `is_flagged` says that the machine did not pass it: every such page comes before a person.
    """

    verdict: str
    reason: str
    findings: frozenset[str]
    is_flagged: bool
    measures: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Totals:
    """How many pages the machine has flagged in all, and how many it has not."""

    flagged: int
    unflagged: int


class WhyNot(StrEnum):
    """Why no limit is proposed for a check."""

    NO_REASON = "no_reason"  # no reason of a verdict speaks of its fault
    NO_LIMIT = "no_limit"  # it has none, or one that the law sets
    TOO_FEW_FAULTS = "too_few_faults"


@dataclass(frozen=True, slots=True)
class CheckAgreement:
    """How one check agrees with people.

    `flagged_count` judged pages have its finding, of which `left_out_count` say nothing of it; on `fault_count` people
    named its fault and there was something to measure. What `present` and `proposed` come to is counted in judged
    pages: what was flagged as it is, what was missed estimated, with the faults that no limit finds.
    """

    code: str
    flagged_count: int
    left_out_count: int
    fault_count: int = 0
    limit: Limit | None = None
    present: Agreement | None = None
    proposed: Agreement | None = None
    why_not: WhyNot | None = None


def agreements(
    pages: Sequence[JudgedPage], totals: Totals, profile: Profile, recall: float = RECALL
) -> Iterator[CheckAgreement]:
    """Compare every check that found something, that has a limit, or whose fault a reason may name."""
    found = {code for page in pages for code in page.findings}
    weight = weight_of_unflagged(pages, totals)
    for code in sorted(found | set(LIMITS) | findings_named()):
        yield compared(code, pages, weight, profile, recall)


def compared(
    code: str, pages: Sequence[JudgedPage], weight: float, profile: Profile, recall: float = RECALL
) -> CheckAgreement:
    """Compare one check."""
    flagged_count = sum(code in page.findings for page in pages)
    limit = LIMITS.get(code)
    if code not in findings_named():
        return CheckAgreement(code, flagged_count, flagged_count, limit=limit, why_not=WhyNot.NO_REASON)
    telling = [(page, is_faulty) for page in pages if (is_faulty := has_fault(page, code)) is not None]
    left_out_count = flagged_count - sum(code in page.findings for page, _ in telling)
    by_finding = [Compared(code in page.findings, is_faulty, worth(page, weight)) for page, is_faulty in telling]
    present = agreement_at(0.5, by_finding, "above")  # found or not, as 1 and 0
    if limit is None:
        faults = sum(is_faulty for _, is_faulty in telling)
        return CheckAgreement(code, flagged_count, left_out_count, faults, present=present, why_not=WhyNot.NO_LIMIT)
    measured = [
        Compared(value, is_faulty, worth(page, weight))
        for page, is_faulty in telling
        if (value := limit.value_in(page.measures)) is not None
    ]
    fault_weight = sum(each.weight for each in by_finding if each.is_faulty)
    unmeasured = fault_weight - sum(each.weight for each in measured if each.is_faulty)
    proposed = proposed_limit(measured, limit.worse, recall)
    return CheckAgreement(
        code=code,
        flagged_count=flagged_count,
        left_out_count=left_out_count,
        fault_count=sum(each.is_faulty for each in measured),
        limit=limit,
        present=replace(present, limit=limit.in_profile(profile)),
        proposed=replace(proposed, missed=proposed.missed + unmeasured) if proposed else None,
        why_not=None if proposed else WhyNot.TOO_FEW_FAULTS,
    )


def has_fault(page: JudgedPage, code: str) -> bool | None:
    """Say whether a person named the fault that a finding speaks of; None when the verdict says nothing of it.

    A reason speaks of several findings: those that the machine told are what it means.
    """
    if page.verdict == Verdict.ACCEPTED:
        return False
    reason = reasons().get(page.reason)
    if reason is None:
        return None
    if code in reason.findings:
        told = reason.findings & page.findings
        return True if code in told or not told else None
    return False if reason.is_of_original else None


def worth(page: JudgedPage, weight: float) -> float:
    """Give how many pages a judged page stands for."""
    return 1.0 if page.is_flagged else weight


def weight_of_unflagged(pages: Sequence[JudgedPage], totals: Totals) -> float:
    """Give how many unflagged pages a judged one stands for, beside a flagged page that counts as one.

    Where flagged pages still wait for a person, those that were judged stand for them.
    """
    flagged = sum(page.is_flagged for page in pages)
    unflagged = len(pages) - flagged
    behind_flagged = max(1.0, totals.flagged / flagged) if flagged else 1.0
    behind_unflagged = max(1.0, totals.unflagged / unflagged) if unflagged else 1.0
    return behind_unflagged / behind_flagged
