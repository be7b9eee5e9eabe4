"""What columns, wrong cells and other reasons are called in Vietnamese and English, kept as data."""

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from services.catalog.domain.columns import DOCUMENTS, LEVELS
from shared.texts import Language

FILE = Path(__file__).with_name("wrongs.toml")


@cache
def wording() -> dict[str, dict[str, dict[str, str]]]:
    """Give the names of columns, the sentences of reasons and the words of archiving and changes, by language."""
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


def message_of_document(code: str, language: Language) -> str:
    """Say what is wrong with a document that was told by hand, in the words of its column in a workbook."""
    code = f"first_page_{code.removeprefix('pages_')}" if code.startswith("pages_") else code
    fields = [field for field in DOCUMENTS.of_field if code.startswith(f"{field}_")]
    return message_of(DOCUMENTS.of_field[max(fields, key=len)], code, language, DOCUMENTS.level) if fields else code


def worded(code: str, facts: Mapping[str, Any], language: Language) -> Mapping[str, Any]:
    """Add words where an error tells by codes what is wrong with documents, or why something is not archived."""
    if code == "catalog.documents_wrong":
        told = [{**each, "message": message_of_document(each["code"], language)} for each in facts["documents"]]
        return {**facts, "documents": told}
    if code == "catalog.archiving_refused":
        reason = facts["reason"]
        return {**facts, "message": wording()["archiving"].get(reason, {}).get(language, reason)}
    return facts
