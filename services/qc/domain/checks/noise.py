"""Is the paper clean of grain?"""

from collections.abc import Iterator

from services.qc.domain.finding import Finding, Severity
from services.qc.domain.page import LookedAt
from services.qc.domain.profile import Profile


def check_noise(page: LookedAt, profile: Profile) -> Iterator[Finding]:
    """Note grain that no paper has."""
    if page.measures.noise > profile.most_noise:
        yield Finding("tone.noisy", Severity.NOTE, round(page.measures.noise, 1), profile.most_noise)
