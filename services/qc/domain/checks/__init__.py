"""One check a file, each a pure function from measures and profile to findings."""

from collections.abc import Callable, Iterable
from itertools import chain

from services.qc.domain.checks.blank import check_blank
from services.qc.domain.checks.blur import check_blur
from services.qc.domain.checks.border import check_border
from services.qc.domain.checks.color import check_color
from services.qc.domain.checks.color_target import check_color_target
from services.qc.domain.checks.compression import check_compression
from services.qc.domain.checks.container import check_container
from services.qc.domain.checks.contrast import check_contrast
from services.qc.domain.checks.cut import check_cut
from services.qc.domain.checks.exposure import check_exposure
from services.qc.domain.checks.integrity import check_integrity
from services.qc.domain.checks.intrusion import check_intrusion
from services.qc.domain.checks.light import check_light
from services.qc.domain.checks.local_blur import check_local_blur
from services.qc.domain.checks.margin import check_margin
from services.qc.domain.checks.noise import check_noise
from services.qc.domain.checks.orientation import check_orientation
from services.qc.domain.checks.resolution import check_resolution
from services.qc.domain.checks.size import check_size
from services.qc.domain.checks.skew import check_skew
from services.qc.domain.checks.two_pages import check_two_pages
from services.qc.domain.finding import Finding, Severity
from services.qc.domain.page import LookedAt
from services.qc.domain.profile import Profile

Check = Callable[[LookedAt, Profile], Iterable[Finding]]

CHECKS: tuple[Check, ...] = (
    check_integrity,
    check_container,
    check_size,
    check_resolution,
    check_color,
    check_color_target,
    check_compression,
    check_blank,
    check_orientation,
    check_skew,
    check_blur,
    check_local_blur,
    check_cut,
    check_intrusion,
    check_border,
    check_exposure,
    check_contrast,
    check_light,
    check_noise,
    check_margin,
    check_two_pages,
)


def found_by_check(page: LookedAt, profile: Profile) -> dict[str, tuple[Finding, ...]]:
    """Run every check that a profile asks for over a page that could be decoded; gives what each found, by its name."""
    asked = (check for check in CHECKS if is_asked(check, profile))
    return {check.__name__.removeprefix("check_"): tuple(check(page, profile)) for check in asked}


def is_asked(check: Check, profile: Profile) -> bool:
    """Say whether a profile asks for a check; one that nobody asks for has not been passed either."""
    return check is not check_color_target or profile.wants_color_target


def checked(page: LookedAt, profile: Profile) -> tuple[Finding, ...]:
    """Give what all checks found together."""
    return tuple(chain.from_iterable(found_by_check(page, profile).values()))


def unreadable(fault: str, detail: str) -> tuple[Finding, ...]:
    """Give the one finding of a page that nobody can see."""
    return (Finding(f"integrity.{fault}", Severity.ERROR, value=detail),)
