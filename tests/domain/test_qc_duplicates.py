"""Which pages are likely two scans of one sheet, and which only look alike."""

import base64
import random
import zlib

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from services.qc.domain.duplicates import Candidates, earliest_alike, likely_pairs
from shared.imaging.comparing.fingerprint import DARKEST, VERSION, Shades, packed, unpacked
from shared.imaging.measuring import Page
from shared.imaging.measuring.fingerprint import fingerprint_of, holes_of
from shared.imaging.measuring.skew import skew_of

SIZE = (1240, 1754)  # A4 at 150 dpi
PAPER = (236, 231, 218)
SYLLABLES = ("ng", "uy", "tr", "an", "ho", "le", "ph", "uc", "vi", "em", "so", "da", "kh", "oi", "ba", "th")


def words(chance: random.Random, count: int) -> str:
    """Invent some words."""
    return " ".join("".join(chance.choices(SYLLABLES, k=chance.randint(1, 4))) for _ in range(count))


def letter(seed: int, lines: int = 30) -> Image.Image:
    """Draw a typed page."""
    chance, image = random.Random(seed), Image.new("RGB", SIZE, PAPER)
    pen, font = ImageDraw.Draw(image), ImageFont.load_default(26)
    for line in range(lines):
        pen.text((140, 180 + 46 * line), words(chance, chance.randint(4, 9)), fill=(45, 42, 50), font=font)
    return image


def form(seed: int, *, ruled_only: bool = False) -> Image.Image:
    """Draw a printed form whose labels and rules are always the same, with entries by seed."""
    printed, entered = random.Random(0), random.Random(seed)
    image = Image.new("RGB", SIZE, PAPER)
    pen, small, large = ImageDraw.Draw(image), ImageFont.load_default(22), ImageFont.load_default(28)
    for row in range(14):
        y = 260 + 90 * row
        pen.line((120, y + 40, 1120, y + 40), fill=(90, 90, 90), width=3)
        if not ruled_only:
            pen.text((120, y), words(printed, 3), fill=(60, 60, 60), font=small)
            pen.text((520, y - 2), words(entered, entered.randint(2, 4)), fill=(30, 30, 90), font=large)
    for x in (110, 500, 1130):
        pen.line((x, 220, x, 1520), fill=(90, 90, 90), width=3)
    return image


