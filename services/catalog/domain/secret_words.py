"""Rows that say that they are secret where nobody asked for it: in a column that is left out, in a remark, in a title.

Law 117/2025/QH15, article 5: what may be about a secret is not kept on a networked computer. Which words count is told
in `secret-marks.toml`.
"""

import re
from collections.abc import Container, Mapping

from services.catalog.domain.cell import Cell, CellWrong, Peculiar, shown
from services.catalog.domain.layout import heading_key
from services.catalog.domain.secret_mark import MARKS, WORDS, plainly, secret_mark
from services.catalog.domain.text import folded
from services.catalog.domain.workbook_row import Cells, decoded

BEFORE, OTHER, DENIALS = (frozenset(MARKS["headings"][name]) for name in ("before", "other", "denials"))
INNOCENT = frozenset(WORDS["innocent"])
# columns of our own that ask for the outcome of the check and its proofs
OWN = frozenset({"secrecy", "mode", "secrecyCheckedBy", "secrecyDecision", "removedSheets"})


def secret_places(headings: Mapping[int, str], names: Mapping[int, str]) -> frozenset[int]:
    """Give the places whose headings ask how secret a row is, though they are no columns for that."""
    return frozenset(
        place for place, text in headings.items() if names.get(place) not in OWN and asks_secrecy(heading_key(text))
    )


def asks_secrecy(heading: str) -> bool:
    """Say whether a heading, as it is compared, asks how secret something is."""
    told = plainly(heading)
    if told in OTHER:
        return False
    words = re.findall(r"\w+", told)
    for place, word in enumerate(words):
        after = words[place + 1] if place + 1 < len(words) else ""
        before = [folded(" ".join(words[max(0, place - count) : place])) for count in (1, 2)]
        if word == "mật" and after not in INNOCENT:
            return True
        if word == "mat" and (len(words) == 1 or not BEFORE.isdisjoint(before)):
            return True
    return False


def says_secret(cells: Cells, places: Container[int], judged: Container[int]) -> bool:
    """Say whether a row tells of a degree in one of some places, or bears a mark of one anywhere else.

    `judged` are the places of the columns that ask for it.
    """
    return any(
        not is_denial(cell) if place in places else place not in judged and is_marked(cell)
        for place, cell in enumerate(cells)
        if cell is not None
    )


def is_denial(cell: Cell) -> bool:
    """Say whether a cell of a column that asks for secrecy is empty or says in so many words that there is none."""
    text = folded(plainly(text_of(cell))).strip(" .()[]")
    return not text or text in DENIALS


def is_marked(cell: Cell) -> bool:
    """Say whether a cell bears a mark of secrecy."""
    return isinstance(cell, str | Peculiar) and secret_mark(text_of(cell)) is not None


def text_of(cell: Cell) -> str:
    """Give a cell as text in Unicode; what cannot be read as text, such as TRUE, as it would be shown."""
    try:
        held = cell.shown if isinstance(cell, Peculiar) else cell
    except CellWrong:
        return shown(cell)
    if not isinstance(held, str):
        return shown(held)
    return str(decoded(held)[0])
