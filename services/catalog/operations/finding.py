"""Find dossiers: a question asked of the full-text index of either database.

SQLite: FTS5, whose rows come in order of their number as they are found. PostgreSQL: GIN over a tsvector and the pairs
of words, in parts (`parts.py`). The words and codes in both are ours (`domain/terms.py`), so both find the same.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Self
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Integer,
    Select,
    Text,
    cast,
    func,
    literal,
    literal_column,
    text,
    union_all,
)
from sqlalchemy import select as core_select
from sqlalchemy.dialects.postgresql import ARRAY, TSQUERY
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel.sql.expression import SelectOfScalar

from services.catalog.domain.searching import Search
from services.catalog.models import Dossier, DossierIndex
from services.catalog.operations.parts import parts_after
from services.catalog.operations.spelling import fts5, pairs_in, stretches_in, tsquery
from shared.paging import Portion

MOST_COUNTED = 10_000
PLANS = {
    "plan_cache_mode": "force_custom_plan", "enable_seqscan": "off", "work_mem": "32MB", "jit": "off",
    "max_parallel_workers_per_gather": "0",
}  # fmt: skip
PLANNED = "planned for finding"
INDEX: FromClause = DossierIndex.__table__  # type: ignore[attr-defined] # every table model has one
PLACE = literal_column("dossier_index.number + 0", Integer)  # not the primary key, by which it would walk past them all
FIRST_YEAR, LAST_YEAR = (literal_column(f"dossier_index.{name} + 0", Integer) for name in ("first_year", "last_year"))
FTS, FTS_PLACE = text("dossier_terms"), literal_column("dossier_terms.rowid", Integer)
FTS_AND_YEARS = text(
    "dossier_terms CROSS JOIN dossier_index INDEXED BY ix_dossier_index_years"  # the years without the words
    " ON dossier_index.number = dossier_terms.rowid"
)


@dataclass(frozen=True, slots=True)
class Counted:
    """How many there are: exact up to 10,000, beyond that only that there are more."""

    count: int
    is_more: bool

    @classmethod
    def of(cls, count: int) -> Self:
        """Make it of what was counted, which is at most one more than is told."""
        return cls(min(count, MOST_COUNTED), count > MOST_COUNTED)


@dataclass(frozen=True, slots=True)
class Found:
    """A portion of the dossiers that answer a question, oldest first, the next one's cursor, and how many answer."""

    dossiers: Sequence[Dossier]
    next: str | None
    counted: Counted


async def found_dossiers(session: AsyncSession, asked: Search, portion: Portion) -> Found:
    """Give a portion of the dossiers that answer a question, and count them all. Raises CursorMalformed."""
    after, most = portion.place(int, 0), portion.limit + 1
    if is_sqlite(session) and not after:
        numbers, counted = await first_numbers(session, asked, most)
    else:
        numbers, counted = await numbers_found(session, asked, after, most), await count_found(session, asked)
    shown, more = portion.cut(numbers)
    return Found(await dossiers_numbered(session, shown), more, counted)


async def first_numbers(session: AsyncSession, asked: Search, most: int) -> tuple[Sequence[int], Counted]:
    """Give the first numbers and the count of what answers, read once: FTS5 gives them in order."""
    some = numbers_of(session, asked).limit(MOST_COUNTED + 1).cte("some")
    count = select(func.count()).select_from(some).scalar_subquery()
    rows = (await session.exec(select(some.c[0], count).limit(most))).all()
    return [number for number, _count in rows], Counted.of(rows[0][1] if rows else 0)


async def numbers_found(session: AsyncSession, asked: Search, after: int, most: int) -> Sequence[int]:
    """Give the lowest numbers beyond one that answer a question."""
    await plan_well(session)
    found: list[int] = []
    for part in parts_asked(session, asked, after):
        beyond = numbers_of(session, asked, *part, after=after)
        found += (await session.exec(beyond.limit(most - len(found)))).all()
        if len(found) >= most:
            break
    return found


async def dossiers_numbered(session: AsyncSession, numbers: Sequence[int]) -> Sequence[Dossier]:
    """Give dossiers by their numbers, in this order."""
    held = select(DossierIndex.number, Dossier).join(Dossier, col(Dossier.id) == col(DossierIndex.dossier_id))
    rows: dict[int | None, Dossier] = dict(
        (await session.exec(held.where(col(DossierIndex.number).in_(numbers)))).all()
    )
    return [rows[number] for number in numbers]


