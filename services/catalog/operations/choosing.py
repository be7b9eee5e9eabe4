"""Choose: put whole dossiers on a list, submit it, have another person approve it."""

import json
from collections.abc import Sequence
from hashlib import sha256
from uuid import UUID

from sqlmodel import col, select

from services.catalog.domain.eligibility import reason_against
from services.catalog.domain.state import CHANGEABLE, ListState, advance
from services.catalog.errors import ListChanged, ListEmpty, ListNotChangeable, NotEligible, OwnList
from services.catalog.models import CriterionMark, Document, Dossier, Fonds, SelectionList
from shared.clock import now
from shared.errors import NotFound
from shared.events.catalog import DocumentDescription, DossierApproved, DossierDescription, FondsDescription
from shared.ids import DossierId, FondsId, SelectionListId
from shared.uow import UnitOfWork


async def create_list(uow: UnitOfWork, fonds_id: UUID, name: str, year: int) -> SelectionList:
    """Begin a list for dossiers of one fonds. Raises NotFound."""
    if await uow.session.get(Fonds, fonds_id) is None:
        raise NotFound("no fonds has this id")
    made = SelectionList(fonds_id=fonds_id, name=name, year=year, created_by=author(uow), editors=[str(author(uow))])
    uow.session.add(made)
    uow.record("list.created", made.id, name=name, year=year)
    return made


def author(uow: UnitOfWork) -> UUID:
    """Give the account that acts."""
    return uow.caller.account_id or UUID(int=0)


async def given_list(uow: UnitOfWork, list_id: UUID) -> SelectionList:
    """Give a list, held for changing. Raises NotFound."""
    found = await uow.session.get(SelectionList, list_id, with_for_update=True)
    if found is None:
        raise NotFound("no list has this id")
    return found


async def changeable_list(uow: UnitOfWork, list_id: UUID) -> SelectionList:
    """Give a list that may change, and note who changes it. Raises NotFound, ListNotChangeable."""
    found = await given_list(uow, list_id)
    if found.state not in CHANGEABLE:
        raise ListNotChangeable(found.state)
    if str(author(uow)) not in found.editors:
        found.editors = [*found.editors, str(author(uow))]
    return found


async def put_on_list(uow: UnitOfWork, list_id: UUID, dossier_ids: Sequence[UUID]) -> SelectionList:
    """Put whole dossiers on a list, all or none. Raises NotFound, ListNotChangeable, NotEligible with every reason."""
    selection = await changeable_list(uow, list_id)
    dossiers = (await uow.session.exec(
        select(Dossier).where(col(Dossier.id).in_(dossier_ids)).with_for_update()
    )).all()  # fmt: skip
    missing = set(dossier_ids) - {dossier.id for dossier in dossiers}
    reasons = {str(each): "unknown" for each in missing}
    evidenced = await evidenced_criteria(uow, dossier_ids)
    for dossier in dossiers:
        reason = reason_to_refuse(dossier, selection, evidenced.get(dossier.id, 0))
        if reason:
            reasons[str(dossier.id)] = reason
    if reasons:
        raise NotEligible(f"{len(reasons)} dossiers", dossiers=reasons)
    for dossier in dossiers:
        dossier.list_id = list_id
    uow.record("list.extended", list_id, dossiers=len(dossiers))
    return selection


def reason_to_refuse(dossier: Dossier, selection: SelectionList, evidenced: int) -> str | None:
    """Say why a dossier may not be on this list, or None."""
    if dossier.fonds_id != selection.fonds_id:
        return "other_fonds"
    if dossier.list_id not in (None, selection.id):
        return "on_another_list"
    return reason_against(
        is_arranged=dossier.is_arranged,
        secrecy=dossier.secrecy,
        evidenced_criteria=evidenced,
        page_count=dossier.page_count,
    )


async def evidenced_criteria(uow: UnitOfWork, dossier_ids: Sequence[UUID]) -> dict[UUID, int]:
    """Count the criteria with evidence of dossiers."""
    marks = await uow.session.exec(
        select(CriterionMark.dossier_id).where(
            col(CriterionMark.dossier_id).in_(dossier_ids), CriterionMark.evidence != ""
        )
    )
    counts: dict[UUID, int] = {}
    for dossier_id in marks:
        counts[dossier_id] = counts.get(dossier_id, 0) + 1
    return counts


