"""Count from rows: lines of the ledger, totals, periods."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import case, func
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.reporting.domain.ledger import Difference, Line, differences
from services.reporting.models import LedgerDossier, LedgerPackage, LedgerPage

IN_ONE_QUERY = 500


@dataclass(frozen=True, slots=True)
class CountedLine:
    """A dossier with its line and its A4 pages."""

    dossier: LedgerDossier
    line: Line
    a4_pages: int

    @property
    def differences(self) -> tuple[Difference, ...]:
        """Give every difference along the line."""
        return tuple(differences(self.line))


async def counted(session: AsyncSession, dossiers: Sequence[LedgerDossier]) -> list[CountedLine]:
    """Count the pages and packages of dossiers, two queries for all of them."""
    ids = [dossier.dossier_id for dossier in dossiers]
    is_uncounted = col(LedgerPage.is_rejected) | (col(LedgerPage.version) == 0)
    pages = await session.exec(
        select(
            col(LedgerPage.dossier_id),
            func.sum(case((col(LedgerPage.version) > 0, 1), else_=0)),
            func.sum(case((is_uncounted, 0), else_=col(LedgerPage.a4_equivalents))),
        )
        .where(col(LedgerPage.dossier_id).in_(ids))
        .group_by(col(LedgerPage.dossier_id))
    )
    scanned = {dossier_id: (int(count), int(a4)) for dossier_id, count, a4 in pages}
    packages: dict[UUID, list[LedgerPackage]] = {}
    asked = select(LedgerPackage).where(col(LedgerPackage.dossier_id).in_(ids)).order_by(col(LedgerPackage.package_id))
    for package in await session.exec(asked):
        packages.setdefault(package.dossier_id, []).append(package)
    return [
        line_of(dossier, *scanned.get(dossier.dossier_id, (0, 0)), packages.get(dossier.dossier_id, ()))
        for dossier in dossiers
    ]


def line_of(dossier: LedgerDossier, scanned: int, a4_pages: int, packages: Sequence[LedgerPackage]) -> CountedLine:
    """Put a dossier's line together, its packages oldest first: the newest is delivered, the newest accepted received.

    Who holds an older package holds the pages, whatever becomes of a newer one; that it is not accepted stays owed.
    """
    known = [each for each in packages if each.offered_at is not None or each.answer is not None]
    package = known[-1] if known else None
    received = next((each.page_count for each in reversed(known) if each.answer == "accepted"), None)
    has_left = dossier.is_withdrawn and dossier.preserved_count is None  # what is preserved stays in the plan
    line = Line(
        expected=0 if has_left else dossier.expected_count,
        scanned=scanned,
        closed_with=dossier.closing,
        accepted=dossier.accepted_count,
        rejected=tuple((int(str(each["page_number"])), str(each["explanation"])) for each in dossier.rejected),
        set_aside=dossier.set_aside,
        withdrawn=dossier.withdrawal if has_left else None,
        preserved=dossier.preserved_count,
        verified_copies=dossier.verified_copies,
        delivered=package.page_count if package is not None else None,
        received=received,
        owed=package.explanation if package is not None and package.answer != "accepted" else None,
    )
    kept = dossier.accepted_count is not None
    return CountedLine(dossier, line, a4_pages if kept else 0)


async def all_lines(session: AsyncSession, fonds_code: str | None) -> list[CountedLine]:
    """Give every line, portion by portion."""
    lines: list[CountedLine] = []
    last: UUID | None = None
    while True:
        asked = select(LedgerDossier).order_by(col(LedgerDossier.dossier_id)).limit(IN_ONE_QUERY)
        if fonds_code:
            asked = asked.where(LedgerDossier.fonds_code == fonds_code)
        if last is not None:
            asked = asked.where(col(LedgerDossier.dossier_id) > last)
        rows = (await session.exec(asked)).all()
        if not rows:
            return lines
        lines += await counted(session, rows)
        last = rows[-1].dossier_id
