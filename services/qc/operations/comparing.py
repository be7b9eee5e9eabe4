"""Find pages of a dossier that are likely scans of one sheet: a job, so that nobody waits for it in a transaction.

All pages are compared when each is checked; then the dossier's sample is drawn. A version that comes later is compared
as soon as it is checked. Until that is done the dossier cannot be concluded.
"""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.qc.context import Context
from services.qc.domain.finding import Finding, Severity, judgement_of
from services.qc.domain.inspection import DossierState
from services.qc.models import InspectedDossier, InspectedPage, PageCheck
from services.qc.operations.sampling import draw, pages_of
from shared.jobs import Progress, order_again
from shared.plumbing import JobColumns
from shared.uow import Caller, UnitOfWork

COMPARE = "compare_pages"
CODE = "content.duplicate"
PORTION = 100  # pairs, less than a second of work: so often is progress told, and so soon does a worker stop


class Overtaken(Exception):
    """While pages were compared another version came or was checked."""


@dataclass(frozen=True, slots=True)
class Comparable:
    """The checked version of a page: its fingerprint, and whether it was compared before."""

    number: int
    version: int
    fingerprint: str
    is_compared: bool


Comparables = Mapping[UUID, Comparable]


async def compare_when_ready(uow: UnitOfWork, dossier: InspectedDossier) -> None:
    """Order a comparison of a dossier if it is closed: when every page is checked, later for each that is."""
    await uow.session.flush()
    if dossier.state == DossierState.SCANNED and (dossier.seed is not None or await is_checked(uow, dossier)):
        await order_again(uow, COMPARE, dossier.dossier_id)


async def is_checked(uow: UnitOfWork, dossier: InspectedDossier) -> bool:
    """Say whether every page of a closed dossier is here and checked."""
    unchecked = select(InspectedPage.page_id).where(
        InspectedPage.dossier_id == dossier.dossier_id, col(InspectedPage.judgement).is_(None)
    )
    if (await uow.session.exec(unchecked.limit(1))).first() is not None:
        return False
    count = select(func.count()).select_from(InspectedPage).where(InspectedPage.dossier_id == dossier.dossier_id)
    return (await uow.session.exec(count)).one() == dossier.scanned_count


async def compare_pages(context: Context, job: JobColumns, progress: Progress) -> None:
    """Do the job `compare_pages`; doing it again comes to the same."""
    while not progress.is_concluded:
        async with context.database.reading() as session:
            pages = await comparable(session, job.subject_id)
        same = await alike(pages, progress)
        try:
            async with progress.concluding(Caller("qc")) as uow:
                await write_down(uow, job.subject_id, pages, same)
        except Overtaken:
            continue


async def comparable(session: AsyncSession, dossier_id: UUID) -> Comparables:
    """Give the newest versions of a dossier's pages that are checked; what could not be seen has no fingerprint."""
    asked = (
        select(InspectedPage, PageCheck.measures)
        .where(InspectedPage.dossier_id == dossier_id, col(InspectedPage.judgement).is_not(None))
        .where(PageCheck.page_id == InspectedPage.page_id, PageCheck.version == InspectedPage.version)
    )
    return {
        page.page_id: Comparable(page.number, page.version, str((measures or {}).get("hash", "")), page.is_compared)
        for page, measures in await session.exec(asked)
    }


async def alike(pages: Comparables, progress: Progress) -> dict[UUID, UUID]:
    """Give, of each page not compared before that is likely a scan of a sheet already there, the first of these."""
    # here, for it brings OpenCV: 16 MB that a service needs only once pages are compared
    from services.qc.domain.duplicates import Candidates, earliest_alike

    names = {str(page_id): page.fingerprint for page_id, page in pages.items()}
    newcomers = {str(page_id) for page_id, page in pages.items() if not page.is_compared}
    candidates = await asyncio.to_thread(Candidates, names, newcomers)
    pairs: list[tuple[str, str, float]] = []
    for begin in range(0, len(candidates), PORTION):
        await progress.tell(begin, len(candidates))
        pairs += await asyncio.to_thread(candidates.likely, begin, begin + PORTION)
    order = sorted(pages, key=lambda page_id: (not pages[page_id].is_compared, pages[page_id].number, page_id))
    same = earliest_alike(pairs, [str(page_id) for page_id in order])
    return {UUID(later): UUID(earlier) for later, earlier in same.items()}


async def write_down(uow: UnitOfWork, dossier_id: UUID, pages: Comparables, same: Mapping[UUID, UUID]) -> None:
    """Keep what was found, and draw the dossier's sample if that is not done. Raises Overtaken."""
    dossier = await uow.session.get_one(InspectedDossier, dossier_id, with_for_update=True)
    if dossier.state != DossierState.SCANNED:
        return
    present = await pages_of(uow, dossier_id)
    checked = {page.page_id: page for page in present if page.judgement is not None}
    if {page_id: page.version for page_id, page in checked.items()} != versions(pages):
        raise Overtaken
    if dossier.seed is None and len(checked) != dossier.scanned_count:
        return  # a newer version is on its way, and whoever checks it orders this again
    for page in checked.values():
        page.is_compared = True
    await tell(uow, dossier_id, checked, same)
    if dossier.seed is None:
        draw(uow, dossier, present)  # only now, for what was found is looked at anyhow


def versions(pages: Comparables) -> dict[UUID, int]:
    """Give the versions that were compared."""
    return {page_id: page.version for page_id, page in pages.items()}


async def tell(
    uow: UnitOfWork, dossier_id: UUID, pages: Mapping[UUID, InspectedPage], same: Mapping[UUID, UUID]
) -> None:
    """Write down, of each page in `same`, that it is likely the same as another, and judge it anew."""
    if not same:
        return
    for check in await checks_of(uow, [pages[page_id] for page_id in same]):
        page = pages[check.page_id]
        finding = Finding(CODE, Severity.REVIEW, value=pages[same[check.page_id]].number)
        findings = [told for told in page.findings if told["code"] != CODE] + [finding.told()]
        page.findings = check.findings = findings
        page.judgement = check.judgement = judgement_of(tuple(map(Finding.of, findings)))
    found = sorted(pages[page_id].number for page_id in same)
    uow.record("duplicates.found", dossier_id, pages=found[:500])


async def checks_of(uow: UnitOfWork, pages: Iterable[InspectedPage]) -> Sequence[PageCheck]:
    """Give what was measured of the newest versions of pages."""
    versions = {page.page_id: page.version for page in pages}
    asked = select(PageCheck).where(col(PageCheck.page_id).in_(versions)).order_by(col(PageCheck.page_id))
    return [check for check in await uow.session.exec(asked) if check.version == versions[check.page_id]]
