"""Does the image show one page?"""

from collections.abc import Iterator

from services.qc.domain.finding import Finding, Severity
from services.qc.domain.page import LookedAt
from services.qc.domain.profile import Profile


def check_two_pages(page: LookedAt, _profile: Profile) -> Iterator[Finding]:
    """Ask a person to look at a wide image with a gutter in its middle: it may be an open book, or a folded map."""
    if page.measures.gutter is not None:
        yield Finding("geometry.two_pages", Severity.REVIEW, page.measures.gutter)
