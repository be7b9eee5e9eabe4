"""Profiles and the words of findings, which are shipped as data."""

import re
from pathlib import Path
from typing import get_args

import pytest
from pydantic import ValidationError

import services.qc.domain.checks as checks
from services.qc.domain.finding import Finding, Severity
from services.qc.domain.profile import PROFILES, Profile, UnknownProfile
from services.qc.domain.wording import texts, worded
from shared.imaging.formats import JPEG, PNG, TIFF
from shared.imaging.measurement import Fault, FlawKind

SHIPPED = sorted(path.stem for path in PROFILES.glob("*.toml"))
CODES = sorted(
    {f"integrity.{kind}" for kind in (*get_args(Fault), *get_args(FlawKind))}
    | {
        code
        for path in Path(checks.__file__).parents[2].rglob("*.py")
        for code in re.findall(r'(?:Finding\(\s*|CODE = )"([a-z_.]+)"', path.read_text("utf-8"))
    }
)


def test_three_profiles_are_shipped() -> None:
    assert {"tt05-2025", "preservation", "photo"} <= set(SHIPPED)


def test_photographs_may_be_jpeg_tiff_or_png_of_at_least_200_dpi() -> None:
    profile = Profile.load("photo")
    assert set(profile.formats) == {JPEG, TIFF, PNG}
    assert profile.least_dpi >= 200


@pytest.mark.parametrize("name", ["", "legal", "../profiles/photo", "photo.toml"])
def test_a_profile_that_is_not_shipped_is_refused_by_name(name: str) -> None:
    with pytest.raises(UnknownProfile):
        Profile.load(name)


@pytest.mark.parametrize("name", SHIPPED)
def test_a_shipped_profile_says_its_name_version_and_source(name: str) -> None:
    profile = Profile.load(name)
    assert profile.label == f"{name}/{profile.version}"
    assert profile.source


@pytest.mark.parametrize("name", [name for name in SHIPPED if name != "photo"])
def test_no_profile_of_paper_falls_below_the_legal_minimum(name: str) -> None:
    """Circular 05/2025/TT-BNV, article 8: colour, 24 bit, 200 dpi, maps and drawings 300 dpi."""
    profile = Profile.load(name)
    assert profile.needs_color
    assert profile.least_bit_depth >= 24
    assert profile.least_dpi >= 200
    assert profile.least_dpi_drawings >= 300


def test_a_profile_with_a_misspelt_limit_is_refused() -> None:
    good = Profile.load("tt05-2025").model_dump()
    with pytest.raises(ValidationError):
        Profile.model_validate({**good, "least_dpy": 100})


def test_the_checks_know_more_than_a_dozen_codes() -> None:
    assert len(CODES) > 12


@pytest.mark.parametrize("code", CODES)
def test_every_finding_has_words_in_vietnamese_and_in_english(code: str) -> None:
    finding = Finding(code, Severity.NOTE, 1.5, 2.5)
    vietnamese, english = worded(finding, "vi"), worded(finding, "en")
    assert code not in (vietnamese, english)
    assert vietnamese != english
    assert "{" not in vietnamese + english


def test_no_words_are_left_over() -> None:
    assert texts().codes == set(CODES)


def test_words_tell_value_and_limit() -> None:
    finding = Finding("capture.dpi_low", Severity.ERROR, 150.0, 200.0)
    assert worded(finding, "vi") == "Độ phân giải 150.0 dpi, thấp hơn 200.0 dpi."


def test_a_value_with_braces_is_told_as_it_is() -> None:
    finding = Finding("integrity.unreadable", Severity.ERROR, "{0.__class__} {limit}")
    assert worded(finding, "en") == "The image cannot be decoded: {0.__class__} {limit}"
