"""What becomes of the rows of an import as it is kept: portions of plain values, packed."""

import json
import zlib
from collections.abc import Sequence

from services.catalog.domain.row_change import CellChange, Outcome, RowChange


def pack_changes(changes: Sequence[RowChange]) -> bytes:
    """Pack what becomes of rows."""
    told = [
        [
            each.row, each.outcome, each.code, each.number, each.version, each.is_secret,
            [[cell.column, cell.before, cell.after, cell.edited_by, cell.edited_at] for cell in each.cells],
        ]
        for each in changes
    ]  # fmt: skip
    return zlib.compress(json.dumps(told, separators=(",", ":")).encode(), 1)


def unpack_changes(body: bytes) -> list[RowChange]:
    """Give back what was packed."""
    return [
        RowChange(row, Outcome(outcome), code, number, version, tuple(CellChange(*cell) for cell in cells), is_secret)
        for row, outcome, code, number, version, is_secret, cells in json.loads(zlib.decompress(body))
    ]
