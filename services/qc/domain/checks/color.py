"""Is the page in colour and deep enough? (Circular 05/2025/TT-BNV, article 8: colour, at least 24 bit.)"""

from collections.abc import Iterator

from services.qc.domain.finding import Finding, Severity
from services.qc.domain.page import LookedAt
from services.qc.domain.profile import Profile

COLOUR_MODES = frozenset({"RGB", "RGBA", "CMYK", "LAB", "YCbCr", "P"})


def check_color(page: LookedAt, profile: Profile) -> Iterator[Finding]:
    """Compare colour mode and bit depth with the profile."""
    measures = page.measures
    if profile.needs_color and measures.color_mode not in COLOUR_MODES:
        yield Finding("capture.not_color", Severity.ERROR, measures.color_mode, "RGB")
    elif measures.bit_depth < profile.least_bit_depth:
        yield Finding("capture.bit_depth_low", Severity.ERROR, measures.bit_depth, profile.least_bit_depth)
