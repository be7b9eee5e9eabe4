"""Is the resolution what the profile asks? (Circular 05/2025/TT-BNV, article 8: 200 dpi; maps and drawings 300.)"""

from collections.abc import Iterator

from services.qc.domain.finding import Finding, Severity
from services.qc.domain.page import LookedAt
from services.qc.domain.profile import Profile

ROUNDING = 1.0


def check_resolution(page: LookedAt, profile: Profile) -> Iterator[Finding]:
    """Compare the lower of both resolutions with the least allowed; a missing tag is for a person to judge."""
    least = profile.least_dpi_drawings if page.is_drawing else profile.least_dpi
    if page.dpi is None:
        yield Finding("capture.dpi_missing", Severity.REVIEW, None, least)
        return
    lowest = min(page.dpi)
    if lowest < least - ROUNDING:
        yield Finding("capture.dpi_low", Severity.ERROR, round(lowest, 1), least)
    if abs(page.dpi[0] - page.dpi[1]) > ROUNDING:
        yield Finding("capture.dpi_uneven", Severity.REVIEW, round(page.dpi[0], 1), round(page.dpi[1], 1))
