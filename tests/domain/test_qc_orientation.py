"""Which way up a page is, on pages whose truth we know because we set and turned them."""

from functools import cache
from random import Random
from typing import Literal

import pytest
from PIL import Image, ImageDraw

from cli.demo.dossiers import invent_dossiers
from cli.demo.sheets import sheet_of
from cli.demo.typesetting import set_sheet
from services.qc.domain.checks.orientation import check_orientation
from services.qc.domain.finding import Finding, Severity
from services.qc.domain.page import LookedAt
from services.qc.domain.profile import Profile
from shared.imaging.formats import JPEG
from shared.imaging.measuring import Page
from shared.imaging.measuring.orientation import Orientation, orientation_of
from tests.domain.test_qc_checks import GOOD

LEGAL = Profile.load("tt05-2025")
Quarter = Literal[0, 90, 180, 270]


@cache
def letter(number: int) -> Image.Image:
    """Set the first page of a made dossier, as scanned at 150 dpi."""
    return set_sheet(sheet_of(invent_dossiers(number + 1, pages=1)[number], 1), dpi=150).convert("L")


def found(image: Image.Image) -> Orientation:
    """Measure an image's orientation."""
    page = Page(image)
    return orientation_of(page)


@pytest.mark.parametrize("quarter", [0, 90, 180, 270])
@pytest.mark.parametrize("more", [0.0, 2.5, -11.0])
def test_a_letter_turned_counter_clockwise_is_told_by_its_quarter(quarter: Quarter, more: float) -> None:
    skewed = letter(0).rotate(more, Image.Resampling.BICUBIC, expand=True, fillcolor=255)
    told = found(skewed.rotate(quarter, expand=True))
    assert told.degrees == quarter
    assert told.confidence >= LEGAL.least_orientation_confidence


def test_a_page_turned_half_round_is_told_half_round_and_as_surely() -> None:
    upright, over = found(letter(1)), found(letter(1).rotate(180))
    assert (upright.degrees, over.degrees) == (0, 180)
    assert upright.confidence == pytest.approx(over.confidence, abs=0.05)


@pytest.mark.parametrize("size", [(1240, 1754), (40, 40), (1, 1), (3000, 60)])
def test_a_blank_page_of_any_size_is_said_to_be_upright_and_unsure(size: tuple[int, int]) -> None:
    told = found(Image.new("RGB", size, (240, 235, 225)))
    assert told == Orientation(0, 0.0)


def test_a_page_of_grain_alone_is_unsure() -> None:
    assert found(Image.effect_noise((1240, 1754), 30)).confidence < 0.5


def test_an_even_pattern_is_unsure() -> None:
    image = Image.new("L", (1240, 1754), 255)
    draw = ImageDraw.Draw(image)
    for y in range(100, 1700, 40):
        for x in range(100, 1200, 30):
            draw.ellipse((x - 8, y - 8, x + 8, y + 8), outline=0, width=3)
    told = found(image)
    assert told.degrees == 0
    assert told.confidence < 0.5


def test_a_drawing_without_words_is_unsure() -> None:
    dice = Random(3)
    image = Image.new("L", (1240, 1754), 255)
    draw = ImageDraw.Draw(image)
    for _ in range(60):
        points = [(dice.uniform(60, 1180), dice.uniform(60, 1700)) for _ in range(2)]
        draw.line(points, fill=0, width=3)
    assert found(image).confidence < LEGAL.least_orientation_confidence


@pytest.mark.parametrize("degrees", [90, 180, 270])
def test_a_page_that_is_surely_turned_is_a_finding_for_a_person(degrees: Quarter) -> None:
    measures = GOOD.model_copy(update={"orientation_degrees": degrees, "orientation_confidence": 0.97})
    expected = Finding("geometry.turned", Severity.REVIEW, degrees, 0)
    assert list(check_orientation(LookedAt(measures, JPEG, JPEG), LEGAL)) == [expected]


@pytest.mark.parametrize(("degrees", "confidence"), [(0, 1.0), (180, 0.6), (90, 0.0)])
def test_an_upright_page_or_an_unsure_guess_is_no_finding(degrees: Quarter, confidence: float) -> None:
    measures = GOOD.model_copy(update={"orientation_degrees": degrees, "orientation_confidence": confidence})
    assert list(check_orientation(LookedAt(measures, JPEG, JPEG), LEGAL)) == []
