"""Pages that people judged, beside what the machine found: what limits can be learnt from."""

from uuid import UUID

from fastapi import APIRouter

from services.qc.api.pages import Here
from services.qc.domain.inspection import Verdict
from services.qc.domain.limits import numbers_in
from services.qc.models import GivenVerdict, PageCheck
from services.qc.operations.agreeing import checks_of, standing_verdicts, totals_of
from shared.auth.guard import guarded_router
from shared.edge import Reading
from shared.paging import Asked
from shared.wire import Listing, Out

router: APIRouter = guarded_router()


class JudgedPageOut(Out):
    """A version of a page on which a person's verdict stands, and what the machine found by which profile.

    `is_flagged` says that the machine did not pass it. `measures` are those that limits are about.
    """

    verdict_id: UUID
    page_id: UUID
    version: int
    verdict: Verdict
    reason: str
    profile: str | None
    is_flagged: bool
    findings: tuple[str, ...]
    measures: dict[str, float]


class ProfileTotalsOut(Out):
    """How many versions of pages the machine flagged, and how many it passed, by one version of a profile."""

    profile: str
    flagged_count: int
    unflagged_count: int


class TotalsOut(Out):
    """The pages in all. `profile` is the one that is in force."""

    profile: str
    profiles: list[ProfileTotalsOut]


@router.get("/judged-pages")
async def list_judged_pages(session: Reading, portion: Asked) -> Listing[JudgedPageOut]:
    """List the versions of pages that people judged one by one, as their verdicts stand."""
    rows, more = await portion.of(session, standing_verdicts(), GivenVerdict.id)
    checks = await checks_of(session, rows)
    items = [judged(row, checks[row.page_id, row.version]) for row in rows if (row.page_id, row.version) in checks]
    return Listing(items=items, next=more)


@router.get("/judged-pages/totals")
async def read_judged_totals(session: Reading, here: Here) -> TotalsOut:
    """Count what the machine flagged and what it passed, by profile: what the judged pages stand for."""
    profiles = [
        ProfileTotalsOut(profile=profile, flagged_count=totals.flagged, unflagged_count=totals.unflagged)
        for profile, totals in (await totals_of(session)).items()
    ]
    return TotalsOut(profile=here.profile.label, profiles=profiles)


def judged(row: GivenVerdict, check: PageCheck) -> JudgedPageOut:
    """Show a verdict beside what the machine found."""
    return JudgedPageOut(
        verdict_id=row.id,
        page_id=row.page_id,
        version=row.version,
        verdict=Verdict(row.verdict),
        reason=row.reason,
        profile=check.profile,
        is_flagged=check.judgement != "pass",
        findings=tuple(str(finding["code"]) for finding in check.findings),
        measures=numbers_in(check.measures or {}),
    )
