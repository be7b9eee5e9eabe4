"""The columns of the workbooks that are imported, level by level: the circular's field names, and our own beside them.

Circular 05/2025/TT-BNV names the fields of dossiers and documents; series, criteria, evidence, arranged, secrecy and
the pages of a document are what choosing and scanning need beyond it, and so is what a dossier is made of.
`catalogVersion` is the version of the dossier that a file was exported from, so that no later edit is lost.
"""

from services.catalog.domain import codes, physical
from services.catalog.domain.cell import (
    Cell,
    CellWrong,
    code_of,
    codes_of,
    count_of,
    date_of,
    end_of,
    lines_of,
    mark_of,
    optional,
    required,
    required_count,
    split,
    start_of,
    text_of,
)
from services.catalog.domain.eligibility import SECRECY
from services.catalog.domain.labels import with_labels
from services.catalog.domain.words import in_vietnamese
from services.catalog.domain.workbook_row import Columns

MARK = {"x": "Có"}
YES_OR_NO = {"x": "Có", "không": "Không"}


def permanent(cell: Cell) -> str:
    """Read the retention; a historical archive keeps nothing that is not permanent."""
    return code_of(cell) or "01"


def public(cell: Cell) -> str:
    """Read the access level; what is not told is public."""
    return code_of(cell) or "01"


def wanted(cell: Cell) -> bool:
    """Read whether a reserve copy is wanted; it is unless a row says no."""
    return mark_of(cell) if isinstance(cell, bool) else text_of(cell) == "" or mark_of(cell)


def words_of(cell: Cell) -> tuple[str, ...]:
    """Read codes that are words, separated by semicolons: criteria, damage."""
    return tuple(code.lower() for code in split(cell))


def word_of(cell: Cell) -> str | None:
    """Read one of our own codes, which are words."""
    return text_of(cell).lower() or None


def legible(cell: Cell) -> bool:
    """Read whether the dossier can be read; it can unless a row says no."""
    return wanted(cell)


def said_or_not(cell: Cell) -> bool | None:
    """Read a mark, or no, or nothing where nobody has said."""
    return None if text_of(cell) == "" and not isinstance(cell, bool) else mark_of(cell)


def sizes_of(cell: Cell) -> dict[str, int]:
    """Read counts by paper size."""
    try:
        return physical.sizes_in(text_of(cell))
    except ValueError as wrong:
        raise CellWrong("not_sizes") from wrong


def secrecy_of(cell: Cell) -> str:
    """Read the outcome of the secrecy check."""
    return text_of(cell).lower() or "none"


def kind_of(cell: Cell) -> str:
    """Read what kind of holding is meant; what is not told is a fonds."""
    return text_of(cell).lower() or "fonds"


