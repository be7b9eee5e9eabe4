"""Numbers of documents as Circular 05/2025/TT-BNV has them, and the one that is too short for long file codes."""

LONGEST_DOCUMENT_ID = 25  # docId of a SIP; with the dot and a number not much of a file code fits


def document_id(file_code: str, number: int) -> str:
    """Give docId: `H49.64.33.2001.160.1`, which also names the document's files."""
    return f"{file_code}.{number}"


def document_code(code: str, number: int) -> str:
    """Give docCode: the dossier's code and seven digits."""
    return f"{code}.{number:07d}"


def archive_file_code(archive_code: str, file_code: str) -> str:
    """Give arcFileCode: the archive's code before the dossier's."""
    return f"{archive_code}.{file_code}"


def has_room(file_code: str, documents: int) -> bool:
    """Say whether the ids of so many documents keep to their length."""
    return len(document_id(file_code, max(1, documents))) <= LONGEST_DOCUMENT_ID
