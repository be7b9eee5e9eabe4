"""The ledger: a line a dossier, its differences, and all of it added up."""

from uuid import UUID, uuid4

from fastapi import APIRouter
from sqlmodel import col, select

from services.reporting.models import LedgerDossier
from services.reporting.operations.counting import CountedLine, all_lines, counted
from services.reporting.operations.rebuilding import REBUILD
from shared.auth.guard import guarded_router
from shared.edge import Reading, Uow
from shared.errors import NotFound
from shared.paging import Asked
from shared.wire import Listing, Out, Term

router: APIRouter = guarded_router()


class DifferenceOut(Out):
    """Two counts that are not the same; open when nobody has explained it."""

    dossier_id: UUID
    file_code: str
    step: str
    expected: int
    found: int
    explanation: str
    is_open: bool


class LineOut(Out):
    """One dossier's line in the ledger; None where a step has not been reached."""

    dossier_id: UUID
    fonds_code: str
    file_code: str
    title: str
    expected: int
    scanned: int
    accepted: int | None
    reserved: int
    rejected: int
    preserved: int | None
    delivered: int | None
    received: int | None
    a4_pages: int
    verified_copies: int
    is_withdrawn: bool


class TotalsOut(Out):
    """The ledger added up; `agreed` when nothing is unexplained. Of `withdrawn` dossiers nothing is expected."""

    dossiers: int
    expected: int
    scanned: int
    accepted: int
    reserved: int
    rejected: int
    set_aside: int
    withdrawn: int
    preserved: int
    delivered: int
    received: int
    a4_pages: int
    preserved_dossiers: int
    verified_copies_min: int
    open_differences: int
    explained_differences: int
    agreed: bool


@router.get("/ledger/totals")
async def read_totals(session: Reading, fonds_code: Term | None = None) -> TotalsOut:
    """Add the whole ledger up."""
    lines = await all_lines(session, fonds_code)
    if fonds_code and not lines:
        raise NotFound(f"no dossier of fonds {fonds_code} is in the ledger")
    return totals_of(lines)


@router.get("/ledger")
async def list_ledger(session: Reading, portion: Asked) -> Listing[LineOut]:
    """List the ledger, a dossier a line."""
    rows, more = await portion.of(session, select(LedgerDossier), LedgerDossier.dossier_id)
    return Listing(items=[shown(line) for line in await counted(session, rows)], next=more)


@router.get("/ledger/differences")
async def list_differences(session: Reading, portion: Asked) -> Listing[DifferenceOut]:
    """List differences of the next dossiers in the ledger; go on until there is no cursor."""
    rows, more = await portion.of(session, select(LedgerDossier), LedgerDossier.dossier_id)
    items = [
        DifferenceOut(
            dossier_id=line.dossier.dossier_id,
            file_code=line.dossier.file_code,
            step=each.step,
            expected=each.expected,
            found=each.found,
            explanation=each.explanation,
            is_open=each.is_open,
        )
        for line in await counted(session, rows)
        for each in line.differences
    ]
    return Listing(items=items, next=more)


@router.post("/rebuild", status_code=202)
async def rebuild(uow: Uow) -> dict[str, str]:
    """Make every projection anew from the events that were kept; the job shows how far it is."""
    job = uow.plumbing.job
    waiting = select(job.subject_id).where(job.kind == REBUILD, col(job.state).in_(["pending", "running"]))
    run = (await uow.session.exec(waiting)).first() or uuid4()
    await uow.enqueue(REBUILD, run)
    return {"run": str(run)}


def shown(counted_line: CountedLine) -> LineOut:
    """Show a line."""
    dossier, line = counted_line.dossier, counted_line.line
    return LineOut(
        dossier_id=dossier.dossier_id,
        fonds_code=dossier.fonds_code,
        file_code=dossier.file_code,
        title=dossier.title,
        expected=line.expected,
        scanned=line.scanned,
        accepted=line.accepted,
        reserved=dossier.reserved_count,
        rejected=len(line.rejected),
        preserved=line.preserved,
        delivered=line.delivered,
        received=line.received,
        a4_pages=counted_line.a4_pages,
        verified_copies=line.verified_copies,
        is_withdrawn=dossier.is_withdrawn,
    )


def totals_of(lines: list[CountedLine]) -> TotalsOut:
    """Add lines up."""
    found = [difference for line in lines for difference in line.differences]
    preserved = [line for line in lines if line.line.preserved is not None]
    return TotalsOut(
        dossiers=len(lines),
        expected=sum(each.line.expected for each in lines),
        scanned=sum(each.line.scanned for each in lines),
        accepted=sum(each.line.accepted or 0 for each in lines),
        reserved=sum(each.dossier.reserved_count for each in lines),
        rejected=sum(len(each.line.rejected) for each in lines),
        set_aside=sum(each.line.scanned for each in lines if each.line.set_aside is not None),
        withdrawn=sum(each.line.withdrawn is not None for each in lines),
        preserved=sum(each.line.preserved or 0 for each in lines),
        delivered=sum(each.line.delivered or 0 for each in lines),
        received=sum(each.line.received or 0 for each in lines),
        a4_pages=sum(each.a4_pages for each in lines),
        preserved_dossiers=len(preserved),
        verified_copies_min=min((each.line.verified_copies for each in preserved), default=0),
        open_differences=sum(each.is_open for each in found),
        explained_differences=sum(not each.is_open for each in found),
        agreed=not any(each.is_open for each in found),
    )