def again(image: Image.Image, degrees: float = 0.0, width: int = 1240, upside_down: bool = False) -> Image.Image:
    """Scan a page again: laid elsewhere, darker, softer, grainier, with a wider margin."""
    wider = Image.new("RGB", (SIZE[0] + 60, SIZE[1] + 40), PAPER)
    wider.paste(image, (38, 9))
    turned = wider.rotate(degrees + (180 if upside_down else 0), Image.Resampling.BICUBIC, fillcolor=PAPER)
    sized = turned.resize((width, turned.height * width // turned.width)).filter(ImageFilter.GaussianBlur(0.7))
    darker = sized.point(lambda tone: round(255 * (tone / 255) ** 1.3))
    grain = np.random.default_rng(1).normal(0, 4, (darker.height, darker.width, 1))
    return Image.fromarray(np.clip(np.asarray(darker) + grain, 0, 255).astype(np.uint8))


def folded(image: Image.Image, y: int) -> Image.Image:
    """Fold a page: a dark line runs across it, over a line of text."""
    creased = image.copy()
    ImageDraw.Draw(creased).line((60, y, SIZE[0] - 60, y + 3), fill=(120, 116, 108), width=4)
    return creased


def dispatch(number: int, date: str, name: str, amount: str) -> Image.Image:
    """Draw a typed letter of which only these differ from copy to copy."""
    page = letter(7)
    pen, font = ImageDraw.Draw(page), ImageFont.load_default(26)
    for place, text in ((120, f"So {number}/QD-UB    Ngay {date}"), (418, f"Ong {name}"), (648, f"Tien {amount} d")):
        pen.rectangle((130, place - 6, 700, place + 36), fill=PAPER)
        pen.text((140, place), text, fill=(45, 42, 50), font=font)
    return page


def shades_of(fingerprint: str) -> Shades:
    """Unfold a fingerprint to what was packed."""
    ink = unpacked(fingerprint)
    assert ink is not None
    return np.round(ink * DARKEST).astype(np.uint8)


def pairs(**pages: Image.Image) -> list[tuple[str, str]]:
    """Give the likely pairs."""
    seen = {name: Page(image) for name, image in pages.items()}
    return [(a, b) for a, b, _ in likely_pairs({n: fingerprint_of(p, skew_of(p).degrees) for n, p in seen.items()})]


@pytest.mark.parametrize(
    ("degrees", "width", "upside_down"), [(0.0, 1240, False), (2.8, 900, False), (-3.0, 1700, False), (0.6, 1000, True)]
)
@pytest.mark.parametrize("sheet", [letter(1), form(1), letter(3, lines=4)], ids=["letter", "form", "few lines"])
def test_a_sheet_is_known_again(sheet: Image.Image, degrees: float, width: int, upside_down: bool) -> None:
    assert pairs(first=sheet, again=again(sheet, degrees, width, upside_down)) == [("first", "again")]


def test_sheets_of_one_form_with_other_entries_are_not_the_same() -> None:
    sheets = {f"sheet{seed}": form(seed) for seed in range(5)}
    assert pairs(**sheets, again3=again(sheets["sheet3"], 1.0)) == [("sheet3", "again3")]


def test_pages_of_one_typescript_are_not_the_same() -> None:
    pages = {f"page{seed}": letter(seed) for seed in range(5)}
    assert pairs(**pages, again0=again(pages["page0"], -0.7, 1100)) == [("page0", "again0")]


def test_letters_of_one_text_to_other_people_are_not_the_same() -> None:
    first = dispatch(125, "12/5/1975", "Nguyen Van Binh", "120.000")
    others = {
        "b": dispatch(126, "14/5/1975", "Tran Thi Hoa", "85.500"),
        "c": dispatch(331, "2/6/1975", "Hoang Dinh Chien", "1.240.000"),
        "d": dispatch(148, "30/7/1976", "Le Minh Duc", "64.000"),
    }
    assert pairs(a=first, **others, again=again(first, 0.8, 1100)) == [("a", "again")]


def test_a_fold_or_stain_that_only_one_scan_shows_does_not_hide_a_page() -> None:
    sheet = letter(5)
    stained = again(folded(sheet, 930), -1.2, 1000)
    ImageDraw.Draw(stained).ellipse((900, 1300, 912, 1312), fill=(60, 50, 40))
    assert pairs(first=sheet, again=stained) == [("first", "again")]


def test_a_faint_page_is_known_again() -> None:
    faint = letter(6).point(lambda tone: round(225 + (tone - 225) * 0.25))
    assert pairs(first=faint, again=again(faint, 1.5, 1000)) == [("first", "again")]


def test_blank_pages_and_pages_with_nothing_but_rules_are_never_the_same() -> None:
    blank, lines = Image.new("RGB", SIZE, PAPER), form(1, ruled_only=True)
    assert pairs(a=blank, b=again(blank), c=again(blank, 2.0), d=lines, e=again(lines, 1.5)) == []
    holes = blank.copy()
    for y in (600, 1150):
        ImageDraw.Draw(holes).ellipse((40, y, 80, y + 40), fill=(20, 20, 20))
    assert pairs(a=holes, b=again(holes), c=again(holes, 1.0)) == []


def test_a_punched_hole_is_no_ink_but_letters_near_an_edge_are() -> None:
    cells = np.zeros((320, 226), bool)
    cells[100:106, 12:18] = True
    assert holes_of(cells)[100:106, 12:18].all()
    cells[200:206, 12:18] = cells[200:206, 20:25] = cells[200:206, 27:33] = True  # the first word of a line
    assert not holes_of(cells)[200:206].any()
    assert holes_of(cells)[100:106, 12:18].all()


def test_each_likely_page_names_the_first_it_is_like() -> None:
    pairs = [("c", "b", 0.9), ("b", "a", 0.8), ("a", "c", 0.7), ("d", "c", 0.6)]
    assert earliest_alike(pairs, "abcd") == {"b": "a", "c": "a", "d": "c"}


def test_only_pairs_with_a_newcomer_are_given_when_there_is_one() -> None:
    page, other = letter(1), letter(2)
    seen = {"a": page, "b": again(page), "c": other, "d": again(other)}
    prints = {name: fingerprint_of(Page(image)) for name, image in seen.items()}
    assert [(a, b) for a, b, _ in likely_pairs(prints, {"d"})] == [("c", "d")]


def test_of_a_large_dossier_some_thousand_pairs_are_looked_at_and_the_true_one_is_among_them() -> None:
    sheet, chance = shades_of(fingerprint_of(Page(form(1)))), np.random.default_rng(1)
    prints = {}
    for number in range(400):
        other = sheet.copy()
        for y, x in chance.integers((25, 25), (350, 240), (12, 2)):
            other[y : y + 10, x : x + 38] = DARKEST * (chance.random((10, 38)) < 0.4)
        prints[f"sheet{number}"] = packed(other)
    prints["again"] = packed(np.roll(shades_of(prints["sheet7"]), 2, axis=0))
    found = Candidates(prints)
    assert len(found) < 10_000
    assert [pair[:2] for pair in Candidates(prints, {"again"}).likely(0, 10_000)] == [("sheet7", "again")]


def test_a_fingerprint_is_short_and_unfolds_to_what_was_packed() -> None:
    fingerprint = fingerprint_of(Page(letter(1)))
    assert len(fingerprint) < 12_000
    assert packed(shades_of(fingerprint)) == fingerprint


def bomb() -> str:
    """Give a fingerprint that would unfold to a gigabyte."""
    packer = zlib.compressobj(9)
    zeros = b"".join(packer.compress(bytes(1 << 20)) for _ in range(256)) + packer.flush()
    return VERSION + base64.b85encode(zeros).decode()


PRINT = fingerprint_of(Page(letter(1)))


@pytest.mark.parametrize(
    "string",
    ["", "00", "1", "2", "2\x00", "2é", "2zzzz", "9" + PRINT[1:], PRINT[:-9], "1" + PRINT[1:], bomb()],
)
def test_what_is_no_fingerprint_is_like_nothing(string: str) -> None:
    assert unpacked(string) is None
    assert list(likely_pairs({"a": string, "b": string})) == []


@pytest.mark.parametrize("quarters", [1, 3])
def test_a_page_scanned_on_its_side_is_the_same_page(quarters: int) -> None:
    first, other = letter(1), letter(2)
    aside = first.rotate(90 * quarters, expand=True)
    prints = {
        "first": fingerprint_of(Page(first)),
        "other": fingerprint_of(Page(other)),
        "aside": fingerprint_of(Page(aside), quarter_turns=quarters),
    }
    assert [pair[:2] for pair in likely_pairs(prints)] == [("first", "aside")]
    assert [*likely_pairs({**prints, "aside": fingerprint_of(Page(aside))})] == []
