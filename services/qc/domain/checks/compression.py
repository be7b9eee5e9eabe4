"""What was lost when the page was compressed, and whether its colours are told exactly?"""

from collections.abc import Iterator

from services.qc.domain.finding import Finding, Severity
from services.qc.domain.page import LookedAt
from services.qc.domain.profile import Profile


def check_compression(page: LookedAt, profile: Profile) -> Iterator[Finding]:
    """Compare a JPEG's quality with the least allowed; note an earlier JPEG and colours without a profile."""
    quality = page.measures.jpeg_quality
    if quality is not None and quality < profile.least_jpeg_quality:
        yield Finding("capture.jpeg_quality_low", Severity.REVIEW, quality, profile.least_jpeg_quality)
    if page.measures.was_jpeg:
        yield Finding("capture.was_jpeg", Severity.NOTE)
    if profile.wants_color_profile and page.measures.channels >= 3 and not page.measures.has_color_profile:
        yield Finding("capture.no_color_profile", Severity.NOTE)
