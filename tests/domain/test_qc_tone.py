"""Tones, light and grain of pages whose truth we know because we drew them, and what is found in them."""

from io import BytesIO

import numpy as np
import pytest
from PIL import Image, ImageDraw

from services.qc.domain.checks import checked
from services.qc.domain.finding import Severity
from services.qc.domain.page import LookedAt
from services.qc.domain.profile import Profile
from shared.imaging.formats import JPEG
from shared.imaging.measuring.light import light_of
from shared.imaging.measuring.noise import noise_of
from shared.imaging.measuring.page import Page
from shared.imaging.measuring.tone import Tones, tones_of
from tests.domain.test_qc_checks import GOOD
from tests.hostile import page

LEGAL = Profile.load("tt05-2025")
PAPER = (236, 231, 218)


def tones(image: Image.Image) -> Tones:
    """Measure an image's tones."""
    return tones_of(Page(image))


def lit(image: Image.Image, gain: float, lift: float = 0) -> Image.Image:
    """Light a page anew."""
    return image.point([min(255, max(0, round(tone * gain + lift))) for tone in range(256)] * len(image.getbands()))


def grainy(image: Image.Image, deviation: float) -> Image.Image:
    """Add grain of a known standard deviation."""
    pixels = np.asarray(image, dtype=np.float32)
    grain = np.random.default_rng(3).normal(0, deviation, pixels.shape[:2])
    if pixels.ndim == 3:
        grain = grain[..., None]
    return Image.fromarray(np.clip(pixels + grain, 0, 255).round().astype(np.uint8))


SOUND = grainy(page(1240, 1754).convert("RGB"), 3)


def test_tones_are_of_the_paper_and_not_of_a_black_surround() -> None:
    around = Image.new("RGB", (1800, 2400), (4, 4, 4))
    around.paste(SOUND, (300, 300))
    inside, alone = tones(around), tones(SOUND)
    assert abs(inside.p50 - alone.p50) <= 1
    assert inside.clipped_dark == pytest.approx(alone.clipped_dark, abs=0.01)


def test_a_page_in_too_much_light_is_overexposed_and_a_sound_one_is_not() -> None:
    assert tones(SOUND).overexposed_probability < 0.2
    burnt = lit(SOUND, 1.3, 40)
    assert tones(burnt).overexposed_probability > LEGAL.most_exposure_probability
    assert tones(burnt).clipped_light > 0.5


def test_the_more_light_the_likelier_a_page_is_overexposed() -> None:
    found = [tones(lit(SOUND, gain, 20 * gain)).overexposed_probability for gain in (1.0, 1.1, 1.3, 1.6)]
    assert found == sorted(found)


