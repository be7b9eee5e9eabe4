"""Fingers and clips at the edges of a page, and what lies there by right: torn paper, holes, tape, borders, stamps."""

from collections.abc import Callable

import cv2
import numpy as np
from numpy.typing import NDArray

from bench.qc.sheets import Darkness, Dice, Sheet, blank_of, blurred, bordered, millimetre, punched

Layer = NDArray[np.float32]
Change = Callable[[Sheet, Dice], Sheet]

SKINS = ((250, 215, 190), (232, 188, 158), (205, 150, 118), (168, 112, 82), (118, 76, 56), (82, 54, 42))
METALS = ((176, 178, 182), (132, 134, 138), (92, 92, 96), (58, 58, 62), (150, 138, 112))


def fingered(page: Sheet, dice: Dice) -> Sheet:
    """Let a fingertip hold the page down at an edge."""
    turns, page = at_some_side(page, dice)
    mm = millimetre(page)
    width, depth = dice.uniform(13, 21) * mm, dice.uniform(9, 32) * mm
    middle, lean = float(dice.uniform(0.12, 0.88)) * page.shape[1], float(dice.normal(0, 0.25))
    tip = np.array([middle, depth - width / 2])
    root = tip - np.array([lean, 1.0]) * 60 * mm
    y, x = (grid.astype(np.float32) for grid in np.mgrid[0 : int(depth + 6 * mm), 0 : page.shape[1]])
    along, off = axes_of(x, y, root, tip, width / 2)
    cover = np.clip(width / 2 - off, 0, 1)
    round_off = np.sqrt(np.clip(1 - (off / (width / 2)) ** 2, 0.05, 1))
    shade = (0.62 + 0.4 * round_off) * (1 + 0.05 * np.sin(along / mm * 2.1))
    nail = np.clip(1 - np.hypot((along + 1.5 * mm) / (5 * mm), off / (0.36 * width)), 0, 1) > 0
    shade = np.where(nail, shade * 1.08, shade)
    skin = np.array(SKINS[dice.integers(len(SKINS))]) * dice.uniform(0.85, 1.05)
    return np.rot90(laid_on(page, cover, shade, skin, dice), -turns)


def clipped(page: Sheet, dice: Dice) -> Sheet:
    """Hold the page by a clip at an edge: a bent plate with highlights, of steel, brass or blackened."""
    turns, page = at_some_side(page, dice)
    mm = millimetre(page)
    width, depth = dice.uniform(12, 45) * mm, dice.uniform(7, 22) * mm
    middle, slope = float(dice.uniform(0.2, 0.8)) * page.shape[1], float(dice.uniform(-0.1, 0.25))
    y, x = (grid.astype(np.float32) for grid in np.mgrid[0 : int(depth + 6 * mm), 0 : page.shape[1]])
    half = width / 2 - slope * y
    cover = np.clip(np.minimum(half - np.abs(x - middle), depth - y), 0, 1)
    bend, light = dice.uniform(0.2, 0.8, 2)
    shade = 0.75 + 0.5 * np.exp(-(((y / depth - bend) / 0.12) ** 2)) + 0.25 * np.cos((x - middle) / width * 3 + light)
    shade = np.where(y / depth > 0.88, shade * 0.7, shade)
    metal = np.array(METALS[dice.integers(len(METALS))]) * dice.uniform(0.8, 1.15)
    return np.rot90(laid_on(page, cover, shade.astype(np.float32), metal, dice), -turns)


def axes_of(x: Layer, y: Layer, root: Darkness, tip: Darkness, radius: float) -> tuple[Layer, Layer]:
    """Give how far each pixel lies beyond the tip's middle along a finger, and how far off its axis."""
    way = (tip - root) / np.linalg.norm(tip - root)
    along = (x - tip[0]) * way[0] + (y - tip[1]) * way[1]
    across = (x - tip[0]) * way[1] - (y - tip[1]) * way[0]
    off = np.where(along > 0, np.hypot(along, across), np.abs(across))
    return (along - radius).astype(np.float32), off.astype(np.float32)


def laid_on(page: Sheet, cover: Layer, shade: Layer, colour: NDArray[np.float64], dice: Dice) -> Sheet:
    """Lay a shaded thing on the head of a page, with its shadow and its grain."""
    mm, part = millimetre(page), page[: len(cover)].astype(np.float32)
    soft = blurred(cover, 0.12 * mm)
    shadow = blurred(np.roll(cover, int(0.8 * mm), axis=1), 1.5 * mm) * dice.uniform(0.05, 0.35)
    lit = shade + blurred(dice.normal(0, 0.25, cover.shape).astype(np.float32), 0.3 * mm)
    if page.ndim == 2:
        laid = part * (1 - shadow) * (1 - soft) + lit * float(colour.mean()) * soft
    else:
        laid = part * ((1 - shadow) * (1 - soft))[..., None] + (lit * soft)[..., None] * colour.astype(np.float32)
    changed = page.copy()
    changed[: len(cover)] = np.clip(laid, 0, 255).astype(np.uint8)
    return changed


