"""Count dossiers by their codes: few are read and tallied, of many each code is asked for."""

from collections import Counter
from collections.abc import Mapping, Sequence

from sqlalchemy import func
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.catalog.domain.facets import narrowed_to
from services.catalog.domain.searching import Search
from services.catalog.domain.terms import EARLIEST, term
from services.catalog.models import DossierIndex
from services.catalog.operations.finding import Counted, count_found, numbers_found

Facets = dict[str, dict[str, Counted]]
Codes = Mapping[str, Sequence[str]]
MOST_TALLIED = 2_000
AT_ONCE = 500


async def facets_of(session: AsyncSession, asked: Search, codes: Codes) -> Facets:
    """Count what answers a question by each of some codes; codes of nothing are left out."""
    few = [] if asked.is_open else await numbers_found(session, asked, 0, MOST_TALLIED + 1)
    tally = await tallied(session, few) if few and len(few) <= MOST_TALLIED else None
    counted: Facets = {}
    for name, known in codes.items():
        counted[name] = {}
        for code in known:
            narrowed = narrowed_to(asked, name, code)
            if narrowed is None:
                continue
            found = await count_found(session, narrowed) if tally is None else Counted.of(tally[term(name, code)])
            if found.count:
                counted[name][code] = found
    return counted


async def tallied(session: AsyncSession, numbers: Sequence[int]) -> Counter[str]:
    """Count the terms of some dossiers."""
    tally: Counter[str] = Counter()
    for begin in range(0, len(numbers), AT_ONCE):
        some = col(DossierIndex.number).in_(numbers[begin : begin + AT_ONCE])
        for codes in await session.exec(select(DossierIndex.codes).where(some)):
            tally.update(codes.split())
    return tally


async def decades_present(session: AsyncSession) -> Sequence[str]:
    """Give every decade between the first and the last year that a dossier tells, and none at all."""
    asked = select(func.min(DossierIndex.first_year)), select(func.max(DossierIndex.last_year))
    first, last = [(await session.exec(each)).one() for each in asked]
    if first is None or last is None:
        return ["undated"]
    early = ["early"] if first < EARLIEST else []
    return ["undated", *early, *map(str, range(max(first, EARLIEST) // 10 * 10, last + 1, 10))]
