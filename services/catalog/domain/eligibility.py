"""When a dossier may be chosen, and how secrecy is told."""

from enum import StrEnum

from shared.eark.numbers import has_room


class Secrecy(StrEnum):
    """The outcome of the secrecy check (law 117/2025/QH15; a person decides, a stamp is no proof)."""

    NONE = "none"
    EXPIRED = "expired"
    REMOVED = "removed"
    SECRET = "secret"  # noqa: S105 - a state of dossiers


SECRECY = {
    Secrecy.NONE.value: "Không có độ mật",
    Secrecy.EXPIRED.value: "Đã hết thời hạn bảo vệ bí mật",
    Secrecy.REMOVED.value: "Đã rút tài liệu mật ra",
    Secrecy.SECRET.value: "Còn độ mật",
}


def reason_against(
    *, is_arranged: bool, secrecy: str, evidenced_criteria: int, page_count: int, file_code: str, documents: int
) -> str | None:
    """Say why a dossier may not be on a list, or None: arranged, not secret, chosen for a reason, and not empty.

    The circular gives a document's id 25 characters, and it begins with the file code: a code that leaves no room for
    the numbers of so many documents could be scanned, but never handed over.
    """
    if not is_arranged:
        return "not_arranged"
    if secrecy == Secrecy.SECRET:
        return "secret"
    if not evidenced_criteria:
        return "no_criterion_with_evidence"
    if page_count < 1:
        return "no_pages"
    if not has_room(file_code, documents):
        return "no_room_for_document_numbers"
    return None
