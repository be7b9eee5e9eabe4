"""What columns and wrong cells are called in Vietnamese and English, kept as data."""

import tomllib
from functools import cache
from pathlib import Path

from services.catalog.domain.columns import LEVELS
from shared.texts import Language

FILE = Path(__file__).with_name("wrongs.toml")


@cache
def wording() -> dict[str, dict[str, dict[str, str]]]:
    """Give the names of the columns, the sentences of the reasons and the words of changes, each by language."""
    return tomllib.loads(FILE.read_text("utf-8"))


def heading_of(column: str, language: Language) -> str:
    """Give what people call a column."""
    return wording()["columns"].get(column, {}).get(language, column)


def message_of(column: str, code: str, language: Language, level: str = "") -> str:
    """Say in words what kind of fault a code is; a code without words speaks for itself.

    Of a cell that is no code of its list all that are are told, as the workbooks of a level have them.
    """
    fields = {columns.readers[column][0] for columns in LEVELS if column in columns.readers}
    whys = [code, *(code.removeprefix(f"{field}_") for field in fields if code.startswith(f"{field}_"))]
    reason = next((wording()["reasons"][why][language] for why in whys if why in wording()["reasons"]), code)
    allowed = codes_allowed(column, level) if code.endswith("_unknown") else ""
    return f"{heading_of(column, language)}: {reason}" + (f" ({allowed})" if allowed else "")


def codes_allowed(column: str, level: str) -> str:
    """Give the codes that a column of a level takes with what they mean; empty where it takes none."""
    known = next((columns.coded.get(column, {}) for columns in LEVELS if columns.level == level), {})
    return "; ".join(f"{code} = {label}" for code, label in known.items())


def words_of_changes(language: Language) -> dict[str, str]:
    """Give what people call what becomes of rows."""
    return {name: told[language] for name, told in wording()["changes"].items()}