async def found_ids(session: AsyncSession, asked: Search, most: int) -> Sequence[UUID]:
    """Give the ids of at most so many dossiers that answer a question, oldest first."""
    found = await numbers_found(session, asked, 0, most)
    ids: dict[int | None, UUID] = {}
    for begin in range(0, len(found), 500):
        held = select(DossierIndex.number, DossierIndex.dossier_id)
        ids |= dict((await session.exec(held.where(col(DossierIndex.number).in_(found[begin : begin + 500])))).all())
    return [ids[number] for number in found]


async def count_found(session: AsyncSession, asked: Search) -> Counted:
    """Count the dossiers that answer a question, part by part until there are more than are counted."""
    await plan_well(session)
    source, _place, conditions = asked_of(session, asked)
    one: Select[Any] = core_select(literal_column("1").label("one")).select_from(source)
    parts = [one.where(*part, *conditions) for part in parts_asked(session, asked)]
    every = core_select(union_all(*parts).subquery()) if len(parts) > 1 else parts[0]
    count = select(func.count()).select_from(every.limit(MOST_COUNTED + 1).subquery())
    return Counted.of((await session.exec(count)).one())


def is_sqlite(session: AsyncSession) -> bool:
    """Say which of the two databases is asked."""
    return session.get_bind().dialect.name == "sqlite"


async def plan_well(session: AsyncSession) -> None:
    """Let PostgreSQL plan for the words that are asked for, and by its index, until this transaction ends.

    A plan for any words whatever walks past a million rows for a rare word, and the planner does not know what reading
    a tsvector row by row costs. The memory is for a bitmap of a word that is nearly everywhere. To compile a plan, or
    share it among processes, takes longer than to do it.
    """
    if not is_sqlite(session) and not session.info.get(PLANNED):
        told = (func.set_config(name, value, True) for name, value in PLANS.items())
        await session.exec(select(*told))
        session.info[PLANNED] = True


def parts_asked(session: AsyncSession, asked: Search, after: int = 0) -> list[list[ColumnElement[bool]]]:
    """Give the conditions of the parts that a question goes through, in order: none of the whole."""
    if asked.is_open or is_sqlite(session):
        return [[]]
    return [[part] for part in parts_after(after)]


def numbers_of(session: AsyncSession, asked: Search, *part: ColumnElement[bool], after: int = 0) -> SelectOfScalar[int]:
    """Give the numbers of the dossiers that answer a question, those beyond one, in order, as a query."""
    source, place, conditions = asked_of(session, asked)
    if after:
        conditions.append(place > after)
    return select(place.label("number")).select_from(source).where(*part, *conditions).order_by(place)


def asked_of(session: AsyncSession, asked: Search) -> tuple[Any, Any, list[ColumnElement[bool]]]:
    """Give where a question is asked, the column of numbers there, and the conditions."""
    conditions = list(years_of(asked))
    if asked.is_open:
        return INDEX, INDEX.c.number, conditions
    if not is_sqlite(session):
        return INDEX, PLACE, [*conditions, *vector_matches(asked)]
    source = FTS_AND_YEARS if conditions else FTS
    return source, FTS_PLACE, [*conditions, literal_column("dossier_terms").op("MATCH")(fts5(asked))]


def years_of(asked: Search) -> Iterator[ColumnElement[bool]]:
    """Give what is asked of the years."""
    if asked.from_year is not None:
        yield asked.from_year <= FIRST_YEAR
    if asked.until_year is not None:
        yield asked.until_year >= LAST_YEAR


def vector_matches(asked: Search) -> Iterator[ColumnElement[bool]]:
    """Hold PostgreSQL's index against a question: words and terms, pairs of words; what is left against phrases."""
    if told := tsquery(asked):
        yield literal_column("dossier_index.vector").op("@@")(literal(told).cast(TSQUERY))
    if pairs := pairs_in(asked):
        yield func.word_pairs(INDEX.c.words).op("@>")(cast(pairs, ARRAY(Text)))
    for stretch in stretches_in(asked):
        yield literal_column("(' ' || dossier_index.words || ' ')", Text).like(stretch)
