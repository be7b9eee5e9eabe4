"""A list as it is printed or opened as a workbook: a table of plain cells under a title."""

from dataclasses import dataclass

Cell = str | int | None  # None is what nobody told us: it stays empty


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a list: its heading and its width in millimetres (0: what is left).

    A code has no place to break: it is printed small, `code_line` characters a line. A paper may centre a column.
    """

    heading: str
    width: int
    code_line: int = 0
    is_centred: bool = False


@dataclass(frozen=True, slots=True)
class ListPaper:
    """A list as it is printed or opened as a workbook."""

    sheet: str
    title: str
    about: tuple[str, ...]
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    totals: tuple[Cell, ...]
    note: str
