"""Give a criterion to all dossiers that answer a question, as one act; and take it back as one."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import delete, insert, update
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.catalog.domain.bulk_marking import Marked, Standing, digest_of
from services.catalog.domain.finding_errors import (
    MarkingOvertaken,
    MarkingUnknown,
    NothingToMark,
    SelectionChanged,
    TooManyDossiers,
)
from services.catalog.domain.searching import Search
from services.catalog.domain.state import CHANGEABLE
from services.catalog.domain.suggesting import filled
from services.catalog.errors import ListMoved
from services.catalog.models import CriterionMark, Dossier, DossierPast, SelectionList
from services.catalog.models.markings import BulkMarked, BulkMarking
from services.catalog.operations.bulk import marks_of, portions
from services.catalog.operations.choosing import candidate_of, with_secrets
from services.catalog.operations.finding import MOST_COUNTED, found_ids
from services.catalog.operations.indexing import index_dossiers
from services.catalog.operations.remembering import marked as past_marks
from services.catalog.operations.remembering import past_columns
from shared.clock import now
from shared.uow import UnitOfWork

Row = Mapping[str, Any]
NOTED = ("starts_on", "ends_on", "conditions", "carrier")


async def looked_at(session: AsyncSession, asked: Search, criterion: str, *, is_held: bool = False) -> list[Marked]:
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
            own = marks.get(row.id, {})
            evidenced = sum(map(bool, {**own, criterion: "told"}.values()))
            standing = standing_of(row, own, criterion, frozen)
            candidate = candidate_of(row, evidenced, has_secret=row.id in secret)
            looked.append(Marked(row.id, row.version, standing, candidate))
            session.expunge(row)  # what is written is written in bulk, past the session
    return looked


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


def standing_of(row: Dossier, marks: Mapping[str, str], criterion: str, frozen: Mapping[UUID, bool]) -> Standing:
    """Say whether a dossier may be given a criterion. Raises ListMoved."""
    if row.list_id is not None and row.list_id not in frozen:
        raise ListMoved
    if criterion in marks:
        return "marked"
    return "frozen" if row.list_id is not None and frozen[row.list_id] else "open"


async def mark_all(
    uow: UnitOfWork, asked: Search, filters: Mapping[str, str | int], criterion: str, evidence: str, *, seen: str
) -> BulkMarking:
    """Give a criterion to all dossiers that answer a question, but those that have it or are frozen.

    `seen` is the digest of what the caller looked at. Raises TooManyDossiers, ListMoved, SelectionChanged,
    NothingToMark.
    """
    looked = await looked_at(uow.session, asked, criterion, is_held=True)
    if digest_of(looked) != seen:
        raise SelectionChanged
    open_ones = [each for each in looked if each.standing == "open"]
    if not open_ones:
        raise NothingToMark
    made = BulkMarking(
        criterion=criterion, evidence=evidence, filters=dict(filters), dossier_count=len(open_ones), by=uow.caller.name
    )
    uow.session.add(made)
    await uow.session.flush()
    for some in portions(open_ones):
        await mark_some(uow, made, some)
    uow.record("criterion.marked", made.id, criterion=criterion, dossiers=len(open_ones), filters=dict(filters))
    return made


async def mark_some(uow: UnitOfWork, made: BulkMarking, some: Sequence[Marked]) -> None:
    """Mark a few dossiers, remembering how each was."""
    ids = [each.id for each in some]
    columns = [getattr(Dossier, name) for name in ("id", *NOTED)]
    rows = (await uow.session.exec(select(*columns).where(col(Dossier.id).in_(ids)))).all()
    notes = {row._mapping["id"]: filled(made.evidence, row._mapping) for row in rows}
    await new_versions(uow, {each.id: each.version for each in some}, "criterion.marked")
    marks = [{"dossier_id": each, "criterion": made.criterion, "evidence": notes[each]} for each in ids]
    await uow.session.exec(insert(CriterionMark), params=marks)
    marked = [{"marking_id": made.id, "dossier_id": each.id, "version": each.version + 1} for each in some]
    await uow.session.exec(insert(BulkMarked), params=marked)
    await index_dossiers(uow, ids)


async def new_versions(uow: UnitOfWork, versions: Mapping[UUID, int], act: str) -> None:
    """Begin a new version of dossiers whose criteria are about to change, and remember the criteria of the old one."""
    before = await marks_of(uow.session, list(versions))
    past = [
        past_columns(uow, dossier_id, version, act, past_marks(before.get(dossier_id, {})))
        for dossier_id, version in versions.items()
    ]
    await uow.session.exec(insert(DossierPast), params=past)
    rows = [{"id": dossier_id, "version": version + 1} for dossier_id, version in versions.items()]
    await uow.session.exec(update(Dossier), params=rows)


async def undo_marking(uow: UnitOfWork, marking_id: UUID) -> BulkMarking:
    """Take an act back as one, and once. Raises MarkingUnknown, MarkingOvertaken, ListMoved."""
    made = await uow.session.get(BulkMarking, marking_id, with_for_update=True)
    if made is None:
        raise MarkingUnknown
    if made.undone_at is not None:
        return made
    asked = select(BulkMarked.dossier_id, BulkMarked.version).where(BulkMarked.marking_id == marking_id)
    versions = dict((await uow.session.exec(asked)).all())
    await demand_unchanged(uow, versions)
    for ids in portions(sorted(versions)):
        await new_versions(uow, {each: versions[each] for each in ids}, "marking.undone")
        mine = col(CriterionMark.dossier_id).in_(ids), col(CriterionMark.criterion) == made.criterion
        await uow.session.exec(delete(CriterionMark).where(*mine))
        await index_dossiers(uow, ids)
    made.undone_at, made.undone_by = now(), uow.caller.name
    uow.record("marking.undone", made.id, criterion=made.criterion, dossiers=len(versions))
    return made


async def demand_unchanged(uow: UnitOfWork, versions: Mapping[UUID, int]) -> None:
    """Hold dossiers, and see that each is as it was left and on no frozen list. Raises MarkingOvertaken, ListMoved."""
    frozen = await frozen_among(uow.session, list(versions))
    overtaken: dict[str, str] = {}
    for ids in portions(sorted(versions)):
        held = select(Dossier.id, Dossier.version, Dossier.list_id).where(col(Dossier.id).in_(ids))
        for dossier_id, version, list_id in await uow.session.exec(held.order_by(col(Dossier.id)).with_for_update()):
            if list_id is not None and list_id not in frozen:
                raise ListMoved
            if version != versions[dossier_id]:
                overtaken[str(dossier_id)] = "changed"
            elif list_id is not None and frozen[list_id]:
                overtaken[str(dossier_id)] = "frozen"
    if overtaken:
        raise MarkingOvertaken(f"{len(overtaken)} dossiers", dossiers=dict(list(overtaken.items())[:1000]))
