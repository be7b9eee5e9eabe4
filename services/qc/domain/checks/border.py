"""How much of the image is not paper?"""

from collections.abc import Iterator

from services.qc.domain.finding import Finding, Severity
from services.qc.domain.page import LookedAt
from services.qc.domain.profile import Profile


def check_border(page: LookedAt, profile: Profile) -> Iterator[Finding]:
    """Note a wide border or surround: it is the scanner's to crop, and no fault of the page."""
    share = page.measures.border_share
    if share > profile.most_border_share:
        yield Finding("geometry.border", Severity.NOTE, share, profile.most_border_share)
