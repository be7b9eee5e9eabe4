"""Is there paper round the text?"""

from collections.abc import Iterator

from services.qc.domain.finding import Finding, Severity
from services.qc.domain.page import LookedAt
from services.qc.domain.profile import Profile


def check_margin(page: LookedAt, profile: Profile) -> Iterator[Finding]:
    """Note a margin that is next to none; where text is cut, that says more."""
    margin = page.measures.least_margin
    is_cut = page.measures.cut_probability > profile.most_cut_probability
    if margin is not None and margin < profile.least_margin and not is_cut:
        yield Finding("geometry.margin_missing", Severity.NOTE, margin, profile.least_margin)