async def take_off_list(uow: UnitOfWork, list_id: UUID, dossier_id: UUID) -> SelectionList:
    """Take a dossier off a list; taking off what is not on it is fine. Raises NotFound, ListNotChangeable."""
    selection = await changeable_list(uow, list_id)
    dossier = await uow.session.get(Dossier, dossier_id, with_for_update=True)
    if dossier is not None and dossier.list_id == list_id:
        dossier.list_id = None
        uow.record("list.shortened", list_id, dossier_id=dossier_id)
    return selection


async def submit_list(uow: UnitOfWork, list_id: UUID) -> SelectionList:
    """Submit a list for approval, freezing what is on it.

    Raises NotFound, StateGoesBackwards, ListEmpty, NotEligible.
    """
    selection = await given_list(uow, list_id)
    state = advance(ListState(selection.state), ListState.SUBMITTED)
    told = await described(uow, selection)
    if not told:
        raise ListEmpty
    await put_on_list(uow, list_id, [each.dossier_id for each in told])  # what was eligible may have changed since
    selection.state, selection.sha256 = state, digest_of(told)
    selection.submitted_by, selection.submitted_at = author(uow), now()
    uow.record("list.submitted", list_id, sha256=selection.sha256, dossiers=len(told))
    return selection


async def approve_list(uow: UnitOfWork, list_id: UUID) -> SelectionList:
    """Approve a list of another person, and tell of every dossier.

    Raises NotFound, OwnList, StateGoesBackwards, ListChanged.
    """
    selection = await given_list(uow, list_id)
    demand_other_person(uow, selection)
    selection.state = advance(ListState(selection.state), ListState.APPROVED)
    told = await described(uow, selection)
    if digest_of(told) != selection.sha256:
        raise ListChanged
    selection.decided_by, selection.decided_at = uow.caller.name, now()
    for each in told:
        uow.publish(each)
    uow.record("list.approved", list_id, sha256=selection.sha256, dossiers=len(told))
    return selection


async def return_list(uow: UnitOfWork, list_id: UUID, reason: str) -> SelectionList:
    """Return a list to its makers with the reason. Raises NotFound, OwnList, StateGoesBackwards."""
    selection = await given_list(uow, list_id)
    demand_other_person(uow, selection)
    selection.state = advance(ListState(selection.state), ListState.RETURNED)
    selection.decided_by, selection.decided_at, selection.reason = uow.caller.name, now(), reason
    uow.record("list.returned", list_id, reason=reason)
    return selection


def demand_other_person(uow: UnitOfWork, selection: SelectionList) -> None:
    """Raise OwnList when the caller made, edited or submitted the list."""
    if str(author(uow)) in {*selection.editors, str(selection.submitted_by)}:
        raise OwnList


def digest_of(told: Sequence[DossierApproved]) -> str:
    """Give the SHA-256 of everything a list says, in a canonical form."""
    facts = [each.model_dump(mode="json", exclude=VARIABLE) for each in told]
    return sha256(json.dumps(facts, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


VARIABLE = {"id", "occurred_at", "actor", "correlation_id", "list_sha256"}


async def described(uow: UnitOfWork, selection: SelectionList) -> list[DossierApproved]:
    """Describe every dossier of a list as it stands, in order of its code."""
    fonds = await uow.session.get_one(Fonds, selection.fonds_id)
    dossiers = await uow.session.exec(
        select(Dossier).where(Dossier.list_id == selection.id).order_by(col(Dossier.file_code))
    )
    rows = dossiers.all()
    on_list = select(Dossier.id).where(Dossier.list_id == selection.id)
    documents: dict[UUID, list[DocumentDescription]] = {}
    asked = select(Document).where(col(Document.dossier_id).in_(on_list)).order_by(col(Document.number))
    for document in await uow.session.exec(asked):
        documents.setdefault(document.dossier_id, []).append(
            DocumentDescription.model_validate(document, from_attributes=True)
        )
    criteria: dict[UUID, list[str]] = {}
    for mark in await uow.session.exec(select(CriterionMark).where(col(CriterionMark.dossier_id).in_(on_list))):
        criteria.setdefault(mark.dossier_id, []).append(mark.criterion)
    return [
        DossierApproved(
            dossier_id=DossierId(row.id),
            version=row.version,
            list_id=SelectionListId(selection.id),
            list_sha256=selection.sha256 or "",
            fonds=FondsDescription(
                id=FondsId(fonds.id),
                code=fonds.code,
                title=fonds.title,
                kind=fonds.kind,
                archive_code=fonds.archive_code,
            ),
            description=DossierDescription.model_validate(row, from_attributes=True),
            documents=tuple(documents.get(row.id, ())),
            criteria=tuple(sorted(criteria.get(row.id, ()))),
            year=selection.year,
        )
        for row in rows
    ]
