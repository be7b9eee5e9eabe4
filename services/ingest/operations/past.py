"""What happened to the pages of a dossier before its sealing, read once for those who tell of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from sys import intern
from typing import Self
from uuid import UUID

from sqlalchemy import select as columns
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.ingest.models import Master, Page, PageCheck, PageVerdict, RescanOrder, ScanSetup

Version = tuple[UUID, int]  # of a page


@dataclass(frozen=True, slots=True)
class Check:
    """A PageCheck, as small as 100,000 of them want it: nearly all say the same in the same words."""

    profile: str
    judgement: str
    checks: str
    findings: str
    a4_equivalents: int
    program: str
    checked_at: datetime

    @classmethod
    def of(cls, *told: str | int | datetime) -> Self:
        """Keep every text once."""
        return cls(*(intern(each) if isinstance(each, str) else each for each in told))  # type: ignore[arg-type]


CHECK = tuple(getattr(PageCheck, name) for name in ("page_id", "version", *Check.__slots__))


@dataclass(frozen=True)
class Past:
    """All versions of all pages in order, the orders that brought the later ones, and what they were scanned with.

    `checks` and `verdicts` are what was heard of them until now; they are not read once the masters are frozen.
    """

    versions: Sequence[tuple[Page, Master]]
    rescans: Sequence[RescanOrder]
    setups: Mapping[UUID, ScanSetup]
    checks: Mapping[Version, Check] = field(default_factory=dict)
    verdicts: Sequence[PageVerdict] = ()

    def a4_equivalents_of(self, pages: Sequence[tuple[Page, Master]]) -> int | None:
        """Count the A4 pages that pages come to; None unless the check of each was heard."""
        known = [self.checks.get((page.id, master.version)) for page, master in pages]
        counts = [check.a4_equivalents for check in known if check is not None]
        return sum(counts) if len(counts) == len(known) else None


async def read_past(session: AsyncSession, dossier_id: UUID, *, is_frozen: bool) -> Past:
    """Read what is known of a dossier's pages."""
    asked = select(Page, Master).join(Master, col(Master.page_id) == Page.id).where(Page.dossier_id == dossier_id)
    versions = (await session.exec(asked.order_by(col(Page.number), col(Master.version)))).all()
    rescans = (await session.exec(select(RescanOrder).where(RescanOrder.dossier_id == dossier_id))).all()
    used = {master.scan_setup_id for _, master in versions if master.scan_setup_id is not None}
    setups = {each.id: each for each in await session.exec(select(ScanSetup).where(col(ScanSetup.id).in_(used)))}
    if is_frozen:
        return Past(versions, rescans, setups)
    heard = await (await session.connection()).execute(columns(*CHECK).where(col(PageCheck.dossier_id) == dossier_id))
    checks = {(page_id, version): Check.of(*told) for page_id, version, *told in heard}
    said = select(PageVerdict).where(PageVerdict.dossier_id == dossier_id)
    verdicts = (await session.exec(said.order_by(col(PageVerdict.given_at), col(PageVerdict.id)))).all()
    return Past(versions, rescans, setups, checks, verdicts)
