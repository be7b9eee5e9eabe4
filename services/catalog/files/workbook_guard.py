"""Looks at a workbook before it is parsed: is it one, and would it unpack to more than any inventory is."""

import re
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO, NamedTuple

from openpyxl.utils import range_boundaries

from services.catalog.domain.import_errors import WorkbookStrict, WorkbookUnreadable

MOST_UNPACKED = 512 << 20
MOST_ENTRIES = 2000
MOST_ROWS = 1_100_000  # Excel ends at 1,048,576
MOST_TAGS_OF_A_ROW = 100_000
MOST_TAGS_OF_STRINGS = 6_000_000
MOST_TAGS = 500_000
PORTION = 1 << 20
OLD_OFFICE = bytes.fromhex("d0cf11e0a1b11ae1")  # an .xls, or any workbook behind a password
DECLARED = re.compile(rb"<\?xml[^>]*encoding\s*=\s*[\"']([^\"']*)")
ROW_END = re.compile(rb"</(?:\w+:)?row\s*>|<(?:\w+:)?row\b[^<>]*/>")
MERGE = re.compile(rb"<(?:\w+:)?mergeCell\s+ref=[\"']([A-Z]{1,3}[0-9]{1,7}:[A-Z]{1,3}[0-9]{1,7})[\"']")
LONGEST_TOKEN = 64
BOOK = "xl/workbook.xml"
STRICT = b"http://purl.oclc.org/ooxml/spreadsheetml/main"
XML_STARTS = (b"<", b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff", b"\0<")


class Merge(NamedTuple):
    """Cells that were merged into the first of them."""

    first_row: int
    first_column: int
    last_row: int
    last_column: int


def demand_harmless(path: Path) -> Mapping[str, Sequence[Merge]]:
    """Raise WorkbookUnreadable for what is no workbook, or would take the memory or the time of others; blocks.

    Gives the merged cells of each part on the way: they stand behind the rows, where it is too late to hear of them.
    A reader of XML keeps every tag it has seen, so tags are counted: `<c/>` is four bytes here and a hundred there.
    """
    with path.open("rb") as file:
        if file.read(len(OLD_OFFICE)) == OLD_OFFICE:
            raise WorkbookUnreadable("an old or password-protected file", reason="old_or_locked")
    try:
        with zipfile.ZipFile(path) as archive:
            demand_workbook(archive.infolist())
            merges = {}
            for info in archive.infolist():
                if info.filename == BOOK:
                    demand_transitional(archive)
                with archive.open(info) as part:
                    merges[info.filename] = demand_harmless_part(info.filename.lower(), part)
            return merges
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, RuntimeError, EOFError) as broken:
        raise WorkbookUnreadable("not a workbook, or damaged", reason="damaged") from broken


def demand_transitional(archive: zipfile.ZipFile) -> None:
    """Raise WorkbookStrict for a workbook in the strict form of ISO/IEC 29500, whose names nobody else uses."""
    with archive.open(BOOK) as part:
        if STRICT in part.read(PORTION):
            raise WorkbookStrict("Strict Open XML", reason="strict")


def demand_workbook(infos: list[zipfile.ZipInfo]) -> None:
    """Raise WorkbookUnreadable unless the entries are those of a workbook without macros, of a sane size."""
    names = {info.filename for info in infos}
    if len(infos) > MOST_ENTRIES or len(names) != len(infos) or sum(info.file_size for info in infos) > MOST_UNPACKED:
        raise WorkbookUnreadable("it would unpack to too much", reason="too_much")
    if any(info.flag_bits & 1 for info in infos):
        raise WorkbookUnreadable("parts are encrypted", reason="old_or_locked")
    if "[Content_Types].xml" not in names:
        raise WorkbookUnreadable("not a workbook", reason="damaged")
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        raise WorkbookUnreadable("it has macros", reason="macros")


def demand_harmless_part(name: str, part: IO[bytes]) -> Sequence[Merge]:
    """Raise WorkbookUnreadable for XML with a document type, in a foreign encoding, or with too many tags.

    Gives the merged cells.

    ECMA-376 part 2 forbids document types (and so entities) in a package, and knows UTF-8 and UTF-16 only; nobody
    writes the latter. What is XML is told by its bytes: a reader follows references to parts of any name.
    """
    allowed = tags_allowed(name)
    chunk = part.read(PORTION)
    if not name.endswith((".xml", ".rels")) and not chunk.lstrip().startswith(XML_STARTS):
        return ()
    demand_plain_start(chunk)
    rows, tags, tail = 0, 0, b""
    merges: set[bytes] = set()
    while chunk:
        seen = tail + chunk
        if b"\0" in chunk or b"<!DOCTYPE" in seen or b"<!ENTITY" in seen:
            raise WorkbookUnreadable("XML that no workbook has", reason="dangerous")
        counts = [row.count(b"<") for row in ROW_END.split(seen)]
        counts[0] += tags
        rows += len(counts) - 1
        if max(counts) > allowed or rows > MOST_ROWS:
            raise WorkbookUnreadable("it would unpack to too much", reason="too_much")
        merges |= set(MERGE.findall(seen)) if b"mergeCell" in seen else set()
        tags, tail = counts[-1], chunk[-LONGEST_TOKEN:]
        chunk = part.read(PORTION)
    return [merge_of(told.decode()) for told in sorted(merges)]


def merge_of(told: str) -> Merge:
    """Read what cells were merged, such as A3:A5."""
    first_column, first_row, last_column, last_row = range_boundaries(told)
    return Merge(int(first_row or 0), int(first_column or 0), int(last_row or 0), int(last_column or 0))


def tags_allowed(name: str) -> int:
    """Give how many tags a part may have: within one row for sheets, in all for the others."""
    if "worksheets/" in name:
        return MOST_TAGS_OF_A_ROW
    return MOST_TAGS_OF_STRINGS if name.endswith("sharedstrings.xml") else MOST_TAGS


def demand_plain_start(chunk: bytes) -> None:
    """Raise WorkbookUnreadable unless XML begins as UTF-8 and says no other."""
    start = chunk.removeprefix(b"\xef\xbb\xbf").lstrip()
    declared = DECLARED.match(start)
    if not start.startswith(b"<") or (declared and declared[1].lower() not in (b"utf-8", b"us-ascii")):
        raise WorkbookUnreadable("XML that no workbook has", reason="dangerous")
