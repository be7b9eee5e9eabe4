"""Did the scanner get the right amount of light?"""

from collections.abc import Iterator

from services.qc.domain.finding import Finding, Severity
from services.qc.domain.page import LookedAt
from services.qc.domain.profile import Profile


def check_exposure(page: LookedAt, profile: Profile) -> Iterator[Finding]:
    """Ask a person to look at a page that is likely over- or underexposed; note how much of its paper is clipped."""
    measures, likely = page.measures, profile.most_exposure_probability
    if measures.overexposed_probability > likely:
        yield Finding("tone.overexposed", Severity.REVIEW, round(measures.overexposed_probability, 2), likely)
    if measures.underexposed_probability > likely:
        yield Finding("tone.underexposed", Severity.REVIEW, round(measures.underexposed_probability, 2), likely)
    clipped = max(measures.clipped_dark, measures.clipped_light)
    if clipped > profile.most_clipped_share:
        yield Finding("tone.clipped", Severity.NOTE, round(clipped, 2), profile.most_clipped_share)
