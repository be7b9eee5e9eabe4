"""Is a part of the page blurred?"""

from collections.abc import Iterator

from services.qc.domain.finding import Finding, Severity
from services.qc.domain.page import LookedAt
from services.qc.domain.profile import Profile


def check_local_blur(page: LookedAt, profile: Profile) -> Iterator[Finding]:
    """Ask a person to look when a part is less sharp than the rest; where the whole page is blurred, that says more."""
    measures, limit = page.measures, profile.most_local_blur_probability
    is_blurred = measures.sharpness is not None and measures.sharpness < profile.least_sharpness
    if measures.local_blur_probability is not None and measures.local_blur_probability > limit and not is_blurred:
        yield Finding("sharpness.blurred_in_part", Severity.REVIEW, measures.local_blur_probability, limit)
