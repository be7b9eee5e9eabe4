"""Learn how much the evidence of a whole page is worth, and report how right and how sure that is."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from shared.imaging.measuring.orientation import NOTHING, Evidence, shares_of
from shared.imaging.measuring.upright import Floats

UPRIGHT, NO_TEXT = 0, 4
STEPS, RATE, DECAY = 4000, 0.05, 1e-3


@dataclass(frozen=True, slots=True)
class Told:
    """What a page that was not learned from told: its name, its truth (UPRIGHT or NO_TEXT) and its evidence."""

    name: str
    truth: int
    evidence: list[Evidence]
    weight: float = 1.0


def fitted(told: Sequence[Told]) -> Floats:
    """Fit the weights of the evidence and the odds of there being no text (multinomial logits, Adam)."""
    seen = np.array([[each if len(each) else np.zeros(3) for each in one.evidence] for one in told])
    empty = np.array([[NOTHING * (len(each) == 0) for each in one.evidence] for one in told])
    truth = np.eye(5)[[one.truth for one in told]]
    worth = np.array([one.weight for one in told]) / sum(one.weight for one in told)
    judging = np.array([0.1, 0.1, 0.1, 0.0])
    first, second = np.zeros(4), np.zeros(4)
    for step in range(1, STEPS + 1):
        odds = np.concatenate([seen @ judging[:3] + empty, np.full((len(told), 1), judging[3])], axis=1)
        slope = (softmax(odds) - truth) * worth[:, None]
        found = np.append(np.einsum("pk,pkf->f", slope[:, :4], seen), slope[:, 4].sum()) + DECAY * judging
        first, second = 0.9 * first + 0.1 * found, 0.99 * second + 0.01 * found**2
        judging -= RATE * (first / (1 - 0.9**step)) / (np.sqrt(second / (1 - 0.99**step)) + 1e-9)
    return judging.astype(np.float32)


def softmax(odds: NDArray[np.float64]) -> NDArray[np.float64]:
    """Give probabilities by rows."""
    shares = np.exp(odds - odds.max(axis=1, keepdims=True))
    sums: NDArray[np.float64] = shares / shares.sum(axis=1, keepdims=True)
    return sums


def judged(told: Sequence[Told], judging: Floats) -> Iterator[str]:
    """Report right, unsure and wrong."""
    shares = np.array([shares_of(one.evidence, judging) for one in told])
    best, sure = shares[:, :4].argmax(axis=1), shares[:, :4].max(axis=1)
    text = np.array([one.truth == UPRIGHT for one in told])
    right = best == 0
    if text.any():
        surely = text & (sure >= 0.9)
        yield f"{text.sum()} text pages: {right[text].mean():.2%} right, {(sure[text] < 0.5).mean():.2%} unsure"
        yield f"of {surely.sum()} that are sure (0.9) {right[surely].mean():.2%} are right"
    if (~text).any():
        none = sure[~text]
        yield f"{len(none)} pages without text: {(none >= 0.9).sum()} sure, {(none < 0.5).sum()} unsure"
    wrong = sorted({one.name for one, is_text, is_right in zip(told, text, right, strict=True) if is_text > is_right})
    yield f"wrong: {', '.join(wrong)}"
