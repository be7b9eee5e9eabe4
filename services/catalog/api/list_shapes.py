"""Selection lists as they travel."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from fastapi import Response
from pydantic import Field
from sqlmodel.ext.asyncio.session import AsyncSession

from services.catalog.api.shapes import Lines, OptionalWords, Words
from services.catalog.api.versions import tag
from services.catalog.domain.decision import Decision, wrong_day
from services.catalog.domain.partial_date import iso_of
from services.catalog.domain.state import ListState
from services.catalog.models.lists import SelectionList
from services.catalog.operations.describing import wrong_fields
from services.catalog.operations.holding import tag_of
from services.catalog.operations.reading_lists import counts_of
from shared.clock import day_in_vietnam, now
from shared.edge import Uow
from shared.wire import In, Out


class ListIn(In):
    """A new list for dossiers of one fonds."""

    fonds_id: UUID
    name: Words
    year: Annotated[int, Field(strict=True, ge=2000, le=2100)]


class DossiersIn(In):
    """Dossiers to put on a list."""

    dossier_ids: Annotated[tuple[UUID, ...], Field(min_length=1, max_length=1000)]


class RemarkIn(In):
    """What is remarked on one dossier of a list."""

    dossier_id: UUID
    remark: Annotated[Lines, Field(min_length=1)]


Remarks = Annotated[tuple[RemarkIn, ...], Field(max_length=1000)]


class ReturnIn(In):
    """Why a list is returned, and what is remarked on its dossiers."""

    reason: Words
    remarks: Remarks = ()


class AppraisalIn(In):
    """An opinion on a list, and what is remarked on its dossiers."""

    opinion: Annotated[Lines, Field(min_length=1)]
    remarks: Remarks = ()


class AmendmentIn(In):
    """Why an approved list is amended."""

    reason: Words


class DecisionIn(In):
    """The paper that approves a list; the day as dd/mm/yyyy or ISO 8601."""

    number: Words
    signed_on: Words
    signer: Words

    def decision(self) -> Decision:
        """Give the decision with its day read. Raises FieldWrong."""
        wrongs = list(wrong_day(self.signed_on, day_in_vietnam(now())))
        if wrongs:
            raise wrong_fields(wrongs)
        return Decision(self.number, date.fromisoformat(iso_of(self.signed_on)), self.signer)


class DecisionChangeIn(DecisionIn):
    """The paper that approves a list; whoever corrects what was said of it says why."""

    reason: OptionalWords = ""


class ApprovalIn(In):
    """What may be told with an approval: the paper that it rests on."""

    decision: DecisionIn | None = None


class DecisionOut(Out):
    """The paper that approved a list; `document_sha256` is empty until its scanned file is attached."""

    number: str
    signed_on: date | None
    signer: str
    document_name: str
    document_size: int
    document_sha256: str


class ListOut(Out):
    """A selection list; `sha256` is the digest it was frozen with, `number` its number in its fonds and year.

    `is_appraised` says plainly whether anybody appraised what was last submitted. An amendment has a higher `edition`
    and names what it replaces. `tag` is its ETag: what is decided on the list names it in If-Match.
    """

    id: UUID
    fonds_id: UUID
    name: str
    year: int
    number: int | None
    edition: int
    replaces_id: UUID | None
    amendment_reason: str
    state: ListState
    sha256: str | None
    created_at: datetime
    round: int
    submitted_at: datetime | None
    is_appraised: bool = False
    appraised_by: str
    appraised_at: datetime | None
    opinion: str
    decided_by: str
    decided_at: datetime | None
    reason: str
    archived_at: datetime | None
    decision: DecisionOut | None = None
    dossier_count: int = 0
    page_count: int = 0
    tag: str = ""


async def one(uow: Uow, row: SelectionList, response: Response) -> ListOut:
    """Show a list that was just changed."""
    await uow.session.flush()
    tag(response, tag_of(row))
    return (await shown(uow.session, [row]))[0]


async def shown(session: AsyncSession, rows: Sequence[SelectionList]) -> list[ListOut]:
    """Show lists with their counts, two queries for all of them."""
    counts = await counts_of(session, rows)
    return [list_out(row, *counts.get(row.id, (0, 0))) for row in rows]


def list_out(row: SelectionList, dossiers: int, pages: int) -> ListOut:
    """Show a list."""
    told = {
        "is_appraised": row.appraised_at is not None,
        "decision": decision_out(row),
        "dossier_count": dossiers,
        "page_count": pages,
        "tag": tag_of(row),
    }
    return ListOut.model_validate(row).model_copy(update=told)


def decision_out(row: SelectionList) -> DecisionOut | None:
    """Show what is known of the paper that approved a list, None as long as nothing is."""
    if row.decision_signed_on is None and not row.document_sha256:
        return None
    return DecisionOut(
        number=row.decision_number,
        signed_on=row.decision_signed_on,
        signer=row.decision_signer,
        document_name=row.document_name,
        document_size=row.document_size,
        document_sha256=row.document_sha256,
    )
