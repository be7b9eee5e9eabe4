"""Pages with very little on them: a line, a title, a pencilled note, a stamp."""

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFont

from bench.qc.sheets import Darkness, Dice, Sheet, blurred, drawing_on, inked, millimetre

INK, BLUE, RED = (1.0, 1.0, 1.0), (1.0, 0.8, 0.45), (0.25, 1.0, 0.9)
WORDS = ("kính gửi", "báo cáo", "quyết định", "công văn", "hồ sơ", "lưu trữ", "hành chính", "sao lục", "mật")


def one_line(sheet: Sheet, ink: Darkness, dice: Dice) -> Sheet:
    """Keep a single line of a page, on its own paper."""
    return inked(sheet, line_of(ink, dice))


def faded_line(sheet: Sheet, ink: Darkness, dice: Dice) -> Sheet:
    """Keep a single line with a third to a half of its darkness."""
    return inked(sheet, line_of(ink, dice) * float(dice.uniform(0.35, 0.5)))


def line_of(ink: Darkness, dice: Dice) -> Darkness:
    """Cut a line out: six millimetres round a row that goes through many strokes."""
    mm, dark = max(ink.shape) / 297, ink > 0.25
    strokes = np.count_nonzero(dark[:, 1:] & ~dark[:, :-1], axis=1).astype(np.float32)
    rows = cv2.blur(strokes[:, None], (1, int(3 * mm)))[:, 0]
    rows[: int(8 * mm)] = rows[-int(8 * mm) :] = 0
    inky = np.flatnonzero(rows >= 0.5 * rows.max())
    middle = int(dice.choice(inky))
    kept = np.zeros_like(ink)
    band = slice(max(0, middle - int(3 * mm)), middle + int(3 * mm))
    kept[band] = ink[band]
    return kept


def pencilled(sheet: Sheet, _ink: Darkness, dice: Dice) -> Sheet:
    """Write one faint line with a pencil."""
    drawn = handwriting(sheet, dice, length=float(dice.uniform(50, 120)), height=2.5, pen=0.35)
    return inked(sheet, drawn * float(dice.uniform(0.2, 0.4)))


def numbered_and_signed(sheet: Sheet, _ink: Darkness, dice: Dice) -> Sheet:
    """Print a page number and sign below."""
    printed = typed(sheet, str(dice.integers(1, 400)), dice, size=3.5, at=(0.5, 0.04))
    signature = handwriting(sheet, dice, length=35, height=7, pen=0.5)
    return inked(inked(sheet, printed * 0.8), signature * float(dice.uniform(0.5, 0.8)), BLUE)


def stamped(sheet: Sheet, _ink: Darkness, dice: Dice) -> Sheet:
    """Stamp a round seal in red."""
    mm, dark = millimetre(sheet), drawing_on(sheet)
    middle = tuple(int(v) for v in dice.uniform(0.25, 0.75, 2) * dark.shape[::-1])
    for radius in (18, 16.8, 11):
        cv2.circle(dark, middle, int(radius * mm), 255, max(1, int(0.5 * mm)), cv2.LINE_AA)
    place = middle[0] / dark.shape[1], middle[1] / dark.shape[0]
    text = typed(sheet, "LƯU TRỮ", dice, size=4, at=place)
    return inked(sheet, np.maximum(dark / np.float32(255), text) * float(dice.uniform(0.3, 0.7)), RED)


def titled(sheet: Sheet, _ink: Darkness, dice: Dice) -> Sheet:
    """Print a title of three words."""
    title = typed(sheet, " ".join(dice.choice(WORDS, 3)), dice, size=float(dice.uniform(4, 12)), at=(0.5, 0.35))
    return inked(sheet, title * float(dice.uniform(0.5, 0.85)))


def typed(sheet: Sheet, text: str, dice: Dice, size: float, at: tuple[float, float]) -> Darkness:
    """Set text of a size in millimetres about a place given in shares of the sheet."""
    height, width = sheet.shape[:2]
    image = Image.new("L", (width, height))
    font = ImageFont.load_default(size * 1.4 * millimetre(sheet))
    place = width * (at[0] + float(dice.normal(0, 0.01))), height * at[1]
    ImageDraw.Draw(image).text(place, text, 255, font, anchor="mm")
    return blurred(np.asarray(image, np.float32) / 255, float(dice.uniform(0.5, 0.9)))


def handwriting(sheet: Sheet, dice: Dice, length: float, height: float, pen: float) -> Darkness:
    """Write loops that go on to the right, in words; lengths in millimetres."""
    mm, dark = millimetre(sheet), drawing_on(sheet)
    strokes = int(length / height * 2.5)
    x = np.arange(strokes) * height / 2.5 + dice.uniform(-0.15, 0.35, strokes) * height
    y = dice.uniform(0.25, 0.5, strokes) * height * np.where(np.arange(strokes) % 2, 1, -1)
    fine = np.linspace(0, strokes - 1, strokes * 8)
    eased = np.floor(fine) + (1 - np.cos(np.pi * (fine % 1))) / 2
    at = np.stack([np.interp(fine, np.arange(strokes), x), np.interp(eased, np.arange(strokes), y)], 1)
    start = dice.uniform((0.1, 0.1), (0.35, 0.9)) * dark.shape[::-1]
    for word in np.array_split(at, max(1, int(length / 18))):
        points = ((word[: max(3, len(word) - 8)] * mm + start) * 16).astype(np.int32)
        cv2.polylines(dark, [points], False, 255, max(1, round(pen * mm)), cv2.LINE_AA, 4)
    return blurred(dark.astype(np.float32) / 255, 0.6)


def faded(sheet: Sheet, ink: Darkness, dice: Dice) -> Sheet:
    """Leave a quarter to a half of the darkness of a whole page's ink."""
    return inked(sheet, ink * float(dice.uniform(0.25, 0.5)))


def darkened(sheet: Sheet, ink: Darkness, dice: Dice) -> Sheet:
    """Write a whole page's ink on dark paper."""
    return inked((sheet * dice.uniform(0.35, 0.6)).astype(np.uint8), ink)


def bitonal(sheet: Sheet, ink: Darkness, dice: Dice) -> Sheet:
    """Keep one line, in black and white only."""
    return np.where(line_of(ink, dice) > 0.3, 0, 255).astype(np.uint8)
