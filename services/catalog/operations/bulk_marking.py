"""Give a criterion to all dossiers that answer a question, take it away or note its evidence; and take that back."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy import delete, insert, update
from sqlmodel import col, select

from services.catalog.domain.bulk_marking import Marked, Marking, Marks, digest_of
from services.catalog.domain.finding_errors import MarkingOvertaken, MarkingUnknown, NothingToMark, SelectionChanged
from services.catalog.domain.searching import Search
from services.catalog.errors import ListMoved
from services.catalog.models import CriterionMark, Dossier, DossierPast
from services.catalog.models.markings import BulkMarked, BulkMarking
from services.catalog.operations.bulk import hold, marks_of, portions
from services.catalog.operations.bulk_looking import frozen_among, looked_at
from services.catalog.operations.indexing import index_dossiers
from services.catalog.operations.remembering import marked as past_marks
from services.catalog.operations.remembering import past_columns
from shared.clock import now
from shared.uow import UnitOfWork

ACTS = {"give": "criterion.marked", "withdraw": "criterion.unmarked", "note": "criterion.noted"}


async def mark_all(
    uow: UnitOfWork, asked: Search, filters: Mapping[str, str | int], marking: Marking, *, seen: str
) -> BulkMarking:
    """Do what is to be done with all dossiers that answer a question, but those that stand so already or are frozen.

    `seen` is the digest of what the caller looked at. Raises TooManyDossiers, ListMoved, SelectionChanged,
    NothingToMark.
    """
    looked = await looked_at(uow.session, asked, marking, is_held=True)
    if digest_of(marking, looked) != seen:
        raise SelectionChanged
    open_ones = [each for each in looked if each.standing == "open"]
    if not open_ones:
        raise NothingToMark
    made = BulkMarking(
        act=marking.act,
        criterion=marking.criterion,
        evidence=marking.evidence,
        filters=dict(filters),
        dossier_count=len(open_ones),
        by=uow.caller.name,
    )
    uow.session.add(made)
    await uow.session.flush()
    for some in portions(open_ones):
        await mark_some(uow, made, some)
    facts = {"criterion": marking.criterion, "dossiers": len(open_ones), "filters": dict(filters)}
    uow.record(ACTS[marking.act], made.id, **facts)
    return made


async def mark_some(uow: UnitOfWork, made: BulkMarking, some: Sequence[Marked]) -> None:
    """Change the criterion of a few dossiers, remembering how each was."""
    await new_versions(uow, {each.id: each.version for each in some}, ACTS[made.act])
    await put_evidence(uow, made.criterion, {each.id: each.evidence for each in some})
    marked = [{"marking_id": made.id, "dossier_id": each.id, "version": each.version + 1} for each in some]
    await uow.session.exec(insert(BulkMarked), params=marked)
    await index_dossiers(uow, [each.id for each in some])


async def put_evidence(uow: UnitOfWork, criterion: str, evidence: Mapping[UUID, str | None]) -> None:
    """Write the evidence that dossiers meet a criterion; where it is None they do not."""
    mine = col(CriterionMark.dossier_id).in_(evidence), col(CriterionMark.criterion) == criterion
    await uow.session.exec(delete(CriterionMark).where(*mine))
    marks = [
        {"dossier_id": dossier_id, "criterion": criterion, "evidence": told}
        for dossier_id, told in evidence.items()
        if told is not None
    ]
    if marks:
        await uow.session.exec(insert(CriterionMark), params=marks)


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
    """Take an act back as one, and once, but of dossiers that were found secret since: nothing is known of those.

    Raises MarkingUnknown, MarkingOvertaken, ListMoved.
    """
    made = await uow.session.get(BulkMarking, marking_id, with_for_update=True)
    if made is None:
        raise MarkingUnknown
    if made.undone_at is not None:
        return made
    asked = select(BulkMarked.dossier_id, BulkMarked.version).where(BulkMarked.marking_id == marking_id)
    versions = dict((await uow.session.exec(asked)).all())
    await hold(uow, list(versions))  # so that none is found secret meanwhile
    before: dict[UUID, str | None] = {}
    for ids in portions(sorted(versions)):
        before |= await evidence_before(uow, made, ids)
    present = await demand_unchanged(uow, made, {each: versions[each] for each in before})
    for ids in portions(sorted(before)):
        await new_versions(uow, {each: present[each] for each in ids}, "marking.undone")
        await put_evidence(uow, made.criterion, {each: before[each] for each in ids})
        await index_dossiers(uow, ids)
    made.undone_at, made.undone_by = now(), uow.caller.name
    made.left_out = sorted(str(each) for each in versions.keys() - before.keys())
    facts = {"criterion": made.criterion, "dossiers": len(before), "left_out": made.left_out}
    uow.record("marking.undone", made.id, **facts)
    return made


async def evidence_before(uow: UnitOfWork, made: BulkMarking, dossier_ids: Sequence[UUID]) -> dict[UUID, str | None]:
    """Give the evidence that dossiers had before an act, out of the past that the act kept.

    Of a dossier that was found secret since, the past says nothing any more: it is not among them.
    """
    kept = col(DossierPast.dossier_id) == col(BulkMarked.dossier_id)
    asked = (
        select(DossierPast.dossier_id, DossierPast.content)
        .join(BulkMarked, kept & (col(DossierPast.version) == col(BulkMarked.version) - 1))
        .where(BulkMarked.marking_id == made.id, col(BulkMarked.dossier_id).in_(dossier_ids))
    )
    found: dict[UUID, str | None] = {}
    for dossier_id, content in await uow.session.exec(asked):
        marks = content.get("criteria")
        if isinstance(marks, dict):
            found[dossier_id] = marks.get(made.criterion)
    return found


async def demand_unchanged(uow: UnitOfWork, made: BulkMarking, left: Mapping[UUID, int]) -> dict[UUID, int]:
    """Hold dossiers, and see that each has the criterion as it was left and is on no frozen list; give their versions.

    Raises MarkingOvertaken, ListMoved.
    """
    frozen = await frozen_among(uow.session, list(left))
    overtaken: dict[str, str] = {}
    present: dict[UUID, int] = {}
    for ids in portions(sorted(left)):
        held = select(Dossier.id, Dossier.version, Dossier.list_id).where(col(Dossier.id).in_(ids))
        for dossier_id, version, list_id in await uow.session.exec(held.order_by(col(Dossier.id)).with_for_update()):
            if list_id is not None and list_id not in frozen:
                raise ListMoved
            present[dossier_id] = version
            if list_id is not None and frozen[list_id]:
                overtaken[str(dossier_id)] = "frozen"
        later = {each: left[each] for each in ids if present[each] != left[each]}
        overtaken |= dict.fromkeys(map(str, await remarked(uow, made.criterion, later)), "changed")
    if overtaken:
        raise MarkingOvertaken(f"{len(overtaken)} dossiers", dossiers=dict(list(overtaken.items())[:1000]))
    return present


async def remarked(uow: UnitOfWork, criterion: str, left: Mapping[UUID, int]) -> list[UUID]:
    """Give the dossiers whose evidence for a criterion is not what it was in a version."""
    asked = select(DossierPast.dossier_id, DossierPast.version, DossierPast.content)
    asked = asked.where(col(DossierPast.dossier_id).in_(left), DossierPast.version >= min(left.values(), default=0))
    was: dict[UUID, Marks] = {}
    for dossier_id, version, content in await uow.session.exec(asked.order_by(col(DossierPast.version))):
        marks = content.get("criteria")
        if version >= left[dossier_id] and isinstance(marks, dict):
            was.setdefault(dossier_id, marks)  # the first act since that changed criteria remembers them
    now_marked = await marks_of(uow.session, list(was))
    return [each for each, marks in was.items() if marks.get(criterion) != now_marked.get(each, {}).get(criterion)]