def at_some_side(page: Sheet, dice: Dice) -> tuple[int, Sheet]:
    """Turn a page so that one of its sides is the head."""
    turns = int(dice.integers(4))
    return turns, np.ascontiguousarray(np.rot90(page, turns))


def torn(page: Sheet, dice: Dice) -> Sheet:
    """Tear a piece out of an edge or a corner; a black or grey lid shows."""
    turns, page = at_some_side(page, dice)
    mm = millimetre(page)
    middle, width, depth = dice.uniform(0, 1) * page.shape[1], dice.uniform(6, 50) * mm, dice.uniform(3, 25) * mm
    rough = blurred(dice.normal(0, 1, (1, page.shape[1])).astype(np.float32), 1.5 * mm)[0] * 3 * mm
    line = depth * np.clip(1 - np.abs(np.arange(page.shape[1]) - middle) / (width / 2), 0, 1) + rough
    line[np.abs(np.arange(page.shape[1]) - middle) > width / 2] = 0
    gone = np.arange(int(depth + 10 * mm))[:, None] < line[None]
    changed = page.copy()
    part = changed[: len(gone)]
    part[gone] = int(dice.choice((5, 20, 60, 130, 250)))
    return np.rot90(changed, -turns)


def taped(page: Sheet, dice: Dice) -> Sheet:
    """Stick a strip of yellowed tape over an edge; text shows through it."""
    turns, page = at_some_side(page, dice)
    mm, dark = millimetre(page), blank_of(page)
    left, width = int(dice.uniform(0.05, 0.85) * page.shape[1]), int(dice.uniform(12, 25) * mm)
    dark[: int(dice.uniform(10, 60) * mm), left : left + width] = dice.uniform(0.05, 0.2)
    dark = blurred(dark, 0.15 * mm)
    tint = np.asarray((0.5, 0.9, 2.2), np.float32)
    changed = page * (1 - (dark if page.ndim == 2 else np.minimum(dark[..., None] * tint, 0.6)))
    return np.rot90(np.clip(changed, 0, 255).astype(np.uint8), -turns)


def stamped(page: Sheet, dice: Dice) -> Sheet:
    """Stamp an edge in red or violet, half of it beyond."""
    turns, page = at_some_side(page, dice)
    mm, dark = millimetre(page), blank_of(page)
    at = (int(dice.uniform(0.15, 0.85) * page.shape[1]), int(dice.uniform(-4, 14) * mm))
    for radius, thick in ((16, 0.9), (14.6, 0.4), (9, 0.4)):
        cv2.circle(dark, at, int(radius * mm), 0.8, max(1, int(thick * mm)), cv2.LINE_AA)
    for turn in np.arange(0, 2 * np.pi, 0.25):
        place = (int(at[0] + 11.8 * mm * np.cos(turn)), int(at[1] + 11.8 * mm * np.sin(turn)))
        cv2.circle(dark, place, int(1.1 * mm), 0.7, max(1, int(0.5 * mm)), cv2.LINE_AA)
    tint = np.asarray((0.15, 0.85, 0.75) if dice.random() < 0.7 else (0.6, 0.8, 0.2), np.float32)
    changed = page * (1 - (dark if page.ndim == 2 else dark[..., None] * tint))
    return np.rot90(np.clip(changed, 0, 255).astype(np.uint8), -turns)


def browned(page: Sheet, dice: Dice) -> Sheet:
    """Let the edges turn brown, and a cup or damp stain a place of them."""
    mm = millimetre(page)
    y, x = (grid.astype(np.float32) for grid in np.mgrid[0 : page.shape[0], 0 : page.shape[1]])
    inwards = np.minimum(np.minimum(x, y), np.minimum(page.shape[1] - 1 - x, page.shape[0] - 1 - y))
    dark = np.exp(-inwards / (dice.uniform(3, 15) * mm)) * dice.uniform(0.1, 0.45)
    at = (int(dice.choice((0, page.shape[1]))), int(dice.uniform(0, 1) * page.shape[0]))
    stain = blank_of(page)
    cv2.ellipse(stain, at, (int(dice.uniform(8, 40) * mm), int(dice.uniform(8, 40) * mm)), 0, 0, 360, 1.0, -1)
    dark = np.maximum(dark, blurred(stain, dice.uniform(0.3, 3) * mm) * dice.uniform(0.1, 0.35))
    tint = np.asarray((0.45, 0.75, 1.2), np.float32)
    changed = page * (1 - (dark if page.ndim == 2 else np.minimum(dark[..., None] * tint, 0.9)))
    return np.asarray(np.clip(changed, 0, 255), np.uint8)


SOUND: dict[str, Change] = {
    "as it is": lambda page, _dice: page,
    "black border": bordered,
    "torn edge": torn,
    "punch holes": punched,
    "tape": taped,
    "stamp at the edge": stamped,
    "brown edges and a stain": browned,
}
INTRUDED: dict[str, Change] = {"finger": fingered, "clip": clipped}
