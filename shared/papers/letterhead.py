"""The pieces that documents for a word processor share: page, letterhead, paragraphs, tables (Decree 30/2020/NĐ-CP)."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from io import BytesIO

from docx.document import Document
from docx.enum.section import WD_ORIENT
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from docx.table import Table, _Cell, _Row
from docx.text.paragraph import Paragraph

from shared.papers.fixed_dates import with_fixed_dates

FACE = "Times New Roman"  # the decree's; the word processor has it
LEFT, RIGHT, ACROSS = Mm(30), Mm(15), Mm(165)
LYING = Mm(252)  # from margin to margin of a page that lies across


def set_page(made: Document, *, is_across: bool = False) -> None:
    """Set A4, margins, the face, and page numbers in the top margin from page 2 on."""
    section = made.sections[0]
    section.page_width, section.page_height = (Mm(297), Mm(210)) if is_across else (Mm(210), Mm(297))
    section.orientation = WD_ORIENT.LANDSCAPE if is_across else WD_ORIENT.PORTRAIT
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


def agency_beside_motto(made: Document, superior: str, agency: str, *, is_across: bool = False) -> Table:
    """Put the agency beside the motto of the nation, each with its rule; the second row is left to fill."""
    table: Table = made.add_table(2, 2)
    sides = (Mm(95), Mm(157)) if is_across else (Mm(62), Mm(103))
    widths(table, sides)
    left, motto = table.rows[0].cells
    lines = [(superior, False)] if superior else []
    centred(left, [*lines, (agency, True)])
    centred(motto, [("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", True), ("Độc lập - Tự do - Hạnh phúc", True)])
    for cell, side, length in ((left, sides[0], Mm(26)), (motto, sides[1], Mm(65))):
        rule(cell.add_paragraph(), indent=Mm((side - length) // 2 / Mm(1)))
    return table


def title(made: Document, name: str, subject: str, *, across: Mm = ACROSS) -> None:
    """Put the name of the paper and its subject in the middle, with the rule below."""
    for text, room in ((name, Pt(12)), (subject, Pt(0))):
        line = made.add_paragraph()
        line.alignment = ALIGN.CENTER
        line.paragraph_format.space_before, line.paragraph_format.space_after = room, Pt(0)
        run = line.add_run(text)
        run.bold, run.font.size = True, Pt(14)
    rule(made.add_paragraph(), indent=Mm((across / Mm(1) - 33) / 2))


def paragraph(made: Paragraph, text: str, *, is_slanted: bool = False) -> None:
    """Fill a paragraph of the body: both edges straight, its first line indented."""
    made.alignment = ALIGN.JUSTIFY
    made.paragraph_format.first_line_indent = Mm(10)
    made.add_run(text).italic = is_slanted


def centred(cell: _Cell, lines: Sequence[tuple[str, bool]], *, is_slanted: bool = False) -> None:
    """Fill a cell with centred lines, bold where said, below what is in it already."""
    for text, is_bold in lines:
        line = cell.add_paragraph() if cell.paragraphs[-1].runs else cell.paragraphs[-1]
        line.alignment, line.paragraph_format.space_after = ALIGN.CENTER, Pt(0)
        run = line.add_run(text)
        run.bold, run.italic = is_bold, is_slanted


def fill(cell: _Cell, text: str, side: ALIGN, *, is_bold: bool = False) -> None:
    """Fill a cell of a table."""
    line = cell.paragraphs[0]
    line.alignment, line.paragraph_format.space_after = side, Pt(2)
    run = line.add_run(text)
    run.bold, run.font.size = is_bold, Pt(12)


def signature(cell: _Cell, name: str, how: str) -> None:
    """Leave room for a hand below whose it is and how it signs."""
    centred(cell, [(name, True)])
    line = cell.add_paragraph()
    line.alignment = ALIGN.CENTER
    line.paragraph_format.space_after = Mm(22)
    line.add_run(how).italic = True


def repeat_head(table: Table) -> None:
    """Repeat the first row of a table on every page."""
    table.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))


def keep_whole(row: _Row) -> None:
    """Keep a row of a table from going on to another page, unless it fits on none."""
    row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))


def widths(table: Table, columns: Sequence[Mm]) -> None:
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


def saved(made: Document, name: str, at: datetime, rows: Iterable[str] = ()) -> bytes:
    """Give the finished document, rows (as XML) at their anchor. The same content and moment give the same bytes."""
    at = at.astimezone(UTC)
    made.core_properties.author = made.core_properties.last_modified_by = "Saoluu"
    made.core_properties.title, made.core_properties.comments = name, ""
    made.core_properties.created = made.core_properties.modified = at.replace(tzinfo=None)
    written = BytesIO()
    made.save(written)
    return with_fixed_dates(written.getvalue(), at, rows)
