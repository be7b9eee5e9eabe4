"""Everything that happened to a page."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from fastapi import APIRouter

from services.qc.api.findings import FindingOut, Reader, told
from services.qc.api.pages import PageOut, PicturesOut, pictures_of, shown
from services.qc.api.verdicts import GivenOut, given
from services.qc.models import PageCheck
from services.qc.operations.recalling import history_of
from shared.auth.guard import guarded_router
from shared.edge import Reading
from shared.texts import Language
from shared.wire import Out

router: APIRouter = guarded_router()


class VersionOut(Out):
    """A version of a page, and what the machine found by which profile."""

    version: int
    sha256: str
    profile: str | None
    judgement: Literal["pass", "review", "fail"] | None
    findings: list[FindingOut]
    checked_at: datetime | None
    pictures: PicturesOut | None


class PastRescanOut(Out):
    """A rescan order and what became of it: still open, fulfilled by a version, or withdrawn."""

    id: UUID
    page_version: int
    verdict_id: UUID | None
    reason: str
    ordered_by: str
    ordered_at: datetime
    is_open: bool
    fulfilled_version: int | None
    withdrawn_at: datetime | None


class HistoryOut(Out):
    """A page, its versions, the verdicts with those that were undone, and its rescan orders, oldest first."""

    page: PageOut
    versions: list[VersionOut]
    verdicts: list[GivenOut]
    rescans: list[PastRescanOut]


@router.get("/pages/{page_id}/history")
async def read_history(page_id: UUID, session: Reading, reader: Reader) -> HistoryOut:
    """Tell everything that happened to a page."""
    history = await history_of(session, page_id)
    return HistoryOut(
        page=shown(history.page, reader),
        versions=[version(check, reader) for check in history.versions],
        verdicts=[given(row) for row in history.verdicts],
        rescans=[PastRescanOut.model_validate(order) for order in history.rescans],
    )


def version(check: PageCheck, language: Language) -> VersionOut:
    """Show a version of a page."""
    facts = check.model_dump(include=set(VersionOut.model_fields) - {"findings"})
    pictures = pictures_of(check.page_id, check.version) if check.has_images else None
    return VersionOut(**facts, findings=told(check.findings, language), pictures=pictures)
