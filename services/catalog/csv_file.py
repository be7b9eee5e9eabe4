"""Reads a CSV file: UTF-8 or UTF-16, or the Western code page that older Excel wrote; commas, semicolons or tabs."""

import codecs
import csv
import re
from collections.abc import Iterator
from pathlib import Path

from services.catalog.errors import WorkbookUnreadable
from services.catalog.sheet import KEY, MOST_COLUMNS, ReadSheet, read_sheet

NAME = "CSV"
MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
SEPARATORS = ",;\t"
UNPRINTED = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f]")
LONGEST_CELL = 65_536


def read_csv(path: Path) -> ReadSheet:
    """Read a CSV file; blocks. Raises WorkbookUnreadable, WorkbookColumnsWrong."""
    text = decoded(path.read_bytes())
    separator = separator_of(text)
    if UNPRINTED.search(text) or separator is None:
        raise WorkbookUnreadable("neither a workbook nor a table of text", reason="damaged")
    return read_sheet(NAME, lines_of(text, separator))


def decoded(body: bytes) -> str:
    """Give the text of a file.

    Without a mark it is UTF-8, or else Windows-1252: what older Excel wrote of text in a .Vn or VNI font, which is
    recognised cell by cell. Raises WorkbookUnreadable.
    """
    known = next((encoding for mark, encoding in MARKS if body.startswith(mark)), None)
    for encoding in (known,) if known else ("utf-8", "cp1252"):
        try:
            return body.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise WorkbookUnreadable("text in no known encoding", reason="damaged")


def separator_of(text: str) -> str | None:
    """Give what separates the field names in one of the first two lines, or None when there are none."""
    for line in text[: 4 * LONGEST_CELL].splitlines()[:2]:
        if KEY in line:
            return max(SEPARATORS, key=line.count)
    return None


def lines_of(text: str, separator: str) -> Iterator[list[str]]:
    """Give the cells of each line; a cell in quotes may hold line breaks. Raises WorkbookUnreadable."""
    csv.field_size_limit(LONGEST_CELL)
    try:
        for line in csv.reader(text.splitlines(keepends=True), delimiter=separator, strict=True):
            yield line[:MOST_COLUMNS]
    except csv.Error as wrong:
        raise WorkbookUnreadable(str(wrong), reason="damaged") from wrong
