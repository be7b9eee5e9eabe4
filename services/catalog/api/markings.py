"""Marking by filter: looked at first, done as one act, taken back as one."""

from collections import Counter
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter
from pydantic import Field
from sqlmodel import col, select

from services.catalog.api.dossier_shapes import BlockOut, DossierOut, MarkIn
from services.catalog.api.filters import Filters, Searched
from services.catalog.api.shapes import Here, InLanguage
from services.catalog.api.shown import shown
from services.catalog.domain.bulk_marking import digest_of
from services.catalog.domain.eligibility import WORDS, reasons_against
from services.catalog.domain.finding_errors import MarkingUnknown
from services.catalog.models import Dossier
from services.catalog.models.markings import BulkMarking
from services.catalog.operations import bulk_marking
from services.catalog.operations.marking import demand_known
from shared.auth.guard import guarded_router
from shared.edge import Reading, Uow
from shared.paging import Asked
from shared.wire import Listing, Out

router: APIRouter = guarded_router()
FIRST = 20


class SeenMarkIn(MarkIn):
    """A criterion, its evidence, and the digest of the dossiers that were looked at."""

    seen: Annotated[str, Field(pattern="[0-9a-f]{64}")]


class BlockCount(BlockOut):
    """What keeps dossiers off a selection list, and how many."""

    count: int


class PreviewOut(Out):
    """What marking would do: how many dossiers answer, are marked already, are frozen, and would be marked.

    `first` are the first of them, `blocks` tell what would still keep those that would be marked off a list, `seen` is
    what the act has to repeat: the digest of which dossiers in which versions were looked at.
    """

    count: int
    to_mark: int
    marked: int
    frozen: int
    first: list[DossierOut]
    blocks: list[BlockCount]
    seen: str


class MarkingOut(Out):
    """A criterion that was given to many dossiers at once."""

    id: UUID
    criterion: str
    evidence: str
    filters: dict[str, Any]
    dossier_count: int
    at: datetime
    by: str
    undone_at: datetime | None
    undone_by: str


@router.post("/markings/preview")
async def preview_marking(
    body: MarkIn, session: Reading, asked: Searched, here: Here, language: InLanguage
) -> PreviewOut:
    """Look at what marking all dossiers that answer the filters would do; nothing is changed."""
    demand_known({body.criterion: body.evidence}, here.programme)
    looked = await bulk_marking.looked_at(session, asked, body.criterion)
    standing = Counter(each.standing for each in looked)
    reasons = Counter(
        reason for each in looked if each.standing == "open" for reason in reasons_against(each.candidate)
    )
    first = [each.id for each in looked[:FIRST]]
    rows = (await session.exec(select(Dossier).where(col(Dossier.id).in_(first)).order_by(col(Dossier.id)))).all()
    return PreviewOut(
        count=len(looked),
        to_mark=standing["open"],
        marked=standing["marked"],
        frozen=standing["frozen"],
        first=await shown(session, rows, language),
        blocks=[
            BlockCount(code=reason, message=getattr(WORDS[reason], language), count=count)
            for reason, count in reasons.most_common()
        ],
        seen=digest_of(looked),
    )


@router.post("/markings", status_code=201)
async def mark_dossiers(body: SeenMarkIn, uow: Uow, asked: Searched, filters: Filters, here: Here) -> MarkingOut:
    """Give a criterion to all dossiers that answer the filters, as they were looked at."""
    demand_known({body.criterion: body.evidence}, here.programme)
    made = await bulk_marking.mark_all(uow, asked, filters.told, body.criterion, body.evidence, seen=body.seen)
    return MarkingOut.model_validate(made)


@router.get("/markings")
async def list_markings(session: Reading, portion: Asked) -> Listing[MarkingOut]:
    """List what was marked by filter, newest first."""
    rows, more = await portion.of(session, select(BulkMarking), BulkMarking.id, is_newest_first=True)
    return Listing(items=[MarkingOut.model_validate(row) for row in rows], next=more)


@router.get("/markings/{marking_id}")
async def read_marking(marking_id: UUID, session: Reading) -> MarkingOut:
    """Show one act of marking."""
    row = await session.get(BulkMarking, marking_id)
    if row is None:
        raise MarkingUnknown
    return MarkingOut.model_validate(row)


@router.post("/markings/{marking_id}/undoing")
async def undo_marking(marking_id: UUID, uow: Uow) -> MarkingOut:
    """Take an act of marking back as one, unless a dossier changed since."""
    return MarkingOut.model_validate(await bulk_marking.undo_marking(uow, marking_id))
