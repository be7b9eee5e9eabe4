"""Does a finger or a clip cover an edge of the page?"""

from collections.abc import Iterator

from services.qc.domain.finding import Finding, Severity
from services.qc.domain.page import LookedAt
from services.qc.domain.profile import Profile


def check_intrusion(page: LookedAt, profile: Profile) -> Iterator[Finding]:
    """Ask a person to look when something reaches over an edge of the page."""
    probability = page.measures.intrusion_probability
    if probability > profile.most_intrusion_probability:
        yield Finding("geometry.intrusion", Severity.REVIEW, probability, profile.most_intrusion_probability)
