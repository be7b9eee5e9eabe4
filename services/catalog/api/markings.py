"""Marking by filter: a criterion given, taken away or noted anew; looked at first, done and taken back as one act."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any, Self
from uuid import UUID

from fastapi import APIRouter
from pydantic import Field, model_validator
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.catalog.api.dossier_shapes import BlockOut, DossierOut
from services.catalog.api.filters import Filters, Searched
from services.catalog.api.shapes import Here, InLanguage, Lines, Words
from services.catalog.api.shown import shown
from services.catalog.domain.bulk_marking import Act, Marked, Marking, digest_of
from services.catalog.domain.eligibility import WORDS, reasons_against
from services.catalog.domain.finding_errors import MarkingUnknown
from services.catalog.domain.programme import Programme
from services.catalog.domain.suggesting import demand_places
from services.catalog.models import Dossier
from services.catalog.models.markings import BulkMarking
from services.catalog.operations import bulk_marking
from services.catalog.operations.bulk_looking import looked_at
from services.catalog.operations.marking import demand_known
from shared.auth.guard import guarded_router
from shared.edge import Reading, Uow
from shared.paging import Asked
from shared.wire import In, Listing, Out

router: APIRouter = guarded_router()
FIRST = 20


class BulkMarkIn(In):
    """What is to be done with a criterion: `give` it, `withdraw` it, or `note` its evidence anew where it is given.

    Its evidence is told, but for a withdrawal.
    """

    act: Act = "give"
    criterion: Words
    evidence: Lines = ""

    @model_validator(mode="after")
    def _evidence_fits(self) -> Self:
        if bool(self.evidence) == (self.act == "withdraw"):
            raise ValueError("evidence is told of what is given or noted, and of nothing else")
        return self

    def marking(self) -> Marking:
        """Give it as the rules have it."""
        return Marking(self.act, self.criterion, self.evidence)


class SeenMarkIn(BulkMarkIn):
    """The same, and the digest of the dossiers that were looked at."""

    seen: Annotated[str, Field(pattern="[0-9a-f]{64}")]


class BlockCount(BlockOut):
    """What keeps dossiers off a selection list, and how many."""

    count: int


class EvidenceOut(Out):
    """The evidence that a dossier would have, with its own years, conditions and carrier."""

    dossier_id: UUID
    file_code: str
    evidence: str


class PreviewOut(Out):
    """What an act would do: how many dossiers answer, and how many of them it would change (`to_mark`).

    The others are `frozen` or `secret`, or would not be changed: `marked` have the criterion, `unmarked` have not, and
    of `untold` the description tells nothing that the evidence asks for. `first` are the first of all, `texts` what the
    first of those that would be changed would say, `first_untold` the first that would say nothing; `blocks` tell what
    would then keep those that would be changed off a list. `seen` is what the act has to repeat: the digest of what is
    to be done, and of which dossiers in which versions were looked at.
    """

    count: int
    to_mark: int
    marked: int
    unmarked: int
    frozen: int
    untold: int
    secret: int
    first: list[DossierOut]
    texts: list[EvidenceOut]
    first_untold: list[EvidenceOut]
    blocks: list[BlockCount]
    seen: str


class MarkingOut(Out):
    """What was done with a criterion of many dossiers at once.

    `left_out` are the dossiers that taking it back left as they are: found secret since, nothing is known of them.
    With `words_removed`, `evidence` and `q` are empty because one of the dossiers, or a document of one, was found
    secret since.
    """

    id: UUID
    act: Act
    criterion: str
    evidence: str
    filters: dict[str, Any]
    dossier_count: int
    at: datetime
    by: str
    undone_at: datetime | None
    undone_by: str
    left_out: list[UUID]
    words_removed: bool


def demand_fitting(body: BulkMarkIn, programme: Programme) -> None:
    """Raise CriterionUnknown for a criterion that the programme does not have; one of before may be taken away.

    Raises EvidencePlaceUnknown as well.
    """
    demand_places(body.evidence)
    if body.act != "withdraw":
        demand_known({body.criterion: body.evidence}, programme)


@router.post("/markings/preview")
async def preview_marking(
    body: BulkMarkIn, session: Reading, asked: Searched, here: Here, language: InLanguage
) -> PreviewOut:
    """Look at what an act on all dossiers that answer the filters would do; nothing is changed."""
    demand_fitting(body, here.programme)
    looked = await looked_at(session, asked, body.marking())
    standing = Counter(each.standing for each in looked)
    reasons = Counter(
        reason for each in looked if each.standing == "open" for reason in reasons_against(each.candidate)
    )
    first = [each.id for each in looked[:FIRST]]
    rows = (await session.exec(select(Dossier).where(col(Dossier.id).in_(first)).order_by(col(Dossier.id)))).all()
    with_text = [each for each in looked if each.standing == "open" and each.evidence is not None]
    return PreviewOut(
        count=len(looked),
        to_mark=standing["open"],
        marked=standing["marked"],
        unmarked=standing["unmarked"],
        frozen=standing["frozen"],
        untold=standing["untold"],
        secret=standing["secret"],
        first=await shown(session, rows, language),
        texts=await texts_of(session, with_text[:FIRST]),
        first_untold=await texts_of(session, [each for each in looked if each.standing == "untold"][:FIRST]),
        blocks=[
            BlockCount(code=reason, message=getattr(WORDS[reason], language), count=count)
            for reason, count in reasons.most_common()
        ],
        seen=digest_of(body.marking(), looked),
    )


async def texts_of(session: AsyncSession, looked: Sequence[Marked]) -> list[EvidenceOut]:
    """Show the evidence that dossiers would have."""
    asked = select(Dossier.id, Dossier.file_code).where(col(Dossier.id).in_([each.id for each in looked]))
    codes = dict((await session.exec(asked)).all())
    return [
        EvidenceOut(dossier_id=each.id, file_code=codes.get(each.id, ""), evidence=each.evidence or "")
        for each in looked
    ]


@router.post("/markings", status_code=201)
async def mark_dossiers(body: SeenMarkIn, uow: Uow, asked: Searched, filters: Filters, here: Here) -> MarkingOut:
    """Give a criterion to all dossiers that answer the filters, take it away or note it, as they were looked at."""
    demand_fitting(body, here.programme)
    made = await bulk_marking.mark_all(uow, asked, filters.told, body.marking(), seen=body.seen)
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
