"""A list of dossiers as a document for a word processor (DOCX), laid out as Decree 30/2020/NĐ-CP has it."""

import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from xml.sax.saxutils import escape

from docx import Document
from docx.document import Document as DocumentType
from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
from docx.shared import Mm, Pt
from docx.table import _Row
from lxml.etree import Comment, tostring

from services.catalog.domain.dossier_paper import DossierPaper
from shared.papers.fixed_dates import ROWS
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

MARK = "%text%"
NAMESPACES = re.compile(r' xmlns:\w+="[^"]*"')


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
    rows = dossiers(made, paper)
    made.add_paragraph().paragraph_format.space_after = Pt(0)
    for line in paper.closing:
        closing = made.add_paragraph()
        paragraph(closing, line)
        closing.paragraph_format.keep_with_next = True  # a signature never stands on a page without what is signed
    signers(made, paper)
    return saved(made, f"{paper.title} {paper.subject}", at, rows)


def dossiers(made: DocumentType, paper: DossierPaper) -> Iterator[str]:
    """Put the table of dossiers into the document, its head repeated on every page, and give its rows by groups.

    They are written like a row of each kind: as objects of the library 10,000 of them would take half a gigabyte.
    """
    table = made.add_table(3, len(paper.columns), style="Table Grid")
    head, named, plain = table.rows
    for cell, column in zip(head.cells, paper.columns, strict=True):
        fill(cell, column.heading, ALIGN.CENTER, is_bold=True)
    repeat_head(table)
    left_over = width_of(paper) / Mm(1) - sum(column.width for column in paper.columns)
    widths(table, [Mm(column.width or left_over) for column in paper.columns])
    fill(named.cells[0].merge(named.cells[-1]), MARK, ALIGN.LEFT, is_bold=True)
    for cell, column in zip(plain.cells, paper.columns, strict=True):
        fill(cell, MARK, ALIGN.CENTER if column.is_centred else ALIGN.LEFT)
    for row in (named, plain):
        keep_whole(row)
    like = [pieces_of(row) for row in (named, plain)]
    table._tbl.remove(named._tr)
    table._tbl.replace(plain._tr, Comment(ROWS))
    return rows_of(paper, *like)


def pieces_of(row: _Row) -> Sequence[str]:
    """Take a row apart at its texts; the names of its elements mean what they mean in the document."""
    return NAMESPACES.sub("", tostring(row._tr, encoding="unicode")).split(MARK)


def rows_of(paper: DossierPaper, named: Sequence[str], plain: Sequence[str]) -> Iterator[str]:
    """Write the rows."""
    for group in paper.groups:
        if group.name:
            yield filled(named, (group.name,))
        for row in group.rows:
            yield filled(plain, row)


def filled(pieces: Sequence[str], texts: Sequence[str]) -> str:
    """Put a row together again with its texts."""
    return "".join(each for pair in zip(pieces, (*map(escape, texts), ""), strict=True) for each in pair)


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
    keep_whole(table.rows[0])


def width_of(paper: DossierPaper) -> Mm:
    """Give how much lies between the margins."""
    return LYING if paper.is_across else ACROSS
