"""When a newer description of a sealed dossier makes a new AIP, and when none can be made of it."""

from collections.abc import Sequence
from enum import StrEnum

from services.ingest.domain.documents import DocumentPages, divided_anew, redescribed
from shared.eark.numbers import has_room
from shared.events.catalog import DocumentDescription, DossierApproved


class RevisionState(StrEnum):
    """Ordered until both copies of the new AIP are verified; unchanged where the sealed AIP says it all already.

    Refused where the sealed pages cannot serve the new description; withdrawn where no list held the
    dossier any more when its turn came.
    """

    ORDERED = "ordered"
    PRESERVED = "preserved"
    UNCHANGED = "unchanged"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class Refusal(StrEnum):
    """Why a description cannot be put over what is sealed."""

    FONDS_CHANGED = "fonds_changed"  # the packages of a dossier lie in its fonds' folder, and masters never move
    DOCUMENTS_MISFIT = "documents_misfit"  # they are others than before, and do not tell all of the sealed pages
    DOCUMENT_IDS_TOO_LONG = "document_ids_too_long"  # as Circular 05/2025/TT-BNV allows them


def says_the_same(one: DossierApproved, other: DossierApproved) -> bool:
    """Say whether packages would tell the same of a dossier by either approval."""
    return (one.fonds, one.description, one.documents) == (other.fonds, other.description, other.documents)


def itemised(approved: DossierApproved) -> tuple[DocumentDescription, ...]:
    """Give the documents of a dossier; one that is not itemised is one document of its own title."""
    return approved.documents or (DocumentDescription(number=1, title=approved.description.title),)


def revised_documents(
    settled: Sequence[DocumentPages], sealed: DossierApproved, approved: DossierApproved
) -> tuple[DocumentPages, ...] | Refusal:
    """Give the documents of a sealed dossier as a newer approval has them, or why it cannot be put over them."""
    if (approved.fonds.id, approved.fonds.code) != (sealed.fonds.id, sealed.fonds.code):
        return Refusal.FONDS_CHANGED
    found = redescribed(settled, itemised(sealed), itemised(approved))
    found = found or divided_anew(itemised(approved), settled[-1].last_page)
    if found is None:
        return Refusal.DOCUMENTS_MISFIT
    code = approved.description.file_code
    is_new = (code, len(found)) != (sealed.description.file_code, len(settled))
    if is_new and not has_room(code, len(found)):
        return Refusal.DOCUMENT_IDS_TOO_LONG
    return found
