"""Write down what was heard and what follows from it; in any order and repetition the rows come out the same."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import insert
from sqlmodel import col, select

from services.reporting.models import HeardEvent, LedgerDossier, LedgerPackage, LedgerPage
from services.reporting.operations.agencies import note_difficulty, note_transfer
from shared.clock import day_in_vietnam
from shared.events.base import Event
from shared.events.catalog import (
    DifficultyAnswered,
    DifficultyChanged,
    DifficultyClosed,
    DifficultyRaised,
    DossierApproved,
    DossierWithdrawn,
    TransferChanged,
)
from shared.events.handover import PackageExplained, PackageOffered, PackageReceived
from shared.events.ingest import DossierPreserved, DossierScanned, MasterStored
from shared.events.qc import DossierAccepted, DossierRejected, PageChecked
from shared.uow import UnitOfWork


async def keep(uow: UnitOfWork, events: Sequence[Event]) -> None:
    """Keep events as they came, so that every projection can be made anew."""
    rows = [
        {"id": event.id, "name": event.name, "occurred_at": event.occurred_at, "body": event.model_dump_json()}
        for event in events
    ]
    await uow.session.exec(insert(HeardEvent), params=rows)


async def dossier_line(uow: UnitOfWork, dossier_id: UUID) -> LedgerDossier:
    """Give a dossier's line, begun at the first word of it."""
    line = await uow.session.get(LedgerDossier, dossier_id, with_for_update=True)
    if line is None:
        line = LedgerDossier(dossier_id=dossier_id)
        uow.session.add(line)
    return line


async def page_row(uow: UnitOfWork, event: MasterStored | PageChecked) -> LedgerPage:
    """Give a page's row, begun at the first word of it."""
    row = await uow.session.get(LedgerPage, event.page_id, with_for_update=True)
    if row is None:
        row = LedgerPage(page_id=event.page_id, dossier_id=event.dossier_id, number=event.page_number)
        uow.session.add(row)
    return row


async def project(uow: UnitOfWork, event: Event) -> None:
    """Let an event change what it speaks of; an event that changes nothing here is only kept."""
    note = NOTES.get(type(event))
    if note is not None:
        await note(uow, event)


async def note_plan(uow: UnitOfWork, event: DossierApproved) -> None:
    """Expect a dossier's pages."""
    plan(await dossier_line(uow, event.dossier_id), event)


async def note_plans(uow: UnitOfWork, events: Sequence[DossierApproved]) -> None:
    """Expect the pages of many dossiers."""
    asked = select(LedgerDossier).where(col(LedgerDossier.dossier_id).in_({event.dossier_id for event in events}))
    held = await uow.session.exec(asked.order_by(col(LedgerDossier.dossier_id)).with_for_update())
    lines = {line.dossier_id: line for line in held}
    fresh: dict[UUID, dict[str, Any]] = {}
    for event in sorted(events, key=lambda each: each.version):
        if event.dossier_id in lines:
            plan(lines[event.dossier_id], event)
        else:
            fresh[event.dossier_id] = {"dossier_id": event.dossier_id, **planned(event)}
    if fresh:
        await uow.session.exec(insert(LedgerDossier), params=list(fresh.values()))


def plan(line: LedgerDossier, event: DossierApproved) -> None:
    """Write the newest description on a line."""
    if line.approved_version < event.version:
        for name, value in planned(event).items():
            setattr(line, name, value)


def planned(event: DossierApproved) -> dict[str, Any]:
    """Give the columns of a line that an approval fills."""
    return {
        "approved_version": event.version,
        "expected_count": event.description.page_count,
        "fonds_code": event.fonds.code,
        "fonds_title": event.fonds.title,
        "file_code": event.description.file_code,
        "title": event.description.title,
        "year": event.year,
    }


async def note_withdrawal(uow: UnitOfWork, event: DossierWithdrawn) -> None:
    """Expect nothing more of a dossier, unless it was approved again since."""
    line = await dossier_line(uow, event.dossier_id)
    if line.withdrawn_version < event.version:
        line.withdrawn_version, line.withdrawal = event.version, event.reason


