"""Teach the reader of `shared.imaging.measuring.upright`: gradients by hand, Adam (Kingma and Ba 2015), in numpy."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from shared.imaging.measuring.upright import LAYERS, Floats

FEATURES = (12, 24, 32)
BATCH = 192
FASTEST = 2e-3
DECAY = 1e-4
TOLD_EVERY = 200


def patches_of(maps: Floats, rows: int, columns: int, step: int) -> Floats:
    """Lay out what every feature of the next layer sees: (count, down, across, rows * columns * features)."""
    seen = sliding_window_view(maps, (rows, columns), axis=(1, 2))[:, ::step, ::step]
    count, down, across = seen.shape[:3]
    return np.ascontiguousarray(seen.transpose(0, 1, 2, 4, 5, 3)).reshape(count, down, across, -1)


def fresh(rng: np.random.Generator) -> dict[str, Floats]:
    """Give weights that have learned nothing."""
    made: dict[str, Floats] = {}
    inputs = 1
    for number, ((rows, columns, _), features) in enumerate(zip(LAYERS, FEATURES, strict=True)):
        seen = rows * columns * inputs
        made[f"kernels{number}"] = (rng.standard_normal((seen, features)) * (2 / seen) ** 0.5).astype(np.float32)
        made[f"offsets{number}"] = np.zeros(features, np.float32)
        inputs = features
    made["weighing"] = (rng.standard_normal(2 * inputs) * 0.05).astype(np.float32)
    made["offset"] = np.zeros((), np.float32)
    return made


def forward(windows: Floats, learned: dict[str, Floats]) -> tuple[Floats, list[tuple[Floats, Floats]]]:
    """Read windows, and keep what the way back needs."""
    maps, kept = windows[..., None], []
    for number, (rows, columns, step) in enumerate(LAYERS):
        seen = patches_of(maps, rows, columns, step)
        maps = np.maximum(seen @ learned[f"kernels{number}"] + learned[f"offsets{number}"], 0)
        kept.append((seen, maps))
    along = maps[:, 0]
    pooled = np.concatenate([along.mean(axis=1), along.max(axis=1)], axis=1)
    return pooled @ learned["weighing"] + learned["offset"], kept


def gradients(
    slope: Floats, learned: dict[str, Floats], kept: list[tuple[Floats, Floats]], size: tuple[int, int]
) -> dict[str, Floats]:
    """Carry the slope of the loss in the odds back to every weight."""
    along = kept[-1][1][:, 0]
    half = along.shape[2]
    greatest = along.max(axis=1)
    pooled = np.concatenate([along.mean(axis=1), greatest], axis=1)
    found = {"weighing": pooled.T @ slope, "offset": slope.sum()}
    back = slope[:, None] * learned["weighing"]
    at_greatest = (along == greatest[:, None]).astype(np.float32)
    at_greatest /= at_greatest.sum(axis=1, keepdims=True)
    down = (back[:, None, :half] / along.shape[1] + back[:, None, half:] * at_greatest)[:, None]
    for number in reversed(range(len(LAYERS))):
        seen, maps = kept[number]
        down = down * (maps > 0)
        flat = down.reshape(-1, down.shape[-1])
        found[f"kernels{number}"] = seen.reshape(-1, seen.shape[-1]).T @ flat
        found[f"offsets{number}"] = flat.sum(axis=0)
        if number:
            shape = kept[number - 1][1].shape
            down = scattered(down @ learned[f"kernels{number}"].T, shape, LAYERS[number])
    return found


def scattered(patches: Floats, shape: tuple[int, ...], layer: tuple[int, int, int]) -> Floats:
    """Add up, for every place of the layer before, what flowed back to it."""
    rows, columns, step = layer
    out = np.zeros(shape, np.float32)
    count, down, across = patches.shape[:3]
    parts = patches.reshape(count, down, across, rows, columns, shape[3])
    for row in range(rows):
        for column in range(columns):
            places = out[:, row : row + step * down : step, column : column + step * across : step]
            places += parts[:, :, :, row, column]
    return out


@dataclass(frozen=True, slots=True)
class Lesson:
    """Windows of upright text, and others: no text, or lying on its side."""

    upright: NDArray[np.float16]
    other: NDArray[np.float16]

    def batches(self, rng: np.random.Generator) -> Iterator[tuple[Floats, Floats]]:
        """Give all of the upright windows in a new order, and of the others as many as fit in; again and again."""
        while True:
            order = rng.permutation(len(self.upright))
            for start in range(0, len(order) - BATCH + 1, BATCH):
                others = rng.integers(len(self.other), size=BATCH // 2)
                right = self.upright[order[start : start + BATCH]]
                yield right.astype(np.float32), self.other[others].astype(np.float32)


def teach(lesson: Lesson, steps: int, seed: int) -> Iterator[tuple[dict[str, Floats], float]]:
    """Teach in steps of a batch; gives the weights and the mean loss now and then, last of all the final ones."""
    rng = np.random.default_rng(seed)
    learned = fresh(rng)
    first = {name: np.zeros_like(value) for name, value in learned.items()}
    second = {name: np.zeros_like(value) for name, value in learned.items()}
    total = 0.0
    for step, (right, wrong) in zip(range(1, steps + 1), lesson.batches(rng), strict=False):
        loss, found = loss_of(learned, right, wrong)
        total += loss
        rate = FASTEST * 0.5 * (1 + np.cos(np.pi * step / steps))
        for name, slope in found.items():
            first[name] = 0.9 * first[name] + 0.1 * slope
            second[name] = 0.999 * second[name] + 0.001 * slope**2
            even, spread = first[name] / (1 - 0.9**step), second[name] / (1 - 0.999**step)
            moved = rate * (even / (np.sqrt(spread) + 1e-8) + DECAY * learned[name])
            learned[name] = (learned[name] - moved).astype(np.float32)
        if step % TOLD_EVERY == 0 or step == steps:
            yield learned, total / (step % TOLD_EVERY or TOLD_EVERY)
            total = 0.0


def loss_of(learned: dict[str, Floats], right: Floats, wrong: Floats) -> tuple[float, dict[str, Floats]]:
    """Give the loss and its gradients for one batch.

    An upright window turned half round is no upright text either, and the difference between both is what tells a
    page's way up: it counts most.
    """
    count = len(right)
    windows = np.concatenate([right, right[:, ::-1, ::-1], wrong, wrong[:, ::-1, ::-1]])
    odds, kept = forward(windows, learned)
    difference = odds[:count] - odds[count : 2 * count]
    loss = np.logaddexp(0, -difference).sum() + 0.5 * np.logaddexp(0, -odds[:count]).sum()
    loss += 0.5 * np.logaddexp(0, odds[count:]).sum()
    apart = -1 / (1 + np.exp(difference))
    slope = 0.5 / (1 + np.exp(-odds))
    slope[:count] = apart - 0.5 / (1 + np.exp(odds[:count]))
    slope[count : 2 * count] -= apart
    return float(loss) / count, gradients((slope / count).astype(np.float32), learned, kept, windows.shape[1:3])
