"""What inspectors say of pages: one verdict under its key, or the queue of a client that was offline."""

from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from pydantic import Field, StringConstraints

from services.qc.api.findings import Reader
from services.qc.domain.inspection import Verdict
from services.qc.models import GivenVerdict
from services.qc.operations.giving import Act, Said, give_verdicts
from services.qc.operations.undoing import TakenBack
from shared.auth.guard import guarded_router
from shared.edge import Calling, Uow
from shared.errors import ArchiveError
from shared.service import Itself
from shared.texts import Language, Texts
from shared.wire import In, Note, Out

router: APIRouter = guarded_router()
Digest = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
Code = Annotated[str, StringConstraints(pattern=r"^[a-z_]{0,40}$")]


class VerdictIn(In):
    """What a person says of the page with this image; whatever is not simply accepted names a reason."""

    page_id: UUID
    sha256: Digest
    verdict: Verdict
    reason: Code = ""
    note: Note = ""

    def under(self, key: UUID) -> Act:
        """Give the act that this asks for."""
        return Said(key, self.page_id, self.sha256, self.verdict, self.reason, self.note)


class UndoIn(In):
    """That the verdict with this key is taken back."""

    undoes: UUID

    def under(self, key: UUID) -> Act:
        """Give the act that this asks for."""
        return TakenBack(key, self.undoes)


class KeyedVerdictIn(VerdictIn):
    """A verdict in a queue, with its key."""

    key: UUID


class KeyedUndoIn(UndoIn):
    """An undoing in a queue, with its key."""

    key: UUID


class QueueIn(In):
    """Verdicts and undoings, done in their order."""

    verdicts: Annotated[list[KeyedVerdictIn | KeyedUndoIn], Field(min_length=1, max_length=500)]


class GivenOut(Out):
    """What is written down under a key; an undoing has `undoes` and the verdict `undone`."""

    key: UUID
    page_id: UUID
    dossier_id: UUID | None
    version: int
    sha256: str
    verdict: str
    reason: str
    note: str
    undoes: UUID | None
    inspector: str
    at: datetime


class RefusalOut(Out):
    """Why one verdict of a queue was refused, as its problem document would say it."""

    status: int
    code: str
    title: str
    detail: str
    facts: dict[str, object]


class AnswerOut(Out):
    """The answer to one verdict of a queue: what is written down, or why not."""

    key: UUID
    given: GivenOut | None = None
    refused: RefusalOut | None = None


class AnswersOut(Out):
    """One answer for each verdict, in the order of the queue."""

    answers: list[AnswerOut]


@router.put("/verdicts/{key}")
async def give_verdict(key: UUID, body: VerdictIn | UndoIn, caller: Calling, service: Itself) -> GivenOut:
    """Say of a page that it is accepted, accepted with a reservation, to be scanned again, or rejected; or undo that.

    The key is the client's: the same again gets the same answer, something else under it is refused.
    """
    async with service.context.database.writing(caller) as uow:  # ends before the refusal, which is kept too
        answer = (await give_verdicts(uow, [body.under(key)]))[0]
    if isinstance(answer, ArchiveError):
        raise answer
    return given(answer)


@router.post("/verdicts")
async def give_queue(body: QueueIn, uow: Uow, service: Itself, reader: Reader) -> AnswersOut:
    """Give up to 500 verdicts in their order; each is answered by itself, one that is refused stops no other."""
    acts = [each.under(each.key) for each in body.verdicts]
    texts = texts_in(service.folder)
    answers = zip(acts, await give_verdicts(uow, acts), strict=True)
    return AnswersOut(
        answers=[
            AnswerOut(key=act.key, refused=refused(answer, texts, reader))
            if isinstance(answer, ArchiveError)
            else AnswerOut(key=act.key, given=given(answer))
            for act, answer in answers
        ]
    )


@cache
def texts_in(folder: Path) -> Texts:
    """Give the words of this service's errors, read once."""
    return Texts.of_service(folder)


def given(row: GivenVerdict) -> GivenOut:
    """Show what is written down."""
    return GivenOut(key=row.id, **row.model_dump(include=set(GivenOut.model_fields)))


def refused(error: ArchiveError, texts: Texts, language: Language) -> RefusalOut:
    """Show why a verdict was refused."""
    return RefusalOut(
        status=error.status,
        code=error.code,
        title=texts.say(error.code, language),
        detail=error.detail,
        facts=error.facts,
    )
