"""When a dossier may be chosen, and how secrecy is told."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from services.catalog.domain import codes
from services.catalog.domain.words import code_lists, in_vietnamese
from shared.eark.numbers import has_room


class Secrecy(StrEnum):
    """The outcome of the secrecy check (law 117/2025/QH15; a person decides, a stamp is no proof)."""

    NONE = "none"
    EXPIRED = "expired"
    REMOVED = "removed"
    SECRET = "secret"  # noqa: S105 - a state of dossiers


SECRECY = in_vietnamese(codes.LISTS["secrecy"])
WORDS = code_lists(Path(__file__).with_name("blocks.toml"))["reasons"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """What is known of a dossier that may be chosen, with the proofs."""

    file_code: str
    page_count: int
    document_count: int | None = None
    retention: str = "01"
    is_arranged: bool = False
    arrangement_number: str = ""
    arrangement_on: str | None = None
    is_legible: bool = True
    secrecy: str = "none"
    removed_sheet_count: int | None = None
    secrecy_by: str = ""
    secrecy_decision: str = ""
    evidenced_criteria: int = 0
    has_secret_document: bool = False


def reasons_against(told: Candidate) -> Iterator[str]:
    """Say everything that keeps a dossier off a list; the words are in `blocks.toml`.

    Decision 71/2023's plan: whole dossiers, wholly arranged before they are digitised (II.2), damaged ones as long as
    they can be read (II.1.a), each for a criterion. A historical archive chooses permanent ones only.
    """
    if told.retention not in codes.RETENTION:
        yield "not_permanent"
    if not told.is_arranged:
        yield "not_arranged"
    elif not (told.arrangement_number and told.arrangement_on):
        yield "arrangement_unproven"
    if not told.is_legible:
        yield "illegible"
    yield from reasons_of_secrecy(told)
    if not told.evidenced_criteria:
        yield "no_criterion_with_evidence"
    if told.page_count < 1:
        yield "no_pages"
    # The circular gives a document's id 25 characters, and it begins with the file code: a code that leaves no room
    # for the numbers of so many documents could be scanned, but never handed over.
    if not has_room(told.file_code, told.document_count or 1):
        yield "no_room_for_document_numbers"


def reasons_of_secrecy(told: Candidate) -> Iterator[str]:
    """Say what of the secrecy check keeps a dossier off a list: what is still secret, what nobody checked or proved."""
    if told.secrecy == Secrecy.SECRET:
        yield "secret"
    if told.has_secret_document:
        yield "secret_document"
    if told.secrecy == Secrecy.NONE and not told.secrecy_by:
        yield "secrecy_unchecked"
    if told.secrecy == Secrecy.REMOVED and not (told.removed_sheet_count and told.secrecy_by):
        yield "removal_unproven"
    if told.secrecy == Secrecy.EXPIRED and not told.secrecy_decision:
        yield "expiry_unproven"
