"""Does the image end before the text does?"""

from collections.abc import Iterator

from services.qc.domain.finding import Finding, Severity
from services.qc.domain.page import LookedAt
from services.qc.domain.profile import Profile


def check_cut(page: LookedAt, profile: Profile) -> Iterator[Finding]:
    """Ask a person to look when strokes end at an edge of the image as if they had been cut."""
    probability = page.measures.cut_probability
    if probability > profile.most_cut_probability:
        yield Finding("geometry.cut", Severity.REVIEW, probability, profile.most_cut_probability)
