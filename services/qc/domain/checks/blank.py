"""Is there anything on the page?"""

from collections.abc import Iterator

from services.qc.domain.finding import Finding, Severity
from services.qc.domain.page import LookedAt
from services.qc.domain.profile import Profile


def check_blank(page: LookedAt, profile: Profile) -> Iterator[Finding]:
    """Ask a person to look when there are next to no strokes of a pen or a press on the paper."""
    probability = page.measures.blank_probability
    if probability > profile.most_blank_probability:
        yield Finding("content.blank", Severity.REVIEW, probability, profile.most_blank_probability)
