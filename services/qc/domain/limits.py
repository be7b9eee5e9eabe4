"""Which measure each check holds against which limit of the profile: the limits that can be learnt from verdicts.

What the law or a page's bare size asks for (dpi, depth, pixels) is not here: people's verdicts do not change it.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from services.qc.domain.calibrating import Worse
from services.qc.domain.profile import Profile

Told = Mapping[str, object]  # measures as they are kept: by name, None where there was nothing to measure


@dataclass(frozen=True, slots=True)
class Limit:
    """The limit behind a finding: the profile's `field`, and the side of it on which a page is flagged.

    Of several `measures` the greatest counts, by its distance from 0 when `is_absolute`. A page is flagged only where
    `only_measured` was measured and `only_nonzero` is not 0.
    """

    code: str
    measures: tuple[str, ...]
    field: str
    worse: Worse
    is_absolute: bool = False
    only_measured: str | None = None
    only_nonzero: str | None = None

    def value_in(self, told: Told) -> float | None:
        """Give what is held against the limit; None for a page that no limit would flag."""
        values = [value for name in self.measures if (value := number_in(told, name)) is not None]
        if not values or (self.only_measured and number_in(told, self.only_measured) is None):
            return None
        if self.only_nonzero and not number_in(told, self.only_nonzero):
            return None
        return max(map(abs, values)) if self.is_absolute else max(values)

    def in_profile(self, profile: Profile) -> float:
        """Give the limit as a profile has it."""
        return float(getattr(profile, self.field))


LIMITS: Mapping[str, Limit] = {
    limit.code: limit
    for limit in (
        Limit("capture.jpeg_quality_low", ("jpeg_quality",), "least_jpeg_quality", "below"),
        Limit("content.blank", ("blank_probability",), "most_blank_probability", "above"),
        Limit("geometry.border", ("border_share",), "most_border_share", "above"),
        Limit("geometry.cut", ("cut_probability",), "most_cut_probability", "above"),
        Limit("geometry.intrusion", ("intrusion_probability",), "most_intrusion_probability", "above"),
        Limit("geometry.margin_missing", ("least_margin",), "least_margin", "below"),
        Limit("geometry.skewed", ("skew_degrees",), "most_skew_degrees", "above", is_absolute=True),
        Limit(
            "geometry.turned",
            ("orientation_confidence",),
            "least_orientation_confidence",
            "above",
            only_nonzero="orientation_degrees",
        ),
        Limit("sharpness.blurred", ("sharpness",), "least_sharpness", "below"),
        Limit("sharpness.blurred_in_part", ("local_blur_probability",), "most_local_blur_probability", "above"),
        Limit("tone.clipped", ("clipped_dark", "clipped_light"), "most_clipped_share", "above"),
        Limit("tone.colour_cast", ("colour_cast",), "most_colour_cast", "above"),
        Limit("tone.low_contrast", ("contrast",), "least_contrast", "below", only_measured="sharpness"),
        Limit("tone.noisy", ("noise",), "most_noise", "above"),
        Limit("tone.overexposed", ("overexposed_probability",), "most_exposure_probability", "above"),
        Limit("tone.underexposed", ("underexposed_probability",), "most_exposure_probability", "above"),
        Limit("tone.uneven_light", ("uneven_light",), "most_uneven_light", "above"),
    )
}
MEASURES = frozenset(
    name
    for limit in LIMITS.values()
    for name in (*limit.measures, limit.only_measured, limit.only_nonzero)
    if name is not None
)


def number_in(told: Told, name: str) -> float | None:
    """Give a measure that is a number."""
    value = told.get(name)
    return float(value) if isinstance(value, int | float) else None


def numbers_in(told: Told) -> dict[str, float]:
    """Give the measures that any limit is about."""
    return {name: value for name in sorted(MEASURES) if (value := number_in(told, name)) is not None}
