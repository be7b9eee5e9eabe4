"""What a wrong cell is called in Vietnamese and English, kept as data."""

import tomllib
from functools import cache
from pathlib import Path

from services.catalog.domain.workbook_row import FIELDS
from shared.texts import Language

FILE = Path(__file__).with_name("wrongs.toml")


@cache
def wording() -> dict[str, dict[str, dict[str, str]]]:
    """Give the names of the columns and the sentences of the reasons, each by language."""
    return tomllib.loads(FILE.read_text("utf-8"))


def message_of(column: str, code: str, language: Language) -> str:
    """Say in words what kind of fault a code is; a code without words speaks for itself."""
    field, _read = FIELDS[column]
    name = wording()["columns"].get(column, {}).get(language, column)
    reason = wording()["reasons"].get(code.removeprefix(f"{field}_"), {}).get(language, code)
    return f"{name}: {reason}"