DOSSIERS = with_labels(
    Columns(
        level="dossiers",
        readers={
            "fileCode": ("file_code", required),
            "title": ("title", required),
            "maintenance": ("retention", permanent),
            "mode": ("access_level", public),
            "language": ("languages", codes_of),
            "startDate": ("starts_on", start_of),
            "endDate": ("ends_on", end_of),
            "keyword": ("keywords", text_of),
            "totalDoc": ("document_count", count_of),
            "numberOfPaper": ("sheet_count", count_of),
            "numberOfPage": ("page_count", required_count),
            "format": ("physical_condition", code_of),
            "inforSign": ("information_sign", text_of),
            "confidenceLevel": ("trust_level", code_of),
            "paperFileCode": ("paper_file_code", text_of),
            "riskRecovery": ("reserve", wanted),
            "description": ("note", lines_of),
            "series": ("series_code", optional),
            "criteria": ("criteria", words_of),
            "evidence": ("evidence", lines_of),
            "arranged": ("is_arranged", mark_of),
            "secrecy": ("secrecy", secrecy_of),
            "kind": ("kind", word_of),
            "carrier": ("carrier", word_of),
            "damage": ("conditions", words_of),
            "legible": ("is_legible", legible),
            "sheetsBySize": ("sheet_sizes", sizes_of),
            "pagesBySize": ("page_sizes", sizes_of),
            "box": ("box", text_of),
            "shelf": ("shelf", text_of),
            "arrangementNumber": ("arrangement_number", text_of),
            "arrangementDate": ("arrangement_on", date_of),
            "removedSheets": ("removed_sheet_count", count_of),
            "secrecyCheckedBy": ("secrecy_by", text_of),
            "secrecyDecision": ("secrecy_decision", text_of),
            "catalogVersion": ("version", count_of),
        },
        needed=("fileCode", "title", "numberOfPage"),
        sign="fileCode",
        coded={
            "maintenance": codes.RETENTION,
            "mode": codes.ACCESS_LEVEL,
            "language": codes.LANGUAGE,
            "format": codes.PHYSICAL_CONDITION,
            "confidenceLevel": codes.TRUST_LEVEL,
            "riskRecovery": YES_OR_NO,
            "arranged": MARK,
            "secrecy": SECRECY,
            "kind": in_vietnamese(physical.KIND),
            "carrier": in_vietnamese(physical.CARRIER),
            "damage": in_vietnamese(physical.CONDITION),
            "legible": YES_OR_NO,
        },
    )
)
DOCUMENTS = with_labels(
    Columns(
        level="documents",
        readers={
            "fileCode": ("file_code", required),
            "docOrdinal": ("number", required_count),
            "maintenance": ("retention", code_of),
            "typeName": ("type_code", code_of),
            "codeNumber": ("code_number", text_of),
            "codeNotation": ("code_notation", text_of),
            "issuedDate": ("issued_on", date_of),
            "organName": ("issuer", text_of),
            "subject": ("title", required),
            "language": ("languages", codes_of),
            "firstPage": ("first_page", count_of),
            "lastPage": ("last_page", count_of),
            "inforSign": ("information_sign", text_of),
            "keyword": ("keywords", text_of),
            "mode": ("access_level", code_of),
            "confidenceLevel": ("trust_level", code_of),
            "autograph": ("autograph", lines_of),
            "format": ("physical_condition", code_of),
            "process": ("has_workflow", said_or_not),
            "description": ("note", lines_of),
            "catalogVersion": ("version", count_of),
        },
        needed=("fileCode", "docOrdinal", "subject"),
        sign="docOrdinal",
        coded={
            "maintenance": codes.DOCUMENT_RETENTION,
            "typeName": codes.DOCUMENT_TYPE,
            "language": codes.LANGUAGE,
            "mode": codes.ACCESS_LEVEL,
            "confidenceLevel": codes.TRUST_LEVEL,
            "format": codes.PHYSICAL_CONDITION,
            "process": YES_OR_NO,
        },
    )
)
FONDS = with_labels(
    Columns(
        level="fonds",
        readers={
            "fondsCode": ("code", required),
            "fondsTitle": ("title", required),
            "fondsKind": ("kind", kind_of),
            "archiveCode": ("archive_code", required),
            "fondsStatus": ("status", word_of),
            "fondsHistory": ("history", lines_of),
            "startDate": ("starts_on", start_of),
            "endDate": ("ends_on", end_of),
            "keyGroups": ("arrangement", lines_of),
            "otherTypes": ("other_types", text_of),
            "language": ("languages", codes_of),
            "lookupTools": ("lookup_tools", text_of),
            "riskRecovery": ("reserve", said_or_not),
            "description": ("note", lines_of),
        },
        needed=("fondsCode", "fondsTitle", "archiveCode"),
        sign="fondsCode",
        coded={
            "fondsKind": codes.FONDS_KIND,
            "fondsStatus": codes.FONDS_STATUS,
            "language": codes.LANGUAGE,
            "riskRecovery": YES_OR_NO,
        },
    )
)
SERIES = Columns(
    level="series",
    readers={
        "fondsCode": ("code", required),
        "seriesCode": ("series_code", required),
        "seriesTitle": ("title", required),
    },
    needed=("fondsCode", "seriesCode", "seriesTitle"),
    sign="seriesCode",
    coded={},
)
LEVELS = (FONDS, SERIES, DOSSIERS, DOCUMENTS)  # of two signs in a sheet the later tells
