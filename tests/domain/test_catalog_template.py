"""The empty workbooks: every column has its heading, and every coded one its codes to choose from."""

from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import load_workbook
from typer.testing import CliRunner

from cli.main import app
from services.catalog.domain.columns import LEVELS
from services.catalog.domain.workbook_row import Columns
from services.catalog.files.template import CODES, template


@pytest.mark.parametrize("columns", LEVELS, ids=lambda columns: columns.level)
def test_headings_field_names_and_lists_of_codes(columns: Columns) -> None:
    book = load_workbook(BytesIO(template(columns)))
    sheet, codes = book.worksheets[0], book[CODES]
    assert [cell.value for cell in sheet[2]] == list(columns.readers)
    assert all(cell.value and cell.value not in columns.readers for cell in sheet[1])
    bold = {str(below.value) for top, below in zip(sheet[1], sheet[2], strict=True) if top.font.bold}
    assert bold == set(columns.needed)
    choices = {str(each.sqref).split("3:")[0]: each for each in sheet.data_validations.dataValidation}
    assert len(choices) == len(columns.coded)
    for name, known in columns.coded.items():
        cell = next(cell for cell in sheet[2] if cell.value == name)
        formula = str(choices[cell.column_letter].formula1).removeprefix(f"'{CODES}'!").replace("$", "")
        assert [row[0].value for row in codes[formula]] == list(known), name


def test_the_command_writes_a_file_and_spares_one_that_is_there(tmp_path: Path) -> None:
    place = tmp_path / "mẫu.xlsx"
    assert CliRunner().invoke(app, ["template", "documents", "-o", str(place)]).exit_code == 0
    assert load_workbook(place).sheetnames[0] == "Tài liệu"
    place.write_text("của tôi")
    assert CliRunner().invoke(app, ["template", "documents", "-o", str(place)]).exit_code == 2
    assert place.read_text() == "của tôi"
    missing = CliRunner().invoke(app, ["template", "dossiers", "-o", str(tmp_path / "không" / "có.xlsx")])
    assert missing.exit_code == 2
