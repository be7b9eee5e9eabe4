"""Tell the other services what inspectors say of pages, act by act."""

from services.qc.domain.reasons import told
from services.qc.models import GivenVerdict
from shared.events.qc import VerdictGiven, VerdictUndone
from shared.ids import DossierId, PageId, VerdictId
from shared.uow import UnitOfWork


def tell_verdict(uow: UnitOfWork, row: GivenVerdict, dossier_id: DossierId, page_number: int) -> None:
    """Publish a verdict, or that one was taken back, with the moment that is written down."""
    page = {
        "verdict_id": VerdictId(row.id),
        "page_id": PageId(row.page_id),
        "dossier_id": dossier_id,
        "page_number": page_number,
        "page_version": row.version,
        "occurred_at": row.at,
    }
    if row.undoes is not None:
        uow.publish(VerdictUndone(**page, undoes=VerdictId(row.undoes)))
        return
    said = {"verdict": row.verdict, "reason": row.reason, "explanation": told(row.reason, row.note)}
    uow.publish(VerdictGiven(**page, **said, is_bulk=row.bulk is not None))
