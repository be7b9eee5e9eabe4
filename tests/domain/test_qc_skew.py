"""The angle of lines of text, on pages whose angle we know because we drew them straight and turned them."""

from random import Random

import pytest
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from shared.imaging.measuring import Page
from shared.imaging.measuring.skew import Skew, skew_of

PAPER = 228
SENTENCE = "Ủy ban nhân dân tỉnh báo cáo về việc lưu trữ tài liệu của các cơ quan trong năm qua và kế hoạch"


def text_page(size: tuple[int, int] = (1240, 1754), *, lines: int = 40, ink: int = 50, columns: int = 1) -> Image.Image:
    """Set words in lines, as on an A4 page at 150 dpi."""
    chance = Random(7)
    image = Image.new("L", size, PAPER)
    pen, font = ImageDraw.Draw(image), ImageFont.load_default(22)
    width = size[0] // columns
    for column in range(columns):
        for line in range(lines):
            x, y = column * width + 90, 130 + line * 36 + column * 11
            while x < (column + 1) * width - 150:
                word = chance.choice(SENTENCE.split())
                pen.text((x, y), word, ink, font)
                x += round(pen.textlength(word + " ", font))
    return image


def turned(image: Image.Image, degrees: float, fill: int = PAPER) -> Image.Image:
    """Turn counter-clockwise, as Pillow does."""
    return image.rotate(degrees, Image.Resampling.BICUBIC, fillcolor=fill, expand=True)


def skew(image: Image.Image) -> Skew:
    """Measure an image's skew."""
    return skew_of(Page(image))


TEXT = text_page()
FADED = text_page(ink=PAPER - 35)
COLUMNS = text_page(columns=2)


def ruled() -> Image.Image:
    """A table: words between rules."""
    image = text_page(lines=38)
    pen = ImageDraw.Draw(image)
    for y in range(120, 1520, 72):
        pen.line((80, y, 1160, y), 60, 2)
    for x in (80, 350, 700, 900, 1160):
        pen.line((x, 120, x, 1490), 60, 3)
    return image


@pytest.mark.parametrize("degrees", [-14.2, -6.13, -0.42, 0.0, 0.07, 1.58, 9.3, 14.6])
@pytest.mark.parametrize("page", [TEXT, FADED, ruled()], ids=["text", "faded", "table"])
def test_lines_are_measured_to_some_hundredths_of_a_degree(page: Image.Image, degrees: float) -> None:
    found = skew(turned(page, degrees))
    assert found.degrees == pytest.approx(degrees, abs=0.04)
    assert found.lines == "across"
    assert found.confidence > 0.3


@pytest.mark.parametrize("degrees", [-9.2, -0.42, 3.7])
def test_columns_whose_lines_are_not_at_one_height_do_not_pull_the_angle(degrees: float) -> None:
    assert skew(turned(COLUMNS, degrees)).degrees == pytest.approx(degrees, abs=0.1)


@pytest.mark.parametrize("degrees", [-11.7, -2.31, 0.8, 6.6])
def test_black_wedges_in_the_corners_of_a_turned_page_do_not_matter(degrees: float) -> None:
    assert skew(turned(TEXT, degrees, fill=0)).degrees == pytest.approx(degrees, abs=0.04)


def test_the_straight_edge_of_a_black_border_does_not_win_over_three_lines_of_text() -> None:
    image = turned(text_page(lines=3), 1.9).crop((40, 60, 1240, 1700))
    ImageDraw.Draw(image).rectangle((0, 0, 1240, 45), 0)
    ImageDraw.Draw(image).rectangle((0, 0, 60, 1754), 12)
    assert skew(image).degrees == pytest.approx(1.9, abs=0.06)


@pytest.mark.parametrize("degrees", [-7.4, 0.0, 3.21])
def test_a_page_on_its_side_has_the_same_skew_and_lines_that_run_down(degrees: float) -> None:
    upright = turned(ruled(), degrees)
    for quarter in (Image.Transpose.ROTATE_90, Image.Transpose.ROTATE_270):
        found = skew(upright.transpose(quarter))
        assert found.lines == "down"
        assert found.degrees == pytest.approx(skew(upright).degrees, abs=0.03)
    assert skew(upright.transpose(Image.Transpose.ROTATE_180)).lines == "across"


def test_a_bitonal_page_and_one_reduced_from_300_dpi_are_measured_as_well() -> None:
    large = turned(TEXT.resize((2480, 3508), Image.Resampling.BICUBIC), -3.37)
    assert skew(large).degrees == pytest.approx(-3.37, abs=0.04)
    assert skew(large.point(lambda tone: 255 if tone > 140 else 0)).degrees == pytest.approx(-3.37, abs=0.04)


def test_one_line_of_text_is_enough() -> None:
    found = skew(turned(text_page(lines=1), 2.4))
    assert found.degrees == pytest.approx(2.4, abs=0.06)


def drawing() -> Image.Image:
    """Straight strokes and rings of every direction."""
    chance = Random(3)
    image = Image.new("L", (1240, 1754), PAPER)
    pen = ImageDraw.Draw(image)
    for _ in range(50):
        x, y, reach = chance.randrange(1240), chance.randrange(1754), chance.randrange(20, 240)
        pen.ellipse((x - reach, y - reach, x + reach, y + reach), outline=60, width=2)
        pen.line((x, y, chance.randrange(1240), chance.randrange(1754)), 60, 2)
    return image


def folded() -> Image.Image:
    """A blank sheet with the shadow of a fold."""
    image = Image.new("L", (1240, 1754), PAPER)
    ImageDraw.Draw(image).line((0, 870, 1240, 884), PAPER - 30, 3)
    return image.filter(ImageFilter.GaussianBlur(1))


@pytest.mark.parametrize(
    "image",
    [
        Image.new("L", (1240, 1754), PAPER),
        turned(Image.new("L", (1240, 1754), PAPER), 3.3, fill=0),
        Image.effect_noise((1240, 1754), 60),
        turned(Image.effect_noise((1240, 1754), 25), -5, fill=0),
        drawing(),
        folded(),
        Image.new("L", (1240, 1754), 0),
    ],
    ids=["blank", "blank with wedges", "noise", "noise with wedges", "drawing", "fold", "black"],
)
def test_what_has_no_lines_of_text_has_no_angle(image: Image.Image) -> None:
    assert skew(image) == Skew(None)


def test_a_tiny_image_is_measured_without_complaint() -> None:
    assert skew(Image.new("L", (1, 1))).degrees is None
    assert skew(Image.new("L", (40, 2000), PAPER)).degrees is None
