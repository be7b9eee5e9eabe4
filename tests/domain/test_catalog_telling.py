"""What is exported is what is imported: reading the cells of a description gives that description."""

from datetime import date
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import uuid4

from hypothesis import given, settings
from hypothesis import strategies as st

from services.catalog.domain import codes
from services.catalog.domain.cell import EXCEL_ERRORS
from services.catalog.domain.columns import DOCUMENTS, DOSSIERS
from services.catalog.domain.defusing import DANGEROUS, defused, undefused
from services.catalog.domain.description import Description
from services.catalog.domain.document import DocumentLine
from services.catalog.domain.evidence import evidence_in, marks_in
from services.catalog.domain.inventory import Codes, compare
from services.catalog.domain.known_dossier import KnownDossier, Rules
from services.catalog.domain.sparing import document_values, line_told
from services.catalog.domain.telling import document_cells, dossier_cells
from services.catalog.domain.text import tidied, tidied_lines
from services.catalog.domain.workbook_row import read_row
from services.catalog.files.heading import Known
from services.catalog.files.packing import by_column
from services.catalog.files.template import LevelBook
from services.catalog.files.workbook import opened_workbook

CRITERIA = ("permanent", "at_risk", "before_1975")
LETTERS = st.sampled_from("abcXYZ 0123456789=+-@'\"_;:,.()[]/\\<&>ạảấầẩẫậđơưƠƯ\n")  # none that TCVN3 and VNI share
LINE = st.text(LETTERS, max_size=30).map(tidied).filter(lambda text: text not in EXCEL_ERRORS)
LINES = st.text(LETTERS, max_size=40).map(tidied_lines)
NEEDED = LINE.filter(bool)
DATES = st.sampled_from([None, "1954", "1954-03", "1954-03-02"])
LANGUAGES = st.lists(st.sampled_from(sorted(codes.LANGUAGE)), unique=True, max_size=3).map(tuple)
DESCRIPTIONS = st.builds(
    Description, file_code=NEEDED, title=NEEDED, page_count=st.integers(50, 100), languages=LANGUAGES, starts_on=DATES,
    ends_on=st.sampled_from([None, "1955", "1956-12"]), keywords=LINE, document_count=st.none() | st.integers(1, 50),
    physical_condition=st.sampled_from([None, "01", "03"]), paper_file_code=NEEDED, note=LINES,
    information_sign=LINE, trust_level=st.sampled_from([None, "02"]), reserve=st.booleans(),
    is_arranged=st.booleans(), secrecy=st.sampled_from(["none", "expired", "removed"]),
    kind=st.sampled_from([None, "map", "mixed"]), carrier=st.sampled_from([None, "leaf"]),
    conditions=st.lists(st.sampled_from(["friable", "torn"]), unique=True, max_size=2).map(tuple),
    is_legible=st.booleans(), page_sizes=st.sampled_from([{}, {"A3": 2, "A4": 40}]), box=LINE, shelf=LINE,
    sheet_sizes=st.sampled_from([{}, {"A4": 20, "other": 1}]), arrangement_number=LINE,
    arrangement_on=st.sampled_from([None, "2024-03-01"]), removed_sheet_count=st.none() | st.integers(1, 9),
    secrecy_by=LINE, secrecy_decision=LINE,
)  # fmt: skip
MARKS = st.dictionaries(st.sampled_from(CRITERIA), LINES.filter(bool), max_size=3)
DOCUMENT_LINES = st.builds(
    DocumentLine, number=st.integers(1, 99), title=NEEDED, type_code=st.sampled_from([None, "02"]), issued_on=DATES,
    code_number=LINE, issuer=LINE, languages=LANGUAGES, access_level=st.sampled_from([None, "01", "02"]),
    autograph=LINES, note=LINES, retention=st.sampled_from([None, "01", "06"]),
    has_workflow=st.sampled_from([None, True, False]),
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(DESCRIPTIONS, MARKS)
def test_an_exported_dossier_is_imported_unchanged(told: Description, marks: dict[str, str]) -> None:
    book = LevelBook(DOSSIERS)
    book.add([dossier_cells(DOSSIERS, told, marks)])
    written = BytesIO()
    book.save(written)
    with TemporaryDirectory() as folder:
        path = Path(folder) / "export.xlsx"
        path.write_bytes(written.getvalue())
        with opened_workbook(path, Known()) as sheet:
            rows = [read_row(number, DOSSIERS, by_column(sheet.heads.names, cells)) for number, cells in sheet.rows]
    known = KnownDossier(uuid4(), 1, told, marks, is_frozen=False)
    rules = Rules(frozenset(CRITERIA), frozenset(), secrets_allowed=False, today=date(2026, 6, 1))
    found = compare(rows, {told.file_code: known}, rules, Codes())
    assert (found.errors, found.notices, found.updated, found.unchanged) == ([], [], [], 1)


@given(DOCUMENT_LINES)
def test_an_exported_document_is_read_unchanged(told: DocumentLine) -> None:
    read = read_row(3, DOCUMENTS, document_cells(DOCUMENTS, "H1", told, 7))
    assert not read.errors
    assert line_told(None, document_values(read)) == told
    assert read.values["version"] == 7


@given(MARKS)
def test_each_criterion_keeps_its_own_evidence(marks: dict[str, str]) -> None:
    assert marks_in(tuple(marks), evidence_in(marks)) == marks


@given(st.text() | st.text(st.sampled_from("'=+-@a\t\r")))
def test_text_is_never_computed_and_is_read_as_it_was(text: str) -> None:
    assert undefused(defused(text)) == text
    assert not defused(text).startswith(DANGEROUS)
