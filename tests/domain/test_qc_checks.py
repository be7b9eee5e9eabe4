"""What the checks find, from measures alone."""

from collections.abc import Mapping

import pytest

from services.qc.domain.checks import checked, found_by_check, unreadable
from services.qc.domain.finding import Finding, Severity, judgement_of
from services.qc.domain.page import LookedAt
from services.qc.domain.profile import Profile
from shared.imaging.formats import JPEG, PNG
from shared.imaging.measurement import Measures

LEGAL = Profile.load("tt05-2025")
PRESERVATION = Profile.load("preservation")
GOOD = Measures(
    media_type=JPEG,
    width=2480,
    height=3508,
    dpi_x=300,
    dpi_y=300,
    color_mode="RGB",
    bit_depth=24,
    channels=3,
    frame_count=1,
    bytes_after_end=0,
    copy_width=1240,
    copy_height=1754,
    ink_share=0.04,
    skew_degrees=0.2,
    orientation_degrees=0,
    orientation_confidence=0.9,
    sharpness=0.8,
    blur_probability=0.02,
    blank_probability=0.01,
    p01=40,
    p50=220,
    p99=245,
    clipped_dark=0,
    clipped_light=0,
    overexposed_probability=0.01,
    contrast=0.8,
    noise=1.0,
    border_share=0,
    cut_probability=0.01,
    hash="00",
    jpeg_quality=90,
    has_color_profile=True,
    seconds_decode=0.1,
    seconds_measure=0.1,
    seconds_copies=0.1,
)


def found(measures: Mapping[str, object], profile: Profile = LEGAL, is_drawing: bool = False) -> dict[str, Severity]:
    """Check a good page with some measures changed; gives severities by code."""
    page = LookedAt(GOOD.model_copy(update=measures), JPEG, JPEG, is_drawing)
    return {finding.code: finding.severity for finding in checked(page, profile)}


def test_a_good_page_has_no_findings_under_either_profile() -> None:
    assert found({}) == {}
    assert found({}, PRESERVATION) == {}


@pytest.mark.parametrize(
    ("measures", "code", "severity"),
    [
        ({"dpi_x": 150, "dpi_y": 150}, "capture.dpi_low", Severity.ERROR),
        ({"dpi_x": 300, "dpi_y": 150}, "capture.dpi_low", Severity.ERROR),
        ({"dpi_x": 300, "dpi_y": 250}, "capture.dpi_uneven", Severity.REVIEW),
        ({"dpi_x": None, "dpi_y": None}, "capture.dpi_missing", Severity.REVIEW),
        ({"color_mode": "L", "bit_depth": 8}, "capture.not_color", Severity.ERROR),
        ({"color_mode": "1", "bit_depth": 1}, "capture.not_color", Severity.ERROR),
        ({"color_mode": "P", "bit_depth": 8}, "capture.bit_depth_low", Severity.ERROR),
        ({"width": 400, "height": 600}, "capture.too_small", Severity.ERROR),
        ({"blank_probability": 0.98, "skew_degrees": None, "sharpness": None}, "content.blank", Severity.REVIEW),
        ({"cut_probability": 0.9}, "geometry.cut", Severity.REVIEW),
        ({"border_share": 0.4}, "geometry.border", Severity.NOTE),
        ({"least_margin": 0.8}, "geometry.margin_missing", Severity.NOTE),
        ({"gutter": 0.5}, "geometry.two_pages", Severity.REVIEW),
        ({"skew_degrees": -4.2}, "geometry.skewed", Severity.REVIEW),
        ({"sharpness": 0.1}, "sharpness.blurred", Severity.REVIEW),
        ({"local_blur_probability": 0.9}, "sharpness.blurred_in_part", Severity.REVIEW),
        ({"intrusion_probability": 0.9}, "geometry.intrusion", Severity.REVIEW),
        ({"frame_count": 2}, "format.several_images", Severity.REVIEW),
        ({"bytes_after_end": 12}, "format.bytes_after_end", Severity.NOTE),
        ({"complaints": ("Corrupt EXIF data",)}, "format.decoder_complained", Severity.NOTE),
        ({"media_type": PNG}, "format.declared_differs", Severity.REVIEW),
        ({"media_type": PNG}, "format.name_differs", Severity.NOTE),
    ],
)
def test_each_shortcoming_is_found_with_its_weight(measures: dict[str, object], code: str, severity: Severity) -> None:
    assert found(measures)[code] == severity


