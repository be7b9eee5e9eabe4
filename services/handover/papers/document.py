"""The minutes as a document for a word processor (DOCX), laid out as Decree 30/2020/NĐ-CP, annex I, has it."""

from docx import Document
from docx.document import Document as DocumentType
from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
from docx.enum.text import WD_TAB_LEADER
from docx.shared import Mm, Pt

from services.handover.domain.minutes import Minutes
from shared.papers.letterhead import (
    ACROSS,
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


def document_of(minutes: Minutes) -> bytes:
    """Write the minutes as DOCX. The same minutes give the same bytes."""
    made = Document()
    set_page(made)
    head = agency_beside_motto(made, minutes.superior, minutes.agency)
    centred(head.rows[1].cells[0], [(minutes.symbol, False)])
    centred(head.rows[1].cells[1], [(minutes.dated, False)], is_slanted=True)
    title(made, minutes.title, minutes.subject)
    for ground in minutes.grounds:
        paragraph(made.add_paragraph(), ground, is_slanted=True)
    paragraph(made.add_paragraph(), minutes.opening)
    for role, name in minutes.parties:
        party(made, role, name)
    for line in (minutes.agreed, *minutes.contents):
        paragraph(made.add_paragraph(), line)
    figures(made, minutes)
    closing = [made.add_paragraph() for _ in minutes.closing]
    for place, line in zip(closing, minutes.closing, strict=True):
        paragraph(place, line)
    closing[-1].paragraph_format.keep_with_next = True  # hands never stand on a page without what they sign under
    signatures(made, minutes)
    return saved(made, f"{minutes.title} {minutes.subject}", minutes.at)


def party(made: DocumentType, role: str, name: str) -> None:
    """Name a party and leave room for who speaks for it."""
    line = made.add_paragraph()
    line.paragraph_format.first_line_indent = Mm(10)
    line.add_run(role).bold = True
    line.add_run(f": {name}")
    for text in ("Đại diện: Ông/Bà ", "Chức vụ: "):
        blank = made.add_paragraph(f"{text}\t")
        blank.paragraph_format.first_line_indent = Mm(10)
        blank.paragraph_format.tab_stops.add_tab_stop(ACROSS, leader=WD_TAB_LEADER.DOTS)


def figures(made: DocumentType, minutes: Minutes) -> None:
    """Put the totals in a table, its head repeated on a new page."""
    table = made.add_table(1, 4, style="Table Grid")
    for cell, text in zip(table.rows[0].cells, ("STT", "Nội dung", "Số lượng", "Bằng chữ"), strict=True):
        fill(cell, text, ALIGN.CENTER, is_bold=True)
    repeat_head(table)
    for row in minutes.figures:
        sides = (ALIGN.CENTER, ALIGN.LEFT, ALIGN.RIGHT, ALIGN.LEFT)
        for cell, text, side in zip(table.add_row().cells, row, sides, strict=True):
            fill(cell, text, side)
    widths(table, (Mm(12), Mm(40), Mm(36), Mm(77)))
    below = made.add_paragraph().paragraph_format
    below.space_after, below.line_spacing = Pt(0), Pt(6)


def signatures(made: DocumentType, minutes: Minutes) -> None:
    """Leave room for both hands, side by side and never on two pages."""
    table = made.add_table(1, 2)
    for cell, (name, how) in zip(table.rows[0].cells, minutes.signatures, strict=True):
        signature(cell, name, how)
    keep_whole(table.rows[0])
