"""Look at all dossiers that answer a question, before something is done with a criterion of theirs."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.catalog.domain.bulk_marking import Marked, Marking
from services.catalog.domain.eligibility import Secrecy
from services.catalog.domain.evidence import evidenced
from services.catalog.domain.finding_errors import TooManyDossiers
from services.catalog.domain.searching import Search
from services.catalog.domain.state import CHANGEABLE
from services.catalog.errors import ListMoved
from services.catalog.models import Dossier
from services.catalog.models.lists import SelectionList
from services.catalog.operations.bulk import marks_of, portions
from services.catalog.operations.choosing import candidate_of, with_secrets
from services.catalog.operations.finding import MOST_COUNTED, found_ids

NOTED = {"starts_on", "ends_on", "conditions", "carrier"}


async def looked_at(session: AsyncSession, asked: Search, marking: Marking, *, is_held: bool = False) -> list[Marked]:
    """Give the dossiers that answer a question, on demand held as they are until this act ends.

    Raises TooManyDossiers, ListMoved.
    """
    found = await found_ids(session, asked, MOST_COUNTED + 1)
    if len(found) > MOST_COUNTED:
        raise TooManyDossiers(f"at most {MOST_COUNTED}")
    frozen = await frozen_among(session, found, is_held=is_held)
    looked: list[Marked] = []
    for ids in portions(sorted(found)):
        rows_asked = select(Dossier).where(col(Dossier.id).in_(ids)).order_by(col(Dossier.id))
        rows = (await session.exec(rows_asked.with_for_update() if is_held else rows_asked)).all()
        marks, secret = await marks_of(session, ids), await with_secrets(session, ids)
        for row in rows:
            looked.append(looked_at_one(row, marks.get(row.id, {}), marking, frozen, has_secret=row.id in secret))
            session.expunge(row)  # what is written is written in bulk, past the session
    return looked


def looked_at_one(
    row: Dossier, marks: Mapping[str, str], marking: Marking, frozen: Mapping[UUID, bool], *, has_secret: bool
) -> Marked:
    """Look at one dossier with its criteria. Raises ListMoved."""
    if row.list_id is not None and row.list_id not in frozen:
        raise ListMoved
    told = row.model_dump(include=NOTED)
    is_frozen = row.list_id is not None and frozen[row.list_id]
    standing = marking.standing(marks, told, is_frozen=is_frozen, is_secret=row.secrecy == Secrecy.SECRET)
    after = marking.after(marks, told)
    candidate = candidate_of(row, evidenced(after.values()), has_secret=has_secret)
    return Marked(row.id, row.version, standing, after.get(marking.criterion), candidate)


async def frozen_among(session: AsyncSession, dossier_ids: Sequence[UUID], *, is_held: bool = True) -> dict[UUID, bool]:
    """Say of the lists that hold some dossiers whether they are submitted or approved; held, they stay so meanwhile."""
    lists: set[UUID] = set()
    for ids in portions(sorted(dossier_ids)):
        asked = select(Dossier.list_id).where(col(Dossier.id).in_(ids), col(Dossier.list_id).is_not(None))
        lists |= {list_id for list_id in await session.exec(asked.distinct()) if list_id}
    states = select(SelectionList.id, SelectionList.state).where(col(SelectionList.id).in_(lists))
    states = states.order_by(col(SelectionList.id))
    found = await session.exec(states.with_for_update(read=True) if is_held else states)
    return {list_id: state not in CHANGEABLE for list_id, state in found}
