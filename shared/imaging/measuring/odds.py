"""Odds of damage as a probability."""

import math

MOST = 50.0


def logistic(odds: float) -> float:
    """Turn the logarithm of odds into a probability, 0 to 1."""
    return 1 / (1 + math.exp(-max(-MOST, min(MOST, odds))))
