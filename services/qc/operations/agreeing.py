"""What people said of pages that they looked at one by one, beside what the machine found; and the pages in all.

Pages accepted many at once are left out: nobody looked at each of them for faults.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy import func
from sqlalchemy.orm import aliased
from sqlmodel import col, or_, select
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel.sql.expression import SelectOfScalar

from services.qc.domain.agreeing import Totals
from services.qc.models import GivenVerdict, PageCheck


def standing_verdicts() -> SelectOfScalar[GivenVerdict]:
    """Ask for the verdicts that stand: neither undone nor followed by another on the same version."""
    later = aliased(GivenVerdict)
    ended = select(later.id).where(
        later.page_id == GivenVerdict.page_id,
        or_(
            later.undoes == GivenVerdict.id,
            (col(later.version) == GivenVerdict.version) & col(later.undoes).is_(None) & (later.at > GivenVerdict.at),
        ),
    )
    return select(GivenVerdict).where(
        col(GivenVerdict.undoes).is_(None), col(GivenVerdict.bulk).is_(None), ~ended.exists()
    )


async def checks_of(session: AsyncSession, rows: Sequence[GivenVerdict]) -> Mapping[tuple[UUID, int], PageCheck]:
    """Give what the machine found of the versions that were judged."""
    asked = select(PageCheck).where(col(PageCheck.page_id).in_([row.page_id for row in rows]))
    return {(check.page_id, check.version): check for check in await session.exec(asked)}


async def totals_of(session: AsyncSession) -> Mapping[str, Totals]:
    """Give how many versions were flagged, and how many not, by the label of the profile they were judged by."""
    asked = (
        select(PageCheck.profile, PageCheck.judgement, func.count())
        .where(col(PageCheck.profile).is_not(None), col(PageCheck.judgement).is_not(None))
        .group_by(col(PageCheck.profile), col(PageCheck.judgement))
    )
    counts: dict[str, dict[bool, int]] = defaultdict(lambda: {True: 0, False: 0})
    for profile, judgement, count in await session.exec(asked):
        counts[str(profile)][judgement != "pass"] += count
    return {profile: Totals(of[True], of[False]) for profile, of in sorted(counts.items())}
