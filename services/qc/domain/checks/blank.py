"""Is there anything on the page?"""

from collections.abc import Iterator

from services.qc.domain.finding import Finding, Severity
from services.qc.domain.page import LookedAt
from services.qc.domain.profile import Profile


def check_blank(page: LookedAt, profile: Profile) -> Iterator[Finding]:
    """Ask a person to look when next to nothing is darker than the paper."""
    if page.measures.ink_share < profile.blank_ink_share:
        share = round(page.measures.ink_share, 6)
        yield Finding("content.blank", Severity.REVIEW, share, profile.blank_ink_share)
