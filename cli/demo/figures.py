"""The table of numbers that goes with a report or a decision."""

from collections.abc import Sequence
from random import Random

from cli.demo.blocks import Block
from cli.demo.dossiers import Dossier
from cli.demo.themes import phrases, themes


def figures_of(dossier: Dossier, places: Sequence[str], dice: Random) -> Block:
    """Make up a table of the theme's figures, a row a place, with sums below what can be summed up."""
    theme, common = themes().theme[dossier.theme], phrases().common
    numbers = [[dice.randint(least, most) for _, least, most in theme.figures] for _ in places]
    rows = [
        [f"{row}", place, *map(written, cells)]
        for row, (place, cells) in enumerate(zip(places, numbers, strict=True), 1)
    ]
    sums = [
        "" if "/" in heading else written(sum(column))  # a yield per hectare has no sum
        for (heading, _, _), column in zip(theme.figures, zip(*numbers, strict=True), strict=True)
    ]
    return {
        "kind": "table",
        "title": common.table,
        "columns": [common.first_column, *(heading for heading, _, _ in theme.figures)],
        "rows": [*rows, ["", common.total, *sums]],
    }


def written(number: int) -> str:
    """Write a number the Vietnamese way, a point between thousands."""
    return f"{number:,}".replace(",", ".")
