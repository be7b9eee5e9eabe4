"""Are there any sharp edges on the page?"""

from collections.abc import Iterator

from services.qc.domain.finding import Finding, Severity
from services.qc.domain.page import LookedAt
from services.qc.domain.profile import Profile


def check_blur(page: LookedAt, profile: Profile) -> Iterator[Finding]:
    """Ask a person to look when even the steepest edges are soft; a page without ink has no sharpness."""
    sharpness = page.measures.sharpness
    if sharpness is not None and sharpness < profile.least_sharpness:
        yield Finding("sharpness.blurred", Severity.REVIEW, sharpness, profile.least_sharpness)