@pytest.mark.parametrize(
    "image",
    [
        SOUND.convert("L").point(lambda tone: 255 if tone > 128 else 0),  # two tones
        SOUND.point(lambda tone: 248 if tone > 200 else tone),  # very light paper
        SOUND.point(lambda tone: 215 + tone // 8),  # pencil that faded
        Image.new("RGB", (1240, 1754), (250, 250, 250)),
        Image.new("RGB", (1240, 1754), (255, 255, 255)),
        SOUND.point(lambda tone: max(0, min(255, round((tone - 60) * 1.6)))),  # a program set black and white
    ],
    ids=["bitonal", "light", "faded", "white", "whitest", "stretched"],
)
def test_clean_white_and_faded_pages_are_not_called_overexposed(image: Image.Image) -> None:
    assert tones(image).overexposed_probability < LEGAL.most_exposure_probability


def test_a_page_of_two_tones_says_nothing_of_the_light_saved_as_jpeg_or_reduced() -> None:
    bitonal = grainy(page(2480, 3508).convert("L"), 3).point(lambda tone: 255 if tone > 128 else 0)
    file = BytesIO()
    bitonal.save(file, "JPEG", quality=75)
    for image in (bitonal, bitonal.reduce(2), Image.open(file)):
        assert tones(image).overexposed_probability < 0.3


def test_fine_strokes_of_a_large_bitonal_page_count_as_black_though_its_reduction_is_grey() -> None:
    fine = Image.new("L", (4960, 7016), 255)
    pen = ImageDraw.Draw(fine)
    for row in range(600, 6400, 90):
        for column in range(500, 4400, 60):
            pen.line((column, row, column + 25, row + 50), fill=0, width=3)
    assert tones(fine).overexposed_probability < 0.3


def test_black_ink_does_not_hide_that_the_paper_burnt() -> None:
    black = SOUND.point(lambda tone: 12 if tone < 90 else tone)
    assert tones(black).overexposed_probability < 0.1
    assert tones(lit(black, 1.25)).overexposed_probability > 0.7


def test_a_page_in_little_light_is_underexposed_and_one_on_dark_paper_is_not() -> None:
    assert tones(lit(SOUND, 0.25)).underexposed_probability > LEGAL.most_exposure_probability
    assert tones(lit(SOUND, 0.65)).underexposed_probability < 0.5


def test_old_yellow_and_brown_paper_has_no_cast_and_blue_or_green_light_has() -> None:
    for paper in (PAPER, (245, 245, 245), (225, 205, 160), (190, 150, 105), (150, 150, 150)):
        assert light_of(Page(Image.new("RGB", (600, 800), paper))).colour_cast < LEGAL.most_colour_cast / 2
    for light in ((190, 205, 245), (190, 235, 190), (240, 180, 220)):
        assert light_of(Page(Image.new("RGB", (600, 800), light))).colour_cast > LEGAL.most_colour_cast
    assert light_of(Page(Image.new("L", (600, 800), 90))).colour_cast == 0


def test_light_that_fades_over_the_page_is_uneven_and_text_is_not() -> None:
    even = light_of(Page(SOUND)).uneven_light
    fading = np.asarray(SOUND) * np.linspace(1, 0.5, SOUND.width)[None, :, None]
    uneven = light_of(Page(Image.fromarray(fading.astype(np.uint8)))).uneven_light
    assert even < 0.1
    assert uneven == pytest.approx(0.45, abs=0.1)


@pytest.mark.parametrize("deviation", [1.0, 3.0, 8.0])
def test_noise_is_the_standard_deviation_of_the_grain_at_full_resolution(deviation: float) -> None:
    large = page(2480, 3508).convert("L")
    assert noise_of(Page(grainy(large, deviation))) == pytest.approx(deviation, rel=0.15, abs=0.4)  # whole tones


def test_a_page_without_grain_has_no_noise() -> None:
    assert noise_of(Page(page(1240, 1754).convert("L"))) < 0.1


@pytest.mark.parametrize(
    ("measures", "code", "severity"),
    [
        ({"overexposed_probability": 0.97}, "tone.overexposed", Severity.REVIEW),
        ({"underexposed_probability": 0.97}, "tone.underexposed", Severity.REVIEW),
        ({"clipped_dark": 0.6}, "tone.clipped", Severity.NOTE),
        ({"clipped_light": 0.6}, "tone.clipped", Severity.NOTE),
        ({"contrast": 0.1}, "tone.low_contrast", Severity.REVIEW),
        ({"colour_cast": 20.0}, "tone.colour_cast", Severity.NOTE),
        ({"uneven_light": 0.5}, "tone.uneven_light", Severity.NOTE),
        ({"noise": 12.0}, "tone.noisy", Severity.NOTE),
    ],
)
def test_each_shortcoming_of_tone_is_found_with_its_weight(
    measures: dict[str, float], code: str, severity: Severity
) -> None:
    found = checked(LookedAt(GOOD.model_copy(update=measures), JPEG, JPEG), LEGAL)
    assert [(finding.code, finding.severity) for finding in found] == [(code, severity)]


def test_a_page_without_strokes_has_no_contrast_to_lack() -> None:
    blank = GOOD.model_copy(update={"contrast": 0.05, "sharpness": None})
    assert not any(finding.code == "tone.low_contrast" for finding in checked(LookedAt(blank, JPEG, JPEG), LEGAL))


@pytest.mark.parametrize(("ink", "least", "most"), [(40, 0.6, 0.85), (170, 0.2, 0.35)])
def test_contrast_is_that_of_the_ink_however_little_there_is(ink: int, least: float, most: float) -> None:
    image = Image.new("RGB", (1240, 1754), (235, 235, 235))
    pen = ImageDraw.Draw(image)
    for letter in range(30):
        pen.rectangle((150 + 24 * letter, 300, 155 + 24 * letter, 325), fill=(ink, ink, ink))
    assert least < tones(image).contrast < most
