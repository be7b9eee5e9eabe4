"""The inventory as a document for a word processor (DOCX), laid out as Decree 30/2020/NĐ-CP has it."""

from collections.abc import Sequence
from copy import deepcopy
from datetime import datetime

from docx import Document
from docx.document import Document as DocumentType
from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
from docx.shared import Mm, Pt
from docx.table import Table, _Row

from services.catalog.domain.inventory_paper import COLUMNS, Inventory
from shared.papers.letterhead import (
    agency_beside_motto,
    centred,
    fill,
    keep_whole,
    paragraph,
    repeat_head,
    saved,
    set_page,
    signature,
    title,
    widths,
)

SIDES = (ALIGN.CENTER, ALIGN.LEFT, ALIGN.LEFT, ALIGN.CENTER, ALIGN.CENTER, ALIGN.CENTER, ALIGN.LEFT)
LEFT_OVER = Mm(165 - sum(column.width for column in COLUMNS))
WIDTHS = tuple(Mm(column.width) if column.width else LEFT_OVER for column in COLUMNS)


def document_of(inventory: Inventory, at: datetime) -> bytes:
    """Write the inventory as DOCX. The same inventory and moment give the same bytes."""
    made = Document()
    set_page(made)
    agency_beside_motto(made, inventory.superior, inventory.agency)
    title(made, inventory.title, inventory.subject)
    for line in inventory.about:
        below = made.add_paragraph(line)
        below.alignment, below.paragraph_format.space_after = ALIGN.CENTER, Pt(0)
    made.add_paragraph().paragraph_format.space_after = Pt(0)
    dossiers(made, inventory)
    made.add_paragraph().paragraph_format.space_after = Pt(0)
    for line in inventory.closing:
        paragraph(made.add_paragraph(), line)
    maker(made, inventory)
    return saved(made, f"{inventory.title} {inventory.subject}", at)


def dossiers(made: DocumentType, inventory: Inventory) -> None:
    """Put the dossiers in a table by series, its head repeated on every page.

    A row is a copy of an empty one: the library looks at the whole table to add another.
    """
    table = made.add_table(3, len(COLUMNS), style="Table Grid")
    head, named, plain = table.rows
    for cell, text in zip(head.cells, inventory.columns, strict=True):
        fill(cell, text, ALIGN.CENTER, is_bold=True)
    repeat_head(table)
    widths(table, WIDTHS)
    whole = named.cells[0].merge(named.cells[-1])
    whole.paragraphs[0].alignment = ALIGN.LEFT
    table._tbl.remove(named._tr)
    table._tbl.remove(plain._tr)
    for group in inventory.groups:
        if group.name:
            fill(copied(table, named).cells[0], group.name, ALIGN.LEFT, is_bold=True)
        for row in group.rows:
            filled(copied(table, plain), row)


def copied(table: Table, row: _Row) -> _Row:
    """Put a copy of an empty row at the end of a table."""
    made = deepcopy(row._tr)
    table._tbl.append(made)
    return _Row(made, table)


def filled(row: _Row, texts: Sequence[str]) -> None:
    """Fill a row with the seven columns."""
    for cell, text, side in zip(row.cells, texts, SIDES, strict=True):
        fill(cell, text, side)


def maker(made: DocumentType, inventory: Inventory) -> None:
    """Leave room for place, date and the hand of who made it out, on the right, never on two pages."""
    table = made.add_table(1, 2)
    widths(table, (Mm(70), Mm(95)))
    right = table.rows[0].cells[1]
    centred(right, [(inventory.dated, False)], is_slanted=True)
    signature(right, *inventory.signature)
    keep_whole(table)
