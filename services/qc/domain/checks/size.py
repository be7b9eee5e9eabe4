"""Is the image large enough to be a page at all?"""

from collections.abc import Iterator

from services.qc.domain.finding import Finding, Severity
from services.qc.domain.page import LookedAt
from services.qc.domain.profile import Profile


def check_size(page: LookedAt, profile: Profile) -> Iterator[Finding]:
    """Compare the number of pixels with the least a page has."""
    pixels = page.measures.width * page.measures.height
    if pixels < profile.least_pixels:
        yield Finding("capture.too_small", Severity.ERROR, pixels, profile.least_pixels)
