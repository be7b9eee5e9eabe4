"""Which way up the page is: a learned reader looks at pieces of its lines, both ways round and both ways up."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from shared.imaging.measuring.page import Page
from shared.imaging.measuring.text_windows import Darkness, Floats, directions_of, windows_of
from shared.imaging.measuring.upright import Weights, uprightness_of, weights

Quarter = Literal[0, 90, 180, 270]
Evidence = NDArray[np.float64]

QUARTERS: tuple[Quarter, ...] = (0, 90, 180, 270)
CLEARLY = 8.0  # times as strong: then lines cannot run the other way, not even in a ruled table
LEAST_WINDOWS = 3
VARIED = 1.5  # spread of the log odds over the windows of a text
LEAST_SAID = 0.3  # below, the page counts as upright: below 0.5 it is a guess, though mostly a right one
CERTAIN = 0.9
NOTHING = -30.0  # log odds of a way up for which there is nothing to read

weights()  # read now: once its sandbox is shut, a worker may open no file


@dataclass(frozen=True, slots=True)
class Orientation:
    """How far the content is turned counter-clockwise from upright, and how sure that is, 0 to 1."""

    degrees: Quarter
    confidence: float

    @property
    def lines(self) -> Literal["across", "down"] | None:
        """Which way lines of text run in the image, where that is as good as certain."""
        if self.confidence < CERTAIN:
            return None
        return "across" if self.degrees in (0, 180) else "down"


@dataclass(frozen=True, slots=True)
class Look:
    """Windows on lines that run across the page once it is turned by `quarters` quarter turns clockwise.

    `stronger` is how much more clearly lines run this way than the other, in logarithms.
    """

    quarters: int
    stronger: float
    windows: Floats


def orientation_of(page: Page) -> Orientation:
    """Weigh what all pieces say; when that is next to nothing, the page counts as upright."""
    learned = weights()
    evidence = evidence_of(looks_at(Darkness(page)), learned)
    if not any(len(each) for each in evidence):
        return Orientation(0, 0.0)
    shares = shares_of(evidence, learned["judging"])
    best = int(shares[:4].argmax())
    confidence = round(float(shares[best]), 4)
    return Orientation(QUARTERS[best] if confidence >= LEAST_SAID else 0, confidence)


def looks_at(darkness: Darkness, clearly: float = CLEARLY) -> list[Look]:
    """Cut windows out of lines across and of lines down, unless lines run one way clearly."""
    across, down = directions_of(darkness)
    stronger = math.log((across.strength + 1) / (down.strength + 1))
    looks = [
        Look(way.quarters, lead, windows_of(darkness, way))
        for way, lead in ((across, stronger), (down, -stronger))
        if lead > -math.log(clearly)
    ]
    return [look for look in looks if len(look.windows) >= LEAST_WINDOWS]


def evidence_of(looks: Sequence[Look], learned: Weights) -> list[Evidence]:
    """Give, for each quarter, what speaks for it; empty where nothing could be read."""
    evidence: list[Evidence] = [np.zeros(0)] * 4
    for look in looks:
        count = len(look.windows)
        odds = uprightness_of(np.concatenate([look.windows, look.windows[:, ::-1, ::-1]]), learned)
        up, over = odds[:count], odds[count:]
        evidence[look.quarters] = summed(up, over, look.stronger)
        evidence[look.quarters + 2] = summed(over, up, look.stronger)
    return evidence


def summed(up: Floats, over: Floats, stronger: float) -> Evidence:
    """Sum up one way up: what speaks for it, its lead over its reverse, and the strength of its lines.

    Windows of one page are alike, so twice as many do not say twice as much; and those of a pattern say all the same,
    where letters vary: what is repeated counts for little.
    """
    lead = up - over
    worth = math.sqrt(len(up)) * min(1.0, float(lead.std()) / VARIED)
    return np.array([worth * np.logaddexp(0, up).mean(), worth * lead.mean(), stronger], dtype=np.float64)


def shares_of(evidence: Sequence[Evidence], judging: Floats) -> NDArray[np.float64]:
    """Give the probabilities of the four quarters and of there being no text, which sum to 1."""
    odds = np.array([*(float(each @ judging[:3]) if len(each) else NOTHING for each in evidence), float(judging[3])])
    shares = np.exp(odds - odds.max())
    sums: NDArray[np.float64] = shares / shares.sum()
    return sums
