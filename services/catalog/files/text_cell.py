"""A cell of a workbook that is text and stays text, whatever it begins with."""

from openpyxl.cell import Cell, WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.worksheet._write_only import WriteOnlyWorksheet

from services.catalog.domain.text import CONTROL


def text_cell(sheet: WriteOnlyWorksheet, text: str, font: Font | None = None) -> Cell:
    """Make a cell that is never computed; what XML cannot hold is left out."""
    made = WriteOnlyCell(sheet)
    made.value = CONTROL.sub("", text).encode(errors="replace").decode()
    made.data_type = "s"
    made.quotePrefix = True  # so that it is not computed either once somebody has edited it
    if font:
        made.font = font
    return made
