"""Does the text stand straight?"""

from collections.abc import Iterator

from services.qc.domain.finding import Finding, Severity
from services.qc.domain.page import LookedAt
from services.qc.domain.profile import Profile


def check_skew(page: LookedAt, profile: Profile) -> Iterator[Finding]:
    """Ask a person to look at a grossly turned page; a page without enough text has no angle."""
    angle = page.measures.skew_degrees
    if angle is not None and abs(angle) > profile.most_skew_degrees:
        yield Finding("geometry.skewed", Severity.REVIEW, angle, profile.most_skew_degrees)
