"""How well a score tells damaged pages from sound ones."""

from collections.abc import Sequence

import numpy as np


def auc(damaged: Sequence[float], sound: Sequence[float]) -> float:
    """Give the area under the curve: the chance that a damaged page scores higher than a sound one (Mann-Whitney)."""
    scores = np.concatenate([np.asarray(damaged, dtype=float), np.asarray(sound, dtype=float)])
    values, places = np.unique(scores, return_inverse=True)
    counts = np.bincount(places, minlength=len(values))
    ranks = np.cumsum(counts) - (counts - 1) / 2
    above = float(ranks[places[: len(damaged)]].sum()) - len(damaged) * (len(damaged) + 1) / 2
    return above / (len(damaged) * len(sound))
