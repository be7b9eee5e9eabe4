"""How a sheet of paper has aged, as numbers drawn by chance."""

from dataclasses import dataclass
from random import Random
from typing import Self

TINTS = ((240, 229, 200), (236, 221, 186), (231, 218, 190), (243, 236, 217), (225, 207, 168))


@dataclass(frozen=True, slots=True)
class Wear:
    """What happened to a sheet: strengths are 0 to 1, `fading` is how much of the ink's darkness is gone."""

    tint: tuple[int, int, int]
    uneven: float
    edges: float
    foxing: int
    stains: int
    folds: int
    show_through: float
    fading: float

    @classmethod
    def of(cls, dice: Random) -> Self:
        """Draw how a sheet has aged; most are in fair condition, some are foxed, stained or faded."""
        return cls(
            tint=dice.choice(TINTS),
            uneven=dice.uniform(0.02, 0.09),
            edges=dice.uniform(0.05, 0.3),
            foxing=dice.choice((0, 8, 25, 60)),
            stains=dice.choice((0, 0, 0, 1)),
            folds=dice.choice((0, 1, 1, 2)),
            show_through=dice.uniform(0.07, 0.18),
            fading=dice.choice((0.0, 0.1, 0.2, 0.35)),
        )
