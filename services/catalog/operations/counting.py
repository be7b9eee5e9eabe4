"""Count dossiers by their codes."""

from collections.abc import Mapping, Sequence

from sqlalchemy import func
from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.catalog.domain.facets import narrowed_to
from services.catalog.domain.searching import Search
from services.catalog.domain.terms import EARLIEST
from services.catalog.models import DossierIndex
from services.catalog.operations.finding import Counted, count_found

Facets = dict[str, dict[str, Counted]]


async def facets_of(session: AsyncSession, asked: Search, codes: Mapping[str, Sequence[str]]) -> Facets:
    """Count what answers a question by each of some codes; codes of nothing are left out."""
    counted: Facets = {}
    for name, known in codes.items():
        counted[name] = {}
        for code in known:
            narrowed = narrowed_to(asked, name, code)
            found = await count_found(session, narrowed) if narrowed else Counted(0, is_more=False)
            if found.count:
                counted[name][code] = found
    return counted


async def decades_present(session: AsyncSession) -> Sequence[str]:
    """Give every decade between the first and the last year that a dossier tells, and none at all."""
    asked = select(func.min(DossierIndex.first_year)), select(func.max(DossierIndex.last_year))
    first, last = [(await session.exec(each)).one() for each in asked]
    if first is None or last is None:
        return ["undated"]
    early = ["early"] if first < EARLIEST else []
    return ["undated", *early, *map(str, range(max(first, EARLIEST) // 10 * 10, last + 1, 10))]
