"""A list of dossiers as a document for a word processor (DOCX), laid out as Decree 30/2020/NĐ-CP has it."""

from collections.abc import Sequence
from copy import deepcopy
from datetime import datetime

from docx import Document
from docx.document import Document as DocumentType
from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
from docx.shared import Mm, Pt
from docx.table import Table, _Row

from services.catalog.domain.dossier_paper import DossierPaper
from shared.papers.letterhead import (
    ACROSS,
    LYING,
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


def document_of(paper: DossierPaper, at: datetime) -> bytes:
    """Write a paper as DOCX. The same paper and moment give the same bytes."""
    made = Document()
    set_page(made, is_across=paper.is_across)
    agency_beside_motto(made, paper.superior, paper.agency, is_across=paper.is_across)
    title(made, paper.title, paper.subject, across=width_of(paper))
    for line in paper.about:
        below = made.add_paragraph(line)
        below.alignment, below.paragraph_format.space_after = ALIGN.CENTER, Pt(0)
    made.add_paragraph().paragraph_format.space_after = Pt(0)
    dossiers(made, paper)
    made.add_paragraph().paragraph_format.space_after = Pt(0)
    for line in paper.closing:
        closing = made.add_paragraph()
        paragraph(closing, line)
        closing.paragraph_format.keep_with_next = True  # a signature never stands on a page without what is signed
    signers(made, paper)
    return saved(made, f"{paper.title} {paper.subject}", at)


def dossiers(made: DocumentType, paper: DossierPaper) -> None:
    """Put the dossiers in a table by series, its head repeated on every page.

    A row is a copy of an empty one: the library looks at the whole table to add another.
    """
    table = made.add_table(3, len(paper.columns), style="Table Grid")
    head, named, plain = table.rows
    for cell, column in zip(head.cells, paper.columns, strict=True):
        fill(cell, column.heading, ALIGN.CENTER, is_bold=True)
    repeat_head(table)
    left_over = width_of(paper) / Mm(1) - sum(column.width for column in paper.columns)
    widths(table, [Mm(column.width or left_over) for column in paper.columns])
    sides = [ALIGN.CENTER if column.is_centred else ALIGN.LEFT for column in paper.columns]
    whole = named.cells[0].merge(named.cells[-1])
    whole.paragraphs[0].alignment = ALIGN.LEFT
    table._tbl.remove(named._tr)
    table._tbl.remove(plain._tr)
    for group in paper.groups:
        if group.name:
            fill(copied(table, named).cells[0], group.name, ALIGN.LEFT, is_bold=True)
        for row in group.rows:
            filled(copied(table, plain), row, sides)


def copied(table: Table, row: _Row) -> _Row:
    """Put a copy of an empty row at the end of a table."""
    made = deepcopy(row._tr)
    table._tbl.append(made)
    return _Row(made, table)


def filled(row: _Row, texts: Sequence[str], sides: Sequence[ALIGN]) -> None:
    """Fill a row with its columns."""
    for cell, text, side in zip(row.cells, texts, sides, strict=True):
        fill(cell, text, side)


def signers(made: DocumentType, paper: DossierPaper) -> None:
    """Leave room for place, date and the hands of who signs, the last on the right, never on two pages."""
    left = width_of(paper) / Mm(1) / 2 if paper.is_across else 70
    table = made.add_table(1, 2)
    widths(table, (Mm(left), Mm(width_of(paper) / Mm(1) - left)))
    cells = table.rows[0].cells
    for cell, line in zip(cells, ("", paper.dated), strict=True):
        centred(cell, [(line, False)], is_slanted=True)
    for cell, hand in zip(cells, paper.signatures, strict=True):
        signature(cell, *hand)
    keep_whole(table)


def width_of(paper: DossierPaper) -> Mm:
    """Give how much lies between the margins."""
    return LYING if paper.is_across else ACROSS
