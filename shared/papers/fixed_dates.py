"""Office files (ZIPs) with fixed dates inside: the same content is the same bytes, whenever it is made."""

import re
from collections.abc import Iterable
from datetime import datetime
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

PROPERTIES, TEXT = "docProps/core.xml", "word/document.xml"
ROWS = "rows"  # the comment that stands for them
ANCHOR = f"<!--{ROWS}-->".encode()
_MODIFIED = re.compile(rb"(<dcterms:modified[^>]*>)[^<]*")


def with_fixed_dates(office: bytes, at: datetime, rows: Iterable[str] = ()) -> bytes:
    """Give an office file whose entries, and its note of when it was changed, carry one moment.

    Rows of a long table, as XML, are put where the text has its anchor: they never stand in memory as a tree.
    """
    made = BytesIO()
    with ZipFile(BytesIO(office)) as found, ZipFile(made, "w") as fixed:
        for name in found.namelist():
            content = found.read(name)
            if name == PROPERTIES:
                content = _MODIFIED.sub(rb"\g<1>" + f"{at:%Y-%m-%dT%H:%M:%SZ}".encode(), content)
            entry = ZipInfo(name, (at.year, at.month, at.day, at.hour, at.minute, at.second // 2 * 2))
            entry.compress_type = ZIP_DEFLATED
            before, anchor, after = content.partition(ANCHOR) if name == TEXT else (content, b"", b"")
            with fixed.open(entry, "w") as file:
                file.write(before)
                for row in rows if anchor else ():
                    file.write(row.encode())
                file.write(after)
    return made.getvalue()
