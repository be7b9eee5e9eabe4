"""Does the page stand upright?"""

from collections.abc import Iterator

from services.qc.domain.finding import Finding, Severity
from services.qc.domain.page import LookedAt
from services.qc.domain.profile import Profile


def check_orientation(page: LookedAt, profile: Profile) -> Iterator[Finding]:
    """Ask a person to look at a page that lies on its side or head, where its text says so clearly."""
    turned = page.measures.orientation_degrees
    if turned != 0 and page.measures.orientation_confidence >= profile.least_orientation_confidence:
        yield Finding("geometry.turned", Severity.REVIEW, turned, 0)
