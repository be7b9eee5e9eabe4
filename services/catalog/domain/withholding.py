"""What may be kept of a row before anybody has judged it: of one that is, or may be, about a secret nothing but codes.

Law 117/2025/QH15, article 5: no state secrets on networked computers.
"""

from collections.abc import Mapping

from services.catalog.domain import codes
from services.catalog.domain.cell import Cell, CellWrong, count_of
from services.catalog.domain.eligibility import Secrecy
from services.catalog.domain.workbook_row import Columns, ReadRow, read_row

JUDGING = ("secrecy", "mode")
CODES = ("fileCode", "fondsCode", "seriesCode")
NUMBER = "docOrdinal"
UNTOLD = "?"  # stands for a cell that was not kept, and is no code that anybody knows


def withheld(columns: Columns, told: Mapping[str, Cell]) -> dict[str, Cell] | None:
    """Give the few cells of a row that may be kept, by column; None where the row clearly is about no secret."""
    read = read_row(0, columns, {name: told[name] for name in JUDGING if name in told})
    return None if read.is_surely_open else bare(columns, told, read)


def bare(columns: Columns, told: Mapping[str, Cell], read: ReadRow | None = None) -> dict[str, Cell]:
    """Give of a row which dossier and document it is about, and whether it says that they are secret."""
    kept = {name: told[name] for name in CODES if name in told}
    if NUMBER in told and is_number(told[NUMBER]):
        kept[NUMBER] = told[NUMBER]
    if read and "secrecy" in told:
        known = read.values.get("secrecy")
        kept["secrecy"] = known if known in set(Secrecy) else UNTOLD
    if read and "mode" in told:
        level = read.values.get("access_level")
        kept["mode"] = level if level in (None, *codes.ACCESS_LEVEL) else UNTOLD
    return kept


def is_number(cell: Cell) -> bool:
    """Say whether a cell is a whole number and nothing else."""
    try:
        return count_of(cell) is not None
    except CellWrong:
        return False
