"""Does the file hold everything it should, unbroken?"""

from collections.abc import Iterator

from services.qc.domain.finding import Finding, Severity
from services.qc.domain.page import LookedAt
from services.qc.domain.profile import Profile
from shared.imaging.measurement import FlawKind

SEVERITIES: dict[FlawKind, Severity] = {
    "damaged": Severity.ERROR,
    "data_missing": Severity.ERROR,
    "hole": Severity.ERROR,
    "shifted": Severity.REVIEW,
    "data_left": Severity.REVIEW,
    "odd_structure": Severity.REVIEW,
}


def check_integrity(page: LookedAt, _profile: Profile) -> Iterator[Finding]:
    """Pass on what is wrong in the file: an error where part of the page is lost, else for a person to see."""
    for kind, severity in SEVERITIES.items():
        details = [flaw.detail for flaw in page.measures.flaws if flaw.kind == kind]
        if details:
            yield Finding(f"integrity.{kind}", severity, "; ".join(details)[:300])
