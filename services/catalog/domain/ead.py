"""Fields of a dossier in EAD (2002 and EAD3): which element tells which, and what a foreign one means.

Coded fields are told in the circular's Vietnamese words. What EAD has no place for is not told, and stays as it is when
a finding aid comes back.
"""

import re
from collections.abc import Mapping

from services.catalog.domain import codes

ELEMENTS = {
    "fileCode": "unitid",
    "title": "unittitle",
    "mode": "accessrestrict",
    "language": "langmaterial",
    "startDate": "unitdate",
    "endDate": "unitdate",
    "keyword": "controlaccess",
    "totalDoc": "physdesc (documents)",
    "numberOfPaper": "physdesc (sheets)",
    "numberOfPage": "physdesc (pages)",
    "format": "phystech",
    "description": "scopecontent",
    "series": "c (series)",
    "box": "container (box)",
    "shelf": "container (shelf)",
}
OF_FONDS = {
    "fondsCode": "unitid",
    "fondsTitle": "unittitle",
    "fondsKind": "archdesc",
    "archiveCode": "repository",
    "fondsStatus": "accruals",
    "fondsHistory": "bioghist",
    "startDate": "unitdate",
    "endDate": "unitdate",
    "keyGroups": "arrangement",
    "otherTypes": "odd",
    "language": "langmaterial",
    "lookupTools": "otherfindaid",
    "description": "scopecontent",
}
TOLD_IN = {
    element: column
    for column, element in OF_FONDS.items()
    if element in ("accruals", "bioghist", "arrangement", "odd", "otherfindaid")
}  # of what a fonds is, in paragraphs beside its dossiers' elements
OF_SERIES = {"fondsCode": "archdesc", "seriesCode": "unitid", "seriesTitle": "unittitle"}
UNITS = {"totalDoc": "documents", "numberOfPaper": "sheets", "numberOfPage": "pages"}
LANGCODES = {"01": "vie", "02": "eng", "03": "fre", "04": "rus", "05": "chi"}  # ISO 639-2/B, of codes of one language
GROUPS = frozenset({"series", "subseries", "recordgrp", "subgrp", "class"})
FILE = "file"
FORMS = frozenset({"collection", "work"})  # kinds of holdings that are no fonds

_WORDS = {
    "totalDoc": ("document", "documents", "item", "items", "tài liệu", "văn bản"),
    "numberOfPaper": ("sheet", "sheets", "leaf", "leaves", "folio", "folios", "tờ"),
    "numberOfPage": ("page", "pages", "trang"),
}
_COLUMN_OF = {word: column for column, words in _WORDS.items() for word in words}
_OTHER_LANGCODES = {"fra": "03", "zho": "05"}
_EXTENT = re.compile(r"\s*([0-9]+)\s*(.*?)\s*", re.DOTALL)
_COMPACT = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})?")


def code_in(known: Mapping[str, str], text: str) -> str:
    """Give the code that a wording stands for; what is none stays as it is, to be found wrong."""
    told = " ".join(text.split())
    return next((code for code, words in known.items() if words.casefold() == told.casefold()), told)


def language_in(langcode: str, text: str) -> str:
    """Give the circular's code of a language, by its words or by ISO 639-2."""
    told = code_in(codes.LANGUAGE, text)
    if told in codes.LANGUAGE:
        return told
    by_iso = {iso: code for code, iso in LANGCODES.items()} | _OTHER_LANGCODES
    return by_iso.get(langcode, told or langcode)


def counted(count: str, unit: str) -> tuple[str, str] | None:
    """Give the column and number of an extent, its unit beside it or behind; None for what we do not count."""
    found = _EXTENT.fullmatch(count)
    if not found:
        return None
    column = _COLUMN_OF.get(" ".join((unit or found[2]).split()).casefold())
    return (column, found[1]) if column else None


def keywords_of(keywords: str) -> list[str]:
    """Give keywords one by one, if they come together again as they were."""
    parts = keywords.split("; ")
    is_whole = all(parts) and all(part == part.strip() for part in parts)
    return parts if is_whole else [keywords]


def day_in(told: str) -> str:
    """Give a normalised date with its dashes."""
    found = _COMPACT.fullmatch(told.strip())
    return "-".join(filter(None, found.groups())) if found else told.strip()
