"""What is told of a fonds, work or collection beside its dossiers, and what can be wrong with it.

The fields of Circular 05/2025/TT-BNV, and those of 02/2019 that nothing else tells. How many documents and pages a
fonds has is counted from its dossiers, and told by nobody.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from services.catalog.domain import codes
from services.catalog.domain.description import Wrong, wrong_languages
from services.catalog.domain.partial_date import in_order

APPROVED = ("title", "kind", "archive_code")  # with its code, what lists say of a fonds
TEXTS = {
    "code": 100, "title": 1000, "archive_code": 100, "history": 4000, "arrangement": 4000, "other_types": 1000,
    "lookup_tools": 1000, "note": 4000,
}  # fmt: skip
OF_FONDS = (
    "code", *APPROVED, "status", "history", "starts_on", "ends_on", "arrangement", "other_types", "languages",
    "lookup_tools", "reserve", "note",
)  # fmt: skip
UNTOLD: Mapping[str, Any] = {
    "kind": "fonds", "status": None, "history": "", "starts_on": None, "ends_on": None, "arrangement": "",
    "other_types": "", "languages": (), "lookup_tools": "", "reserve": None, "note": "",
}  # fmt: skip


def wrongs_of_fonds(told: Mapping[str, Any]) -> Iterator[Wrong]:
    """Give what is wrong with what is told of a fonds; what is not told is not wrong."""
    for name, most in TEXTS.items():
        if len(told.get(name) or "") > most:
            yield Wrong(name, "too_long")
    if told.get("kind", "fonds") not in codes.FONDS_KIND:
        yield Wrong("kind", "unknown")
    if told.get("status") not in (None, *codes.FONDS_STATUS):
        yield Wrong("status", "unknown")
    yield from wrong_languages(told.get("languages", ()))
    if not in_order(told.get("starts_on"), told.get("ends_on")):
        yield Wrong("ends_on", "before_start")
