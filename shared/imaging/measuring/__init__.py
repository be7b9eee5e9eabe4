"""Measure a decoded page: one file a measure, all on the same reduced images; runs only inside the sandbox."""

from shared.imaging.measurement import PixelMeasures
from shared.imaging.measuring.blank import emptiness_of
from shared.imaging.measuring.color_target import color_target_of
from shared.imaging.measuring.cut import cut_probability_of
from shared.imaging.measuring.fingerprint import fingerprint_of
from shared.imaging.measuring.intrusion import intrusion_of
from shared.imaging.measuring.light import light_of
from shared.imaging.measuring.local_blur import local_blur_of
from shared.imaging.measuring.margin import least_margin_of
from shared.imaging.measuring.noise import noise_of
from shared.imaging.measuring.orientation import Orientation, orientation_of
from shared.imaging.measuring.page import Page
from shared.imaging.measuring.sharpness import sharpness_of
from shared.imaging.measuring.skew import skew_of
from shared.imaging.measuring.tone import tones_of

__all__ = ["Page", "measure"]

SURE = 0.9  # that a page lies on its side


def turns_of(orientation: Orientation) -> int:
    """Give the quarters that a page is turned by for sure; upside down is compared either way."""
    return orientation.degrees // 90 if orientation.confidence >= SURE and orientation.degrees in (90, 270) else 0


def measure(page: Page) -> PixelMeasures:
    """Take every measure of a page."""
    target = color_target_of(page)
    tones, light, emptiness, sharpness = tones_of(page), light_of(page, target), emptiness_of(page), sharpness_of(page)
    orientation, local_blur, intrusion = orientation_of(page), local_blur_of(page), intrusion_of(page, target)
    skew = skew_of(page, orientation.lines)
    return PixelMeasures(
        skew_degrees=skew.degrees,
        orientation_degrees=orientation.degrees,
        orientation_confidence=orientation.confidence,
        sharpness=sharpness.sharpness,
        blur_probability=sharpness.blur_probability,
        blank_probability=emptiness.blank_probability,
        ink_share=emptiness.ink_share,
        p01=tones.p01,
        p50=tones.p50,
        p99=tones.p99,
        clipped_dark=tones.clipped_dark,
        clipped_light=tones.clipped_light,
        overexposed_probability=tones.overexposed_probability,
        underexposed_probability=tones.underexposed_probability,
        contrast=tones.contrast,
        colour_cast=light.colour_cast,
        uneven_light=light.uneven_light,
        noise=noise_of(page),
        border_share=page.paper.border_share,
        cut_probability=cut_probability_of(page),
        least_margin=least_margin_of(page),
        gutter=page.paper.gutter,
        local_blur_probability=local_blur.probability,
        blurred_part=local_blur.part,
        intrusion_probability=intrusion.probability,
        intruding_part=intrusion.part,
        color_target=target is not None,
        hash=fingerprint_of(page, skew.degrees, turns_of(orientation)),
    )
