"""Rows that say that they are secret where nobody asked for it: in a column that is left out, in a remark, in a title.

Law 117/2025/QH15, article 5: what may be about a secret is not kept on a networked computer.
"""

import unicodedata
from collections.abc import Container, Mapping

from services.catalog.domain.cell import Cell, CellWrong, Peculiar, shown
from services.catalog.domain.layout import heading_key
from services.catalog.domain.secret_mark import secret_mark
from services.catalog.domain.text import folded
from services.catalog.domain.workbook_row import Cells, decoded

DEGREES = frozenset({"mật", "tối mật", "tuyệt mật"})
BARE_DEGREES = frozenset({"toi mat", "tuyet mat"})  # without accents; what remains of "mật" might be "mất" or "mặt"
HEADINGS = frozenset(
    {"mat", "do mat", "muc do mat", "cap do mat", "dau mat", "do mat cua ho so", "do mat cua tai lieu"}
)
DENIALS = frozenset({"none", "khong", "khong mat", "khong co", "thuong", "binh thuong", "-", "0"})
WRITTEN = ("title", "subject", "description", "keyword")
LONGEST_DEGREE = 24  # characters, each accent may be one


def secret_places(headings: Mapping[int, str], names: Mapping[int, str]) -> frozenset[int]:
    """Give the places that are left out although their headings ask how secret a row is."""
    return frozenset(
        place for place, text in headings.items() if place not in names and folded(heading_key(text)) in HEADINGS
    )


def says_secret(cells: Cells, told: Mapping[str, Cell], places: Container[int], judged: Container[int]) -> bool:
    """Say whether a row tells of a degree in one of some places, a degree of secrecy elsewhere, or bears a mark of one.

    `judged` are the places of the columns that ask for it.
    """
    for place, cell in enumerate(cells):
        if place in places and not is_denial(cell):
            return True
        if place not in judged and is_degree(cell):
            return True
    return any(secret_mark(text_of(told.get(name))) for name in WRITTEN)


def is_denial(cell: Cell) -> bool:
    """Say whether a cell of a column that asks for secrecy is empty or says in so many words that there is none."""
    text = " ".join(folded(text_of(cell)).split())
    return not text or text in DENIALS


def is_degree(cell: Cell) -> bool:
    """Say whether a cell holds a degree of secrecy and nothing else."""
    if not isinstance(cell, str | Peculiar):
        return False
    text = text_of(cell).strip()
    if not 0 < len(text) <= LONGEST_DEGREE:
        return False
    told = " ".join(unicodedata.normalize("NFC", text).casefold().split())
    return told in DEGREES or told in BARE_DEGREES


def text_of(cell: Cell) -> str:
    """Give a cell as text in Unicode; what cannot be read as text, such as TRUE, as it would be shown."""
    try:
        held = cell.shown if isinstance(cell, Peculiar) else cell
    except CellWrong:
        return shown(cell)
    if not isinstance(held, str):
        return shown(held)
    return str(decoded(held)[0])
