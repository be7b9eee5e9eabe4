"""Does the ink stand out from the paper?"""

from collections.abc import Iterator

from services.qc.domain.finding import Finding, Severity
from services.qc.domain.page import LookedAt
from services.qc.domain.profile import Profile


def check_contrast(page: LookedAt, profile: Profile) -> Iterator[Finding]:
    """Ask a person to look at a flat page; one without strokes has no ink to stand out."""
    measures = page.measures
    if measures.sharpness is not None and measures.contrast < profile.least_contrast:
        yield Finding("tone.low_contrast", Severity.REVIEW, round(measures.contrast, 2), profile.least_contrast)