async def note_scan(uow: UnitOfWork, event: MasterStored) -> None:
    """Count a page as scanned; a rescan is the same page on the day of its first scan, with newer facts."""
    row = await page_row(uow, event)
    day = day_in_vietnam(event.occurred_at)
    row.scanned_on = day if row.scanned_on is None else min(day, row.scanned_on)
    if row.version < event.version:
        row.version, row.station, row.size = event.version, event.station, event.size


async def note_check(uow: UnitOfWork, event: PageChecked) -> None:
    """Know what the newest checked version of a page is worth."""
    row = await page_row(uow, event)
    if row.checked_version < event.version:
        row.checked_version, row.judgement = event.version, event.judgement
        row.a4_equivalents = event.a4_equivalents  # a rescan counts like the old version until it is checked itself


async def note_acceptance(uow: UnitOfWork, event: DossierAccepted) -> None:
    """Know which pages of a dossier are kept."""
    line = await dossier_line(uow, event.dossier_id)
    if line.accepted_at is not None and line.accepted_at >= event.occurred_at:
        return
    line.accepted_count, line.reserved_count = event.accepted_count, event.reserved_count
    line.rejected = [page.model_dump(mode="json") for page in event.rejected]
    line.accepted_at = event.occurred_at
    for page in event.rejected:
        row = await uow.session.get(LedgerPage, page.page_id, with_for_update=True)
        if row is None:
            row = LedgerPage(page_id=page.page_id, dossier_id=event.dossier_id, number=page.page_number)
            uow.session.add(row)
        row.is_rejected = True


async def note_package(uow: UnitOfWork, event: PackageOffered | PackageReceived | PackageExplained) -> None:
    """Follow a package to its answer, or to why it is not replaced."""
    row = await uow.session.get(LedgerPackage, event.package_id, with_for_update=True)
    if row is None:
        row = LedgerPackage(package_id=event.package_id, dossier_id=event.dossier_id, page_count=event.page_count)
        uow.session.add(row)
    if isinstance(event, PackageOffered):
        row.offered_at = event.occurred_at
    elif isinstance(event, PackageExplained):
        row.explanation = event.explanation
    else:
        row.answer, row.reasons, row.answered_at = event.answer, list(event.reasons), event.occurred_at


async def note_closing(uow: UnitOfWork, event: DossierScanned) -> None:
    """Know that a dossier was closed, and with what explanation."""
    line = await dossier_line(uow, event.dossier_id)
    if line.closed_at is None or line.closed_at <= event.occurred_at:
        line.closing, line.closed_at = event.explanation, event.occurred_at


async def note_rejection(uow: UnitOfWork, event: DossierRejected) -> None:
    """Know that a dossier was set aside."""
    (await dossier_line(uow, event.dossier_id)).set_aside = event.explanation


async def note_preservation(uow: UnitOfWork, event: DossierPreserved) -> None:
    """Know that a dossier lies in both stores."""
    line = await dossier_line(uow, event.dossier_id)
    if line.preserved_at is not None and line.preserved_at >= event.occurred_at:
        return
    line.preserved_count, line.verified_copies = event.page_count, event.verified_copies
    line.preserved_at = event.occurred_at


NOTES: dict[type[Event], Callable[[UnitOfWork, Any], Awaitable[None]]] = {
    DossierApproved: note_plan,
    DossierWithdrawn: note_withdrawal,
    MasterStored: note_scan,
    PageChecked: note_check,
    DossierScanned: note_closing,
    DossierAccepted: note_acceptance,
    DossierRejected: note_rejection,
    DossierPreserved: note_preservation,
    PackageOffered: note_package,
    PackageReceived: note_package,
    PackageExplained: note_package,
    DifficultyRaised: note_difficulty,
    DifficultyChanged: note_difficulty,
    DifficultyAnswered: note_difficulty,
    DifficultyClosed: note_difficulty,
    TransferChanged: note_transfer,
}
