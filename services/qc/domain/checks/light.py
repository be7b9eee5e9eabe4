"""Was the light on the paper white, and even?"""

from collections.abc import Iterator

from services.qc.domain.finding import Finding, Severity
from services.qc.domain.page import LookedAt
from services.qc.domain.profile import Profile


def check_light(page: LookedAt, profile: Profile) -> Iterator[Finding]:
    """Note a colour that no paper has, for there is coloured paper, and light that fades over the page."""
    measures = page.measures
    if measures.colour_cast > profile.most_colour_cast:
        yield Finding("tone.colour_cast", Severity.NOTE, round(measures.colour_cast, 1), profile.most_colour_cast)
    if measures.uneven_light > profile.most_uneven_light:
        yield Finding("tone.uneven_light", Severity.NOTE, round(measures.uneven_light, 2), profile.most_uneven_light)
