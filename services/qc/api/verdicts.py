"""What inspectors say of pages: one verdict under its key, or the queue of a client that was offline."""

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from pydantic import (
    Field,
    InstanceOf,
    StringConstraints,
    ValidationError,
    ValidatorFunctionWrapHandler,
    WrapValidator,
)
from pydantic.json_schema import SkipJsonSchema

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


@dataclass(frozen=True, slots=True)
class Malformed:
    """What stands in a queue and is neither a verdict nor an undoing: its key, if it has one, and what is wrong."""

    key: UUID | None
    fields: list[dict[str, str]]


def or_malformed(told: object, read: ValidatorFunctionWrapHandler) -> object:
    """Read one of a queue; what is wrong with it is no reason to refuse the others."""
    try:
        return read(told)
    except ValidationError as wrong:
        found = wrong.errors(include_url=False, include_context=False, include_input=False)
        fields = [{"field": ".".join(str(step) for step in each["loc"]), "message": each["msg"]} for each in found]
        return Malformed(key_in(told), fields)


def key_in(told: object) -> UUID | None:
    """Give the key of something that is malformed otherwise."""
    try:
        return UUID(told["key"]) if isinstance(told, dict) else None
    except (KeyError, ValueError, TypeError, AttributeError):
        return None


Queued = Annotated[KeyedVerdictIn | KeyedUndoIn | SkipJsonSchema[InstanceOf[Malformed]], WrapValidator(or_malformed)]


class QueueIn(In):
    """Verdicts and undoings, done in their order."""

    verdicts: Annotated[list[Queued], Field(min_length=1, max_length=500)]


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
    """The answer to one verdict of a queue: what is written down, or why not; `key` is null where none can be read."""

    key: UUID | None
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
    texts = texts_in(service.folder)
    acts = [each.under(each.key) for each in body.verdicts if not isinstance(each, Malformed)]
    done = iter(await give_verdicts(uow, acts))
    answers: list[AnswerOut] = []
    for each in body.verdicts:
        if isinstance(each, Malformed):
            answers.append(AnswerOut(key=each.key, refused=unread(each, texts, reader)))
        elif isinstance(answer := next(done), ArchiveError):
            answers.append(AnswerOut(key=each.key, refused=refused(answer, texts, reader)))
        else:
            answers.append(AnswerOut(key=each.key, given=given(answer)))
    return AnswersOut(answers=answers)


@cache
def texts_in(folder: Path) -> Texts:
    """Give the words of this service's errors, read once."""
    return Texts.of_service(folder)


def given(row: GivenVerdict) -> GivenOut:
    """Show what is written down."""
    return GivenOut(key=row.id, **row.model_dump(include=set(GivenOut.model_fields)))


def unread(malformed: Malformed, texts: Texts, language: Language) -> RefusalOut:
    """Show what is wrong with something that is no verdict, as the refusal of a malformed body does."""
    title = texts.say("invalid_request", language)
    return RefusalOut(status=422, code="invalid_request", title=title, detail="", facts={"fields": malformed.fields})


def refused(error: ArchiveError, texts: Texts, language: Language) -> RefusalOut:
    """Show why a verdict was refused."""
    return RefusalOut(
        status=error.status,
        code=error.code,
        title=texts.say(error.code, language),
        detail=error.detail,
        facts=error.facts,
    )
