"""Is the resolution what the profile asks? (Circular 05/2025/TT-BNV, article 8: 200 dpi; maps and drawings 300.)"""

from collections.abc import Iterator

from services.qc.domain.finding import Finding, Severity
from services.qc.domain.page import LookedAt
from services.qc.domain.profile import Profile

ROUNDING = 1.0


def check_resolution(page: LookedAt, profile: Profile) -> Iterator[Finding]:
    """Compare the lower of both resolutions with the least allowed; one that is only estimated is for a person."""
    least = profile.least_dpi_drawings if page.is_drawing else profile.least_dpi
    found, told = page.resolution, page.tagged_dpi
    if found.source != "tag":
        guess = round(found.dpi[0], 1) if found.dpi else None
        if told is None:
            yield Finding("capture.dpi_missing", Severity.REVIEW, guess, least)
        else:
            yield Finding("capture.dpi_untrue", Severity.REVIEW, round(min(told), 1), guess)
    if found.dpi is None:
        return
    lowest = min(found.dpi)
    if lowest < least - ROUNDING:
        weight = Severity.ERROR if found.source == "tag" else Severity.REVIEW
        yield Finding("capture.dpi_low", weight, round(lowest, 1), least)
    if abs(found.dpi[0] - found.dpi[1]) > ROUNDING:
        yield Finding("capture.dpi_uneven", Severity.REVIEW, round(found.dpi[0], 1), round(found.dpi[1], 1))
