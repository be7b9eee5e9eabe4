"""Empty sheets of real paper, and what lies on sheets although nobody wrote it: dust, holes, stains, the other side."""

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from shared.imaging.measuring.page import Page

Sheet = NDArray[np.uint8]
Darkness = NDArray[np.floating[Any]]
Dice = np.random.Generator
PATCH = 40
TEXT = 9  # eighths of pixels: what is narrower is written, what is broader is the paper's


def emptied(image: Image.Image, dice: Dice) -> Sheet:
    """Take all that is written from a page: its paper's slow tones remain, its own grain, and what surrounds it."""
    page = np.asarray(image)
    height, width = page.shape[:2]
    small = cv2.resize(page, (width // 8, height // 8), interpolation=cv2.INTER_AREA)
    slow = cv2.GaussianBlur(cv2.morphologyEx(small, cv2.MORPH_CLOSE, np.ones((TEXT, TEXT), np.uint8)), (0, 0), 2)
    empty = cv2.resize(slow, (width, height), interpolation=cv2.INTER_LINEAR).astype(np.int16)
    empty += grain_of(page, dice)
    within = cv2.erode(Page(image).paper.mask.astype(np.uint8), np.ones((3, 3), np.uint8))
    within = cv2.resize(within, (width, height), interpolation=cv2.INTER_NEAREST) == 1
    rest = cv2.morphologyEx(page, cv2.MORPH_CLOSE, np.ones((15, 15), np.uint8))  # a neighbouring page has text as well
    return np.where(within if page.ndim == 2 else within[..., None], np.clip(empty, 0, 255), rest).astype(np.uint8)


def grain_of(page: Sheet, dice: Dice) -> NDArray[np.int16]:
    """Give the grain of a page's calmest patches, laid out over the whole page in all ways round."""
    height, width = page.shape[:2]
    places = [(y, x) for y in range(0, height - PATCH, PATCH) for x in range(0, width - PATCH, PATCH)]
    least = 0.7 * float(np.median(page[::8, ::8]))
    light = [at for at in places if patch_at(page, at).mean() > least]
    calm = sorted(light, key=lambda at: float(patch_at(page, at).std()))
    few = [patch_at(page, at).astype(np.float32) for at in calm[:8]]
    rough = [calmed(each - cv2.GaussianBlur(each, (0, 0), 6)) for each in few]
    grain = np.zeros((height + PATCH, width + PATCH, *page.shape[2:]), np.int16)
    for y in range(0, height, PATCH):
        for x in range(0, width, PATCH):
            each = rough[dice.integers(len(rough))]
            grain[y : y + PATCH, x : x + PATCH] = each[:: dice.choice((-1, 1)), :: dice.choice((-1, 1))]
    return grain[:height, :width]


def calmed(rough: NDArray[np.float32]) -> NDArray[np.int16]:
    """Take what is no grain, the rest of a stroke, from a patch."""
    most = 4 * 1.4826 * float(np.median(np.abs(rough))) + 0.5
    return np.round(np.clip(rough, -most, most)).astype(np.int16)


def patch_at(page: Sheet, at: tuple[int, int]) -> Sheet:
    """Cut a square out."""
    return page[at[0] : at[0] + PATCH, at[1] : at[1] + PATCH]


def inked(sheet: Sheet, darkness: NDArray[Any], tint: tuple[float, float, float] = (1, 1, 1)) -> Sheet:
    """Put ink on a sheet: darkness 0 to 1 at each pixel, taken from the channels as the tint says."""
    taken = darkness if sheet.ndim == 2 else darkness[..., None] * np.asarray(tint, np.float32)
    return np.asarray(np.clip(sheet * (1 - taken), 0, 255), np.uint8)


def darkness_of(image: Image.Image) -> Darkness:
    """Give how much darker than the paper round it each pixel is, 0 to 1: the ink of a page, without its paper."""
    grey = np.asarray(image.convert("L"))
    small = cv2.resize(grey, (grey.shape[1] // 8, grey.shape[0] // 8), interpolation=cv2.INTER_AREA)
    paper = cv2.resize(cv2.morphologyEx(small, cv2.MORPH_CLOSE, np.ones((TEXT, TEXT), np.uint8)), grey.shape[::-1])
    dark = 1 - grey.astype(np.float32) / np.maximum(paper, 1)
    dark[dark < 0.12] = 0
    within = cv2.erode(Page(image).paper.mask.astype(np.uint8), np.ones((7, 7), np.uint8))
    return np.asarray(dark * cv2.resize(within, grey.shape[::-1], interpolation=cv2.INTER_NEAREST), np.float32)


def dusty(sheet: Sheet, dice: Dice) -> Sheet:
    """Strew dust: specks of up to half a millimetre and a few hairs."""
    dark, mm = drawing_on(sheet), millimetre(sheet)
    for _ in range(int(dice.integers(20, 300))):
        at = (int(dice.integers(dark.shape[1])), int(dice.integers(dark.shape[0])))
        cv2.circle(dark, at, int(dice.uniform(0, 0.25) * mm), int(dice.integers(60, 230)), -1, cv2.LINE_AA)
    for _ in range(int(dice.integers(0, 4))):
        start = dice.uniform(0.1, 0.9, 2) * dark.shape[::-1]
        bend = np.cumsum(dice.normal(0, 0.6 * mm, (8, 2)), axis=0) + dice.normal(0, 0.5 * mm, 2) * np.arange(8)[:, None]
        cv2.polylines(dark, [(start + bend).astype(np.int32)], False, int(dice.integers(40, 120)), 1, cv2.LINE_AA)
    return inked(sheet, dark.astype(np.float32) / 255)


def punched(sheet: Sheet, dice: Dice) -> Sheet:
    """Punch two or four holes in a margin; the dark of the lid shows through, or a grey shadow."""
    dark, mm = drawing_on(sheet), millimetre(sheet)
    x = int((12 if dice.random() < 0.7 else 200) * dark.shape[1] / 210)
    for y in (0.36, 0.64) if dice.random() < 0.6 else (0.12, 0.37, 0.63, 0.88):
        cv2.circle(dark, (x, int(y * dark.shape[0])), int(dice.uniform(2.4, 3.3) * mm), 255, -1, cv2.LINE_AA)
    return inked(sheet, dark.astype(np.float32) / 255 * dice.uniform(0.25, 0.9))


def bordered(sheet: Sheet, dice: Dice) -> Sheet:
    """Lay a sheet askew on black, and give it a black strip or two."""
    turned = Image.fromarray(sheet).rotate(float(dice.uniform(-2, 2)), Image.Resampling.BILINEAR)
    framed, mm = np.array(turned), millimetre(sheet)
    for _side in range(4):
        framed = np.rot90(framed)
        if dice.random() < 0.5:
            framed[: int(dice.uniform(0.3, 10) * mm)] = dice.integers(0, 30)
    return np.ascontiguousarray(framed)


def shone_through(sheet: Sheet, other: Darkness, dice: Dice) -> Sheet:
    """Let the ink of the other side show through: mirrored, blurred by the paper, faint."""
    mirrored = np.ascontiguousarray(cv2.resize(other, sheet.shape[1::-1], interpolation=cv2.INTER_AREA)[:, ::-1])
    soft = blurred(mirrored, float(dice.uniform(0.2, 0.5) * millimetre(sheet)))
    return inked(sheet, soft * float(dice.uniform(0.1, 0.35)))


def stained(sheet: Sheet, dice: Dice) -> Sheet:
    """Fold, stain and fox a sheet."""
    stains, mm = blank_of(sheet), millimetre(sheet)
    height, width = stains.shape
    for _ in range(int(dice.integers(0, 3))):
        axes = (int(dice.uniform(8, 40) * mm), int(dice.uniform(8, 40) * mm))
        cv2.ellipse(stains, place_on(sheet, dice), axes, 0, 0, 360, float(dice.uniform(0.05, 0.3)), -1)
    foxing = blank_of(sheet)
    for _ in range(int(dice.integers(0, 120))):
        radius = max(1, int(dice.uniform(0.2, 1.5) * mm))
        cv2.circle(foxing, place_on(sheet, dice), radius, float(dice.uniform(0.05, 0.35)), -1)
    dark = np.maximum(blurred(stains, float(dice.uniform(0.5, 3) * mm)), blurred(foxing, 0.35 * mm))
    for _ in range(int(dice.integers(0, 3))):
        fold, y = blank_of(sheet), int(dice.uniform(0.2, 0.8) * height)
        slant, thick = int(dice.normal(0, 2) * mm), int(1 + 0.25 * mm)
        cv2.line(fold, (0, y), (width, y + slant), float(dice.uniform(0.08, 0.3)), thick)
        dark = np.maximum(dark, blurred(fold, float(dice.uniform(0.1, 0.5) * mm)))
    return inked(sheet, dark, (0.6, 0.8, 1.0))


def drawing_on(sheet: Sheet) -> Sheet:
    """Give a drawing of a sheet's size, of 0 (nothing) to 255 (ink)."""
    return np.zeros((sheet.shape[0], sheet.shape[1]), np.uint8)


def blank_of(sheet: Sheet) -> Darkness:
    """Give no darkness at all, of the size of a sheet."""
    return np.zeros((sheet.shape[0], sheet.shape[1]), np.float32)


def place_on(sheet: Sheet, dice: Dice) -> tuple[int, int]:
    """Give a random place on a sheet, x and y."""
    return int(dice.integers(sheet.shape[1])), int(dice.integers(sheet.shape[0]))


def blurred(darkness: NDArray[Any], pixels: float) -> Darkness:
    """Soften by a Gaussian of a standard deviation in pixels."""
    return cv2.GaussianBlur(darkness, (0, 0), pixels).astype(np.float32, copy=False)


def lit_unevenly(sheet: Sheet, dice: Dice) -> Sheet:
    """Light a sheet from one side, and add grain."""
    height, width = sheet.shape[:2]
    y, x = np.mgrid[0:height:8, 0:width:8].astype(np.float32)
    fall = dice.normal(0, 1, 2)
    light = cv2.resize((fall[0] * y / height + fall[1] * x / width).astype(np.float32), (width, height))
    light = 1 - dice.uniform(0.1, 0.5) * (light - light.min()) / max(1e-6, float(np.ptp(light)))
    grain = dice.normal(0, dice.uniform(1, 7), (height, width))
    lit = sheet * (light if sheet.ndim == 2 else light[..., None]) + (grain if sheet.ndim == 2 else grain[..., None])
    return np.asarray(np.clip(lit, 0, 255), np.uint8)


def millimetre(sheet: Sheet) -> float:
    """Give the pixels of a millimetre, as if the sheet were A4."""
    return float(max(sheet.shape[0], sheet.shape[1])) / 297
