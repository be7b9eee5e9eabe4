"""What the machine thinks of a page, from what the sandbox saw of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import chain

from services.qc.domain.checks import found_by_check, unreadable
from services.qc.domain.finding import Finding, judgement_of
from services.qc.domain.page import LookedAt
from services.qc.domain.paper import paper_of
from services.qc.domain.profile import Profile
from shared.imaging.measurement import Measurement
from shared.imaging.resolution import Resolution

UNKNOWN = Resolution(None, "none")


@dataclass(frozen=True, slots=True)
class Opinion:
    """Findings, the judgement they come to (pass, review or fail), and the paper with its A4 equivalents and dpi.

    `outcomes` are the judgements that each check alone comes to, by its name.
    """

    findings: tuple[Finding, ...]
    judgement: str
    paper: str
    a4_equivalents: int
    resolution: Resolution = UNKNOWN
    outcomes: Mapping[str, str] = field(default_factory=dict)


def judge(
    seen: Measurement, profile: Profile, declared_type: str, named_type: str | None, *, is_drawing: bool = False
) -> Opinion:
    """Judge what was seen; the types are those its sender declared and its name says."""
    if seen.measures is None:
        findings = unreadable(seen.fault or "unreadable", seen.detail)
        judgement = judgement_of(findings)
        return Opinion(findings, judgement, "unknown", 1, outcomes={"integrity": judgement})
    page = LookedAt(seen.measures, declared_type, named_type, is_drawing)
    found = found_by_check(page, profile)
    findings = tuple(chain.from_iterable(found.values()))
    outcomes = {check: judgement_of(each) for check, each in found.items()}
    resolution, measures = page.resolution, seen.measures
    paper, a4_equivalents = paper_of(measures.width, measures.height, resolution.dpi, profile.paper_tolerance)
    return Opinion(findings, judgement_of(findings), paper, a4_equivalents, resolution, outcomes)
