"""Tell what the machine and the inspectors of qc said of a version of a page."""

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from uuid import UUID

from services.ingest.models import PageCheck, PageVerdict
from services.ingest.operations.actors import checking_program, inspector
from shared.eark.premis import Identifier, PreservationEvent

OUTCOMES = {
    **{"pass": "success", "review": "partial", "fail": "fail"},
    **{"accepted": "success", "accepted_with_reservation": "partial", "rescan": "fail", "rejected": "fail"},
}


def check_told(check: PageCheck, target: Identifier) -> Iterator[PreservationEvent]:
    """Tell by which profile a version was checked, what each check came to, and what was found."""
    came_to: dict[str, list[str]] = defaultdict(list)
    for name, outcome in json.loads(check.checks):
        came_to[outcome].append(name)
    told = [f"{outcome}: {', '.join(came_to[outcome])}" for outcome in ("pass", "review", "fail") if came_to[outcome]]
    found = json.loads(check.findings)
    told += [f"found: {', '.join(found)}"] if found else []
    yield PreservationEvent(
        "validation",
        check.checked_at,
        ((checking_program(check.program), "executing program"),),
        (target,),
        outcome=OUTCOMES.get(check.judgement, check.judgement),
        detail=f"profile {check.profile}: {check.judgement}",
        note="; ".join(told),
    )


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
