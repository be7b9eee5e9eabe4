"""Was a colour target scanned with the page?"""

from collections.abc import Iterator

from services.qc.domain.finding import Finding, Severity
from services.qc.domain.page import LookedAt
from services.qc.domain.profile import Profile


def check_color_target(page: LookedAt, profile: Profile) -> Iterator[Finding]:
    """Note that there is none where the profile wants one; most pages are scanned without, so no shipped one does."""
    if profile.wants_color_target and not page.measures.color_target:
        yield Finding("capture.no_color_target", Severity.NOTE)
