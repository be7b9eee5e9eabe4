"""How far the measured angle of a page is from the one it was turned by: ours beside jdeskew and deskew."""

import importlib
import statistics
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from random import Random
from typing import Any

from PIL import Image

from bench.qc.pages import Sound
from bench.qc.turning import drawn_pages, middle_turned, unlined_sheets, whole_turned
from shared.imaging.measuring.orientation import orientation_of
from shared.imaging.measuring.page import Page
from shared.imaging.measuring.skew import skew_of

TURNS = 2
WIDEST = 14.0
DRAWN = 12

Measure = Callable[[Page], float | None]
Case = tuple[Image.Image, list[float], float | None]  # a page, angles to turn it by, its own angle if that is known

HEAD = "| method | crops, mean abs error | pages with black wedges, mean abs error | worst | ms | no angle |"
PEERS: dict[str, tuple[str, str, dict[str, Any]]] = {
    "jdeskew": ("jdeskew.estimator", "get_angle", {"angle_max": 20}),
    "deskew": ("deskew", "determine_skew", {"min_deviation": 0.1, "min_angle": -20, "max_angle": 20}),
}


@dataclass
class Errors:
    """What a method missed by, in degrees, on crops and on whole pages; how long it took, how often it gave none."""

    crops: list[float] = field(default_factory=list)
    wholes: list[float] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    silences: int = 0

    def row(self, name: str) -> str:
        """Give a row of the table."""
        crops, wholes = (f"{statistics.mean(some):.3f}" if some else "-" for some in (self.crops, self.wholes))
        worst = max([*self.crops, *self.wholes], default=float("nan"))
        milliseconds = statistics.median(self.seconds) * 1000
        return f"| {name} | {crops} | {wholes} | {worst:.2f} | {milliseconds:.0f} | {self.silences} |"


def ours(page: Page) -> float | None:
    """Measure as the product does: the way lines run is told by the orientation where that is certain."""
    return skew_of(page, orientation_of(page).lines).degrees


def measure_skew(pages: list[Sound], seed: int) -> Iterator[str]:
    """Turn pages by chance and compare with what they were; then made pages whose angle is known, and no text."""
    dice = Random(seed)  # noqa: S311 (damage drawn by chance)
    methods = {
        "saoluu": lambda page: skew_of(page, orientation_of(page).lines).degrees,
        **{name: peer(*how) for name, how in PEERS.items()},
    }
    yield f"Turned by up to {WIDEST:.0f}°, {TURNS} times each, against the angle of the same page not turned:\n"
    turned: list[Case] = [(page.image, [dice.uniform(-WIDEST, WIDEST) for _ in range(TURNS)], None) for page in pages]
    yield from table(methods, turned)
    yield "\nMade pages, turned likewise, against the angle at which they were drawn:\n"
    drawn: list[Case] = [
        (sound.image, [dice.uniform(-WIDEST, WIDEST)], degrees) for sound, degrees in drawn_pages(DRAWN, seed)
    ]
    yield from table(methods, drawn)
    yield from on_their_sides(pages)
    silences = [skew_of(Page(sheet)).degrees is None for sheet in unlined_sheets(seed)]
    yield f"\nBlank sheets, noise and drawings: rightly no angle for {sum(silences)} of {len(silences)}"


def peer(module: str, function: str, how: dict[str, Any]) -> Measure | None:
    """Find a peer; it gets the same reduced grey page, and tells by how much to turn it back."""
    try:
        angle_of = getattr(importlib.import_module(module), function)
    except ImportError:
        return None

    def measure(page: Page) -> float | None:
        angle = angle_of(page.grey, **how)
        return None if angle is None else -float(angle)

    return measure


def table(methods: dict[str, Measure | None], cases: Iterable[Case]) -> Iterator[str]:
    """Measure every case by every method that is there."""
    found = {name: Errors() for name in methods}
    for image, angles, known in cases:
        grey = image.convert("L")
        for turn, kind in ((middle_turned, "crops"), (whole_turned, "wholes")):
            turned = [(angle, Page(turn(grey, angle))) for angle in ([] if known is not None else [0.0]) + angles]
            for name, measure in methods.items():
                if measure is not None:
                    compare(measure, turned, known, found[name], kind)
    yield HEAD
    yield "|---|---|---|---|---|---|"
    for name, measure in methods.items():
        yield f"| {name} | not installed | | | | |" if measure is None else found[name].row(name)


def compare(measure: Measure, turned: list[tuple[float, Page]], known: float | None, errors: Errors, kind: str) -> None:
    """Measure a page at each angle, and note what it misses by; without a known angle the first is the yardstick."""
    straight = known
    for angle, page in turned:
        started = time.perf_counter()
        degrees = measure(page)
        errors.seconds.append(time.perf_counter() - started)
        if degrees is None:
            errors.silences += 1
        elif straight is not None:
            getattr(errors, kind).append(abs(degrees - angle - straight))
        elif angle == 0.0:
            straight = degrees


def on_their_sides(pages: list[Sound]) -> Iterator[str]:
    """Lay pages on a side: the lines must be found to run the other way, at the same angle."""
    other_way, same_angle, seen = 0, 0, 0
    for page in pages:
        upright = skew_of(Page(page.image))
        for quarter in (Image.Transpose.ROTATE_90, Image.Transpose.ROTATE_270):
            lying = skew_of(Page(page.image.transpose(quarter)))
            if upright.degrees is not None and lying.degrees is not None:
                seen += 1
                other_way += lying.lines != upright.lines
                same_angle += abs(lying.degrees - upright.degrees) <= 0.05
    yield f"\nLaid on a side: lines run the other way for {other_way} of {seen}, at the same angle for {same_angle}"
