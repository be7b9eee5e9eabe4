"""The minutes as a document for a word processor (DOCX), laid out as Decree 30/2020/NĐ-CP, annex I, has it."""

from datetime import UTC
from io import BytesIO

from docx import Document
from docx.document import Document as DocumentType
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
from docx.enum.text import WD_TAB_LEADER
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from docx.table import Table, _Cell
from docx.text.paragraph import Paragraph

from services.handover.domain.minutes import Minutes
from services.handover.papers.fixed_dates import with_fixed_dates

FACE = "Times New Roman"  # the decree's; the word processor has it
LEFT, RIGHT, ACROSS = Mm(30), Mm(15), Mm(165)


def document_of(minutes: Minutes) -> bytes:
    """Write the minutes as DOCX. The same minutes give the same bytes."""
    made = Document()
    set_page(made)
    head(made, minutes)
    for ground in minutes.grounds:
        paragraph(made.add_paragraph(), ground, is_slanted=True)
    paragraph(made.add_paragraph(), minutes.opening)
    for role, name in minutes.parties:
        party(made, role, name)
    for line in (minutes.agreed, *minutes.contents):
        paragraph(made.add_paragraph(), line)
    figures(made, minutes)
    for line in minutes.closing:
        paragraph(made.add_paragraph(), line)
    signatures(made, minutes)
    at = minutes.at.astimezone(UTC)
    made.core_properties.author = made.core_properties.last_modified_by = "Saoluu"
    made.core_properties.title = f"{minutes.title} {minutes.subject}"
    made.core_properties.comments = ""
    made.core_properties.created = made.core_properties.modified = at.replace(tzinfo=None)
    written = BytesIO()
    made.save(written)
    return with_fixed_dates(written.getvalue(), at)


def set_page(made: DocumentType) -> None:
    """Set A4, margins, the face, and page numbers in the top margin from page 2 on."""
    section = made.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin, section.right_margin, section.top_margin, section.bottom_margin = LEFT, RIGHT, Mm(20), Mm(20)
    style = made.styles["Normal"]
    style.font.name, style.font.size = FACE, Pt(13)
    faces = style.element.get_or_add_rPr().get_or_add_rFonts()
    for kind in ("w:ascii", "w:hAnsi", "w:cs", "w:eastAsia"):
        faces.set(qn(kind), FACE)
    style.paragraph_format.space_after, style.paragraph_format.line_spacing = Pt(3), 1.0
    section.different_first_page_header_footer = True
    number = section.header.paragraphs[0]
    number.alignment = ALIGN.CENTER
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), "PAGE")
    number._p.append(field)


def head(made: DocumentType, minutes: Minutes) -> None:
    """Put the agency beside the motto of the nation, then number and place and date, then the title."""
    table = made.add_table(2, 2)
    widths(table, (Mm(62), Mm(103)))
    agency, motto = table.rows[0].cells
    lines = [(minutes.superior, False)] if minutes.superior else []
    centred(agency, [*lines, (minutes.agency, True)])
    centred(motto, [("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", True), ("Độc lập - Tự do - Hạnh phúc", True)])
    rule(agency.add_paragraph(), indent=Mm(18))
    rule(motto.add_paragraph(), indent=Mm(19))
    centred(table.rows[1].cells[0], [(minutes.symbol, False)])
    centred(table.rows[1].cells[1], [(minutes.dated, False)], is_slanted=True)
    for text, room in ((minutes.title, Pt(12)), (minutes.subject, Pt(0))):
        line = made.add_paragraph()
        line.alignment = ALIGN.CENTER
        line.paragraph_format.space_before, line.paragraph_format.space_after = room, Pt(0)
        run = line.add_run(text)
        run.bold, run.font.size = True, Pt(14)
    rule(made.add_paragraph(), indent=Mm(66))


def paragraph(made: Paragraph, text: str, *, is_slanted: bool = False) -> None:
    """Fill a paragraph of the body: both edges straight, its first line indented."""
    made.alignment = ALIGN.JUSTIFY
    made.paragraph_format.first_line_indent = Mm(10)
    made.add_run(text).italic = is_slanted


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
    columns = (Mm(12), Mm(40), Mm(36), Mm(77))
    for cell, text in zip(table.rows[0].cells, ("STT", "Nội dung", "Số lượng", "Bằng chữ"), strict=True):
        fill(cell, text, ALIGN.CENTER, is_bold=True)
    table.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
    for row in minutes.figures:
        sides = (ALIGN.CENTER, ALIGN.LEFT, ALIGN.RIGHT, ALIGN.LEFT)
        for cell, text, side in zip(table.add_row().cells, row, sides, strict=True):
            fill(cell, text, side)
    widths(table, columns)
    below = made.add_paragraph().paragraph_format
    below.space_after, below.line_spacing = Pt(0), Pt(6)


def signatures(made: DocumentType, minutes: Minutes) -> None:
    """Leave room for both hands, side by side and never on two pages."""
    table = made.add_table(1, 2)
    for cell, (title, how) in zip(table.rows[0].cells, minutes.signatures, strict=True):
        centred(cell, [(title, True)])
        line = cell.add_paragraph()
        line.alignment = ALIGN.CENTER
        line.paragraph_format.space_after = Mm(22)
        line.add_run(how).italic = True
    table.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))


def centred(cell: _Cell, lines: list[tuple[str, bool]], *, is_slanted: bool = False) -> None:
    """Fill a cell with centred lines, bold where said."""
    for place, (text, is_bold) in enumerate(lines):
        line = cell.add_paragraph() if place else cell.paragraphs[0]
        line.alignment, line.paragraph_format.space_after = ALIGN.CENTER, Pt(0)
        run = line.add_run(text)
        run.bold, run.italic = is_bold, is_slanted


def fill(cell: _Cell, text: str, side: ALIGN, *, is_bold: bool = False) -> None:
    """Fill a cell of the table of totals."""
    line = cell.paragraphs[0]
    line.alignment, line.paragraph_format.space_after = side, Pt(2)
    run = line.add_run(text)
    run.bold, run.font.size = is_bold, Pt(12)


def widths(table: Table, columns: tuple[Mm, ...]) -> None:
    """Set the widths of columns, in the grid and cell by cell: some word processors heed only one of them."""
    table.autofit, table.alignment = False, WD_TABLE_ALIGNMENT.CENTER
    for column, width in zip(table.columns, columns, strict=True):
        column.width = width
    for row in table.rows:
        for cell, width in zip(row.cells, columns, strict=True):
            cell.width = width


def rule(line: Paragraph, *, indent: Mm) -> None:
    """Draw a thin rule below the line above: the upper border of an empty line, drawn in from both sides."""
    line.paragraph_format.left_indent = line.paragraph_format.right_indent = indent
    line.paragraph_format.space_before, line.paragraph_format.space_after = Pt(3), Pt(0)
    line.paragraph_format.line_spacing = Pt(8)
    borders, top = OxmlElement("w:pBdr"), OxmlElement("w:top")
    for name, value in (("val", "single"), ("sz", "6"), ("space", "1"), ("color", "auto")):
        top.set(qn(f"w:{name}"), value)
    borders.append(top)
    properties = line._p.get_or_add_pPr()
    properties.insert(0, borders)  # before spacing and indent, as the schema orders them
