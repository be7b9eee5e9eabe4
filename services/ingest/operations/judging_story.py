"""Tell what the machine and the inspectors of qc said of a version of a page."""

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import lru_cache
from uuid import UUID

from services.ingest.models import PageVerdict
from services.ingest.operations.actors import checking_program, inspector
from services.ingest.operations.past import Check
from shared.eark.premis import Identifier, PreservationEvent

OUTCOMES = {
    **{"pass": "success", "review": "partial", "fail": "fail"},
    **{"accepted": "success", "accepted_with_reservation": "partial", "rescan": "fail", "rejected": "fail"},
}


def check_told(check: Check, target: Identifier) -> Iterator[PreservationEvent]:
    """Tell by which profile a version was checked, what each check came to, and what was found."""
    yield PreservationEvent(
        "validation",
        check.checked_at,
        ((checking_program(check.program), "executing program"),),
        (target,),
        outcome=OUTCOMES.get(check.judgement, check.judgement),
        detail=f"profile {check.profile}: {check.judgement}",
        note=came_to(check.checks, check.findings),
    )


@lru_cache(maxsize=1024)
def came_to(checks: str, findings: str) -> str:
    """Say which checks passed and which did not, and what was found; most pages say the same."""
    by_outcome: dict[str, list[str]] = defaultdict(list)
    for name, outcome in json.loads(checks):
        by_outcome[outcome].append(name)
    told = [f"{each}: {', '.join(by_outcome[each])}" for each in ("pass", "review", "fail") if each in by_outcome]
    found = json.loads(findings)
    return "; ".join(told + ([f"found: {', '.join(found)}"] if found else []))


def verdict_told(said: PageVerdict, given: Mapping[UUID, PageVerdict], target: Identifier) -> PreservationEvent:
    """Tell a verdict with its reason, or that it was taken back."""
    if said.undoes is not None:
        undone = given.get(said.undoes)
        outcome, detail = "success", f"verdict taken back: {undone.verdict}" if undone else "verdict taken back"
    else:
        outcome, detail = OUTCOMES.get(said.verdict, said.verdict), said.verdict
        detail += f", reason {said.reason}" if said.reason else ""
        detail += ", together with other pages" if said.is_bulk else ""
    return PreservationEvent(
        "quality review",
        said.given_at,
        ((inspector(said.inspector), "validator"),),
        (target,),
        outcome=outcome,
        detail=detail,
        note=said.explanation,
    )
