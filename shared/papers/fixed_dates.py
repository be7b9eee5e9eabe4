"""Office files (ZIPs) with fixed dates inside: the same content is the same bytes, whenever it is made."""

import re
from datetime import datetime
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

PROPERTIES = "docProps/core.xml"
_MODIFIED = re.compile(rb"(<dcterms:modified[^>]*>)[^<]*")


def with_fixed_dates(office: bytes, at: datetime) -> bytes:
    """Give an office file whose entries, and its note of when it was changed, carry one moment."""
    made = BytesIO()
    with ZipFile(BytesIO(office)) as found, ZipFile(made, "w") as fixed:
        for name in found.namelist():
            content = found.read(name)
            if name == PROPERTIES:
                content = _MODIFIED.sub(rb"\g<1>" + f"{at:%Y-%m-%dT%H:%M:%SZ}".encode(), content)
            entry = ZipInfo(name, (at.year, at.month, at.day, at.hour, at.minute, at.second // 2 * 2))
            entry.compress_type = ZIP_DEFLATED
            fixed.writestr(entry, content)
    return made.getvalue()
