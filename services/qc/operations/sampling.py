"""Draw the pages that a person looks at although the machine passed them: once, when every page is compared."""

import secrets
from collections.abc import Sequence
from uuid import UUID

from sqlmodel import col, select

from services.qc.domain.inspection import SHARE, drawn, may_draw
from services.qc.models import InspectedDossier, InspectedPage
from shared.uow import UnitOfWork


def draw(uow: UnitOfWork, dossier: InspectedDossier, pages: Sequence[InspectedPage]) -> None:
    """Draw the sample of a dossier of which these are the pages, all checked and compared; keeps the seed."""
    dossier.seed = secrets.randbits(62)
    sample = drawn([page.page_id for page in pages if page.judgement == "pass"], dossier.seed)
    for page in pages:
        page.is_sampled = page.page_id in sample or page.version > 1  # what was scanned again is seen whatever is drawn
    uow.record("sample.drawn", dossier.dossier_id, seed=dossier.seed, share=SHARE, drawn=len(sample))


def is_ready(dossier: InspectedDossier, pages: Sequence[InspectedPage]) -> bool:
    """Say whether a dossier can be concluded: its sample is drawn, and every page is here, checked and compared."""
    is_whole = may_draw([page.judgement for page in pages], dossier.scanned_count)
    return dossier.seed is not None and is_whole and all(page.is_compared for page in pages)


def how_far(dossier: InspectedDossier, pages: Sequence[InspectedPage]) -> str:
    """Say how far a dossier is that is not ready."""
    checked = sum(page.judgement is not None for page in pages)
    compared = sum(page.is_compared for page in pages)
    return f"of {dossier.scanned_count} pages {len(pages)} are here, {checked} checked, {compared} compared"


async def pages_of(uow: UnitOfWork, dossier_id: UUID) -> list[InspectedPage]:
    """Give the pages of a dossier in order."""
    asked = select(InspectedPage).where(InspectedPage.dossier_id == dossier_id).order_by(col(InspectedPage.number))
    return list(await uow.session.exec(asked))
