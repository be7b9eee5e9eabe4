"""What a dry run of an import would change, as a short table for a terminal."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from cli.language import say

FIRST = 20  # rows that are told
KINDS = ("updated", "created")  # what is there already first
WIDE = 40  # characters of a cell


def preview_lines(rows: Sequence[Mapping[str, Any]], changed: Mapping[str, int]) -> Iterator[str]:
    """Give the first rows that would be written, a line for each cell, and how many rows change each column."""
    kinds = {"created": say("thêm mới", "created"), "updated": say("cập nhật", "updated")}
    for row in rows:
        number = f" {row['number']}" if row["number"] is not None else ""
        yield f"{row['row']:>7} {kinds.get(row['kind'], row['kind'])} {row['code']}{number}"
        for cell in row["cells"]:
            yield f"{'':>10}{cell['column']}: {short(cell['before'])} → {short(cell['after'])}{edited(cell)}"
    if changed:
        yield say("Số dòng đổi theo cột:", "Rows that change each column:")
    for column, count in sorted(changed.items(), key=lambda each: (-each[1], each[0])):
        yield f"{count:>7} {column}"


def short(cell: str) -> str:
    """Give the beginning of a cell on one line; an empty one is a dash."""
    line = " ".join(cell.split())
    return (line[: WIDE - 1] + "…" if len(line) > WIDE else line) or "—"


def edited(cell: Mapping[str, Any]) -> str:
    """Say whose edit would be written over, if anybody's."""
    told = say("ghi đè chỗ sửa tay của", "writes over an edit by")
    return f"  [{told} {cell['edited_by']}]" if cell["edited_by"] else ""
