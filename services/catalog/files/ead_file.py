"""Reads a finding aid in EAD 2002 or EAD3 as a sheet: of one level, a row for each unit of it."""

import codecs
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from lxml import etree

from services.catalog.domain import ead
from services.catalog.domain.columns import LEVELS
from services.catalog.domain.import_errors import WorkbookUnreadable
from services.catalog.domain.workbook_row import Cells, Level
from services.catalog.files.ead_reader import EadReader
from services.catalog.files.heading import Heads
from services.catalog.files.sheet import Sheet, told_rows

NAME = "EAD"
PORTION = 1 << 16
STARTS = (b"<", codecs.BOM_UTF8 + b"<", b"\xff\xfe<\0", b"\xfe\xff\0<", b"<\0", b"\0<")
ELEMENTS = {"fonds": ead.OF_FONDS, "series": ead.OF_SERIES, "dossiers": ead.ELEMENTS}


def is_ead(begins: bytes) -> bool:
    """Say whether a file begins as XML does."""
    return begins.lstrip().startswith(STARTS)


@contextmanager
def opened_ead(path: Path, level: Level) -> Iterator[Sheet]:
    """Open a finding aid for the rows of a level; blocks. Raises WorkbookUnreadable, also while rows are taken."""
    elements = ELEMENTS[level]
    columns = next(each for each in LEVELS if each.level == level)
    names = dict(enumerate(elements))
    heads = Heads(columns, names, [list(elements)], dict(enumerate(elements.values())))
    yield Sheet(NAME, heads, told_rows(rows_of(path, level, list(elements)), heads))


def rows_of(path: Path, level: Level, columns: list[str]) -> Iterator[Cells]:
    """Give the units of a level as rows. Raises WorkbookUnreadable."""
    reader = EadReader()
    target: Any = reader  # hears of tags, text and document types only; the stubs ask for more
    parser = etree.XMLParser(
        target=target, resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, recover=False
    )
    try:
        with path.open("rb") as file:
            while portion := file.read(PORTION):
                parser.feed(portion)
                yield from fetched(reader, level, columns)
        parser.close()
    except etree.XMLSyntaxError as wrong:
        raise WorkbookUnreadable("no XML that can be read", reason="damaged") from wrong
    yield from fetched(reader, level, columns)


def fetched(reader: EadReader, level: Level, columns: list[str]) -> Iterator[Cells]:
    """Give the rows that were read, and let go of them."""
    rows, reader.rows = reader.rows, []
    for of_level, told in rows:
        if of_level == level:
            yield [told.get(column) or None for column in columns]
