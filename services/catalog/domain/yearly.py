"""The yearly list: its states, and what a line of it says."""

import json
from collections.abc import Mapping
from enum import StrEnum
from hashlib import sha256
from uuid import UUID

from services.catalog.domain.yearly_errors import YearlyListStateWrong


class YearlyState(StrEnum):
    """gathering: being made; gathered: a draft to look at; frozen: numbered, for ever as it is; sent: by a letter.

    discarded: a draft that was given up, with the reason.
    """

    GATHERING = "gathering"
    GATHERED = "gathered"
    FROZEN = "frozen"
    SENT = "sent"
    DISCARDED = "discarded"


NEXT: dict[YearlyState, frozenset[YearlyState]] = {
    YearlyState.GATHERING: frozenset({YearlyState.GATHERED, YearlyState.DISCARDED}),
    YearlyState.GATHERED: frozenset({YearlyState.FROZEN, YearlyState.DISCARDED}),
    YearlyState.FROZEN: frozenset({YearlyState.SENT}),
    YearlyState.SENT: frozenset(),
    YearlyState.DISCARDED: frozenset(),
}
FIXED = (YearlyState.FROZEN, YearlyState.SENT)


class PaperForm(StrEnum):
    """A workbook, a document for a word processor, or pages to print."""

    XLSX = "xlsx"
    DOCX = "docx"
    PDF = "pdf"


class PaperState(StrEnum):
    """waiting: its turn comes; making; done: it can be fetched; failed: it is made anew once it is asked for again."""

    WAITING = "waiting"
    MAKING = "making"
    DONE = "done"
    FAILED = "failed"


def advance(present: str, wanted: YearlyState) -> YearlyState:
    """Give the wanted state if it may follow the present one. Raises YearlyListStateWrong."""
    if wanted not in NEXT[YearlyState(present)]:
        raise YearlyListStateWrong(f"{present} → {wanted}", state=present)
    return wanted


def overlaps(fonds_id: UUID | None, other_id: UUID | None) -> bool:
    """Say whether lists of these fonds (None: of all) would name a dossier twice and are not the same list's editions.

    Decree 113/2025/NĐ-CP, article 30: what needs a reserve copy is inventoried, and the list of it sent, every year.
    """
    return fonds_id != other_id and None in (fonds_id, other_id)


def digest_of(content: Mapping[str, object]) -> str:
    """Give the SHA-256 (lower-case hex) of what a line says, as JSON with sorted keys and no spaces (RFC 8785)."""
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str)
    return sha256(text.encode()).hexdigest()
