"""Draw the pages that a person looks at although the machine passed them: once, when every page is checked."""

import secrets
from collections.abc import Sequence
from uuid import UUID

from sqlmodel import col, select

from services.qc.domain.inspection import SHARE, DossierState, drawn, may_draw
from services.qc.models import InspectedDossier, InspectedPage
from services.qc.operations.comparing import compare_all
from shared.uow import UnitOfWork


async def draw_when_ready(uow: UnitOfWork, dossier: InspectedDossier) -> None:
    """Compare a dossier's pages and draw its sample if it is closed, wholly checked, not drawn yet; keeps the seed."""
    if dossier.seed is not None or dossier.state != DossierState.SCANNED:
        return
    await uow.session.flush()
    unchecked = select(InspectedPage.page_id).where(
        InspectedPage.dossier_id == dossier.dossier_id, col(InspectedPage.judgement).is_(None)
    )
    if (await uow.session.exec(unchecked.limit(1))).first() is not None:
        return
    pages = await pages_of(uow, dossier.dossier_id)
    if not may_draw([page.judgement for page in pages], dossier.scanned_count):
        return
    await compare_all(uow, dossier.dossier_id)  # first, for what is found is looked at anyhow
    dossier.seed = secrets.randbits(62)
    sample = drawn([page.page_id for page in pages if page.judgement == "pass"], dossier.seed)
    for page in pages:
        page.is_sampled = page.page_id in sample or page.version > 1  # what was scanned again is seen whatever is drawn
    uow.record("sample.drawn", dossier.dossier_id, seed=dossier.seed, share=SHARE, drawn=len(sample))


def is_ready(dossier: InspectedDossier, pages: Sequence[InspectedPage]) -> bool:
    """Say whether a dossier can be concluded: its sample is drawn, and every page is here and checked."""
    return dossier.seed is not None and may_draw([page.judgement for page in pages], dossier.scanned_count)


async def pages_of(uow: UnitOfWork, dossier_id: UUID) -> list[InspectedPage]:
    """Give the pages of a dossier in order."""
    asked = select(InspectedPage).where(InspectedPage.dossier_id == dossier_id).order_by(col(InspectedPage.number))
    return list(await uow.session.exec(asked))