@pytest.mark.parametrize(
    "measures",
    [
        {"dpi_x": 200, "dpi_y": 200},
        {"dpi_x": 199.9, "dpi_y": 199.9},  # 78.7 dots a centimetre
        {"color_mode": "RGBA", "bit_depth": 32},
        {"color_mode": "CMYK", "bit_depth": 32},
        {"skew_degrees": -2.9},
        {"skew_degrees": None},
        {"sharpness": None},
        {"least_margin": 3.0},
    ],
)
def test_what_keeps_within_the_legal_limits_is_not_a_finding(measures: dict[str, object]) -> None:
    assert found(measures) == {}


def test_a_map_needs_300_dpi_where_a_letter_needs_200() -> None:
    at_200 = {"dpi_x": 200, "dpi_y": 200}
    assert found(at_200) == {}
    assert found(at_200, is_drawing=True) == {"capture.dpi_low": Severity.ERROR}


def test_the_preservation_profile_asks_300_dpi_of_every_page() -> None:
    assert found({"dpi_x": 200, "dpi_y": 200}, PRESERVATION) == {"capture.dpi_low": Severity.ERROR}


def test_a_finding_tells_the_measured_value_and_the_limit_it_broke() -> None:
    page = LookedAt(GOOD.model_copy(update={"dpi_x": 150.04, "dpi_y": 150.04}), JPEG, None)
    assert checked(page, LEGAL) == (Finding("capture.dpi_low", Severity.ERROR, 150.0, 200.0),)


def test_a_page_that_nobody_can_see_is_an_integrity_error_and_fails() -> None:
    (finding,) = unreadable("truncated", "the JPEG has no end")
    assert (finding.code, finding.severity) == ("integrity.truncated", Severity.ERROR)
    assert judgement_of((finding,)) == "fail"


@pytest.mark.parametrize(
    ("severities", "judgement"),
    [
        ((), "pass"),
        ((Severity.NOTE, Severity.NOTE), "pass"),
        ((Severity.NOTE, Severity.REVIEW), "review"),
        ((Severity.REVIEW, Severity.ERROR, Severity.NOTE), "fail"),
    ],
)
def test_the_heaviest_finding_judges(severities: tuple[Severity, ...], judgement: str) -> None:
    assert judgement_of(tuple(Finding("any.code", severity) for severity in severities)) == judgement


def test_where_text_is_cut_nothing_is_said_of_the_missing_margin() -> None:
    assert found({"cut_probability": 0.95, "least_margin": 0.0}) == {"geometry.cut": Severity.REVIEW}


def test_where_the_whole_page_is_blurred_nothing_is_said_of_a_part() -> None:
    assert found({"sharpness": 0.1, "local_blur_probability": 0.9}) == {"sharpness.blurred": Severity.REVIEW}


def test_a_missing_colour_target_is_noted_only_where_the_profile_wants_one() -> None:
    wanting = PRESERVATION.model_copy(update={"wants_color_target": True})
    assert found({}, wanting) == {"capture.no_color_target": Severity.NOTE}
    assert found({"color_target": True}, wanting) == {}


def test_a_check_that_the_profile_does_not_ask_for_came_to_nothing_and_is_not_told_as_passed() -> None:
    page = LookedAt(GOOD, JPEG, JPEG)
    assert "color_target" not in found_by_check(page, PRESERVATION)
    wanting = PRESERVATION.model_copy(update={"wants_color_target": True})
    assert found_by_check(page, wanting)["color_target"], "asked for, it is told"
