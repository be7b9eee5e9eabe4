"""Find dossiers: a question asked of the full-text index of either database.

SQLite: FTS5, whose rows come in order of their number as they are found. PostgreSQL: GIN over a tsvector. The words and
codes in both are ours (`domain/terms.py`), so both find the same.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, FromClause, Integer, column, func, literal, literal_column, table
from sqlalchemy import select as core_select
from sqlalchemy.dialects.postgresql import TSQUERY
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel.sql.expression import SelectOfScalar

from services.catalog.domain.searching import Phrase, Search
from services.catalog.models import Dossier, DossierIndex
from shared.paging import Portion

MOST_COUNTED = 10_000
PLANS = {"plan_cache_mode": "force_custom_plan", "enable_seqscan": "off", "work_mem": "32MB"}
INDEX: FromClause = DossierIndex.__table__  # type: ignore[attr-defined] # every table model has one
FTS = table("dossier_terms", column("rowid", Integer))


@dataclass(frozen=True, slots=True)
class Counted:
    """How many there are: exact up to 10,000, beyond that only that there are more."""

    count: int
    is_more: bool


async def found_dossiers(
    session: AsyncSession, asked: Search, portion: Portion
) -> tuple[Sequence[Dossier], str | None]:
    """Give a portion of the dossiers that answer a question, oldest first, and the cursor of the next one."""
    await plan_well(session)
    numbers, place = numbers_of(session, asked)
    found, more = await portion.of_numbers(session, numbers, place)
    return await dossiers_numbered(session, found), more


async def dossiers_numbered(session: AsyncSession, numbers: Sequence[int]) -> Sequence[Dossier]:
    """Give dossiers by their numbers, in this order."""
    held = select(DossierIndex.number, Dossier).join(Dossier, col(Dossier.id) == col(DossierIndex.dossier_id))
    rows: dict[int | None, Dossier] = dict(
        (await session.exec(held.where(col(DossierIndex.number).in_(numbers)))).all()
    )
    return [rows[number] for number in numbers]


async def found_ids(session: AsyncSession, asked: Search, most: int) -> Sequence[UUID]:
    """Give the ids of at most so many dossiers that answer a question, oldest first."""
    await plan_well(session)
    numbers, place = numbers_of(session, asked)
    found = (await session.exec(numbers.order_by(place).limit(most))).all()
    ids: dict[int | None, UUID] = {}
    for begin in range(0, len(found), 500):
        held = select(DossierIndex.number, DossierIndex.dossier_id)
        ids |= dict((await session.exec(held.where(col(DossierIndex.number).in_(found[begin : begin + 500])))).all())
    return [ids[number] for number in found]


async def count_found(session: AsyncSession, asked: Search) -> Counted:
    """Count the dossiers that answer a question."""
    await plan_well(session)
    source, place, conditions = asked_of(session, asked)
    columns = [place] if is_sqlite(session) else []  # of no column, pages that all may see need not be read
    some = core_select(*columns).select_from(source).where(*conditions).limit(MOST_COUNTED + 1)
    count = (await session.exec(select(func.count()).select_from(some.subquery()))).one()
    return Counted(min(count, MOST_COUNTED), count > MOST_COUNTED)


def is_sqlite(session: AsyncSession) -> bool:
    """Say which of the two databases is asked."""
    return session.get_bind().dialect.name == "sqlite"


async def plan_well(session: AsyncSession) -> None:
    """Let PostgreSQL plan for the words that are asked for, and by its index, until this transaction ends.

    A plan for any words whatever walks past a million rows for a rare word, and the planner does not know what reading
    a tsvector row by row costs. The memory is for a bitmap of a word that is nearly everywhere.
    """
    if not is_sqlite(session):
        told = (func.set_config(name, value, True) for name, value in PLANS.items())
        await session.exec(select(*told))


def numbers_of(session: AsyncSession, asked: Search) -> tuple[SelectOfScalar[int], ColumnElement[int]]:
    """Give the numbers of the dossiers that answer a question, as a query, and the column it gives."""
    source, place, conditions = asked_of(session, asked)
    return select(place).select_from(source).where(*conditions), place


def asked_of(session: AsyncSession, asked: Search) -> tuple[FromClause, Any, list[ColumnElement[bool]]]:
    """Give where a question is asked, the column of numbers there, and the conditions."""
    conditions = list(years_of(asked))
    if asked.is_open:
        return INDEX, INDEX.c.number, conditions
    if not is_sqlite(session):
        return INDEX, INDEX.c.number, [*conditions, vector_matches(asked)]
    source = FTS.join(INDEX, INDEX.c.number == FTS.c.rowid) if conditions else FTS
    return source, FTS.c.rowid, [*conditions, literal_column("dossier_terms").op("MATCH")(fts5(asked))]


def years_of(asked: Search) -> Iterator[ColumnElement[bool]]:
    """Give what is asked of the years."""
    if asked.from_year is not None:
        yield INDEX.c.first_year >= asked.from_year
    if asked.until_year is not None:
        yield INDEX.c.last_year <= asked.until_year


def vector_matches(asked: Search) -> ColumnElement[bool]:
    """Hold PostgreSQL's index against a question."""
    return literal_column("dossier_index.vector").op("@@")(literal(tsquery(asked)).cast(TSQUERY))


def fts5(asked: Search) -> str:
    """Spell a question for FTS5."""
    parts = [fts5_phrase(phrase) for phrase in asked.phrases]
    parts += [f"({any_of(terms)})" for terms in asked.required]
    whole = " AND ".join(parts)
    return f"({whole}) NOT ({any_of(asked.without)})" if asked.without else whole


def any_of(terms: Sequence[str]) -> str:
    """Spell a choice of terms for FTS5; they hold no quotes."""
    return " OR ".join(f'"{term}"' for term in terms)


def fts5_phrase(phrase: Phrase) -> str:
    """Spell a phrase for FTS5."""
    return f'"{" ".join(phrase.words)}"' + ("*" if phrase.is_beginning else "")


def tsquery(asked: Search) -> str:
    """Spell a question for PostgreSQL, past its parser: every term in quotes."""
    parts = [tsquery_phrase(phrase) for phrase in asked.phrases]
    parts += ["(" + " | ".join(f"'{term}'" for term in terms) + ")" for terms in asked.required]
    return " & ".join([*parts, *(f"!'{term}'" for term in asked.without)])


def tsquery_phrase(phrase: Phrase) -> str:
    """Spell a phrase for PostgreSQL."""
    words = [f"'{word}'" for word in phrase.words]
    return f"({' <-> '.join(words)}{':*' if phrase.is_beginning else ''})"
