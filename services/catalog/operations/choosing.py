"""Choose: put whole dossiers on a list, take them off again, and submit it."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import fields
from typing import Any
from uuid import UUID

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.catalog.domain import codes
from services.catalog.domain.eligibility import WORDS, Candidate, reasons_against
from services.catalog.domain.evidence import evidenced
from services.catalog.domain.state import CHANGEABLE, ListState, advance
from services.catalog.errors import ListEmpty, ListNotChangeable, NotEligible
from services.catalog.models import CriterionMark, Document, Dossier
from services.catalog.models.lists import ListEntry, SelectionList
from services.catalog.operations.freezing import ListedDossier, digest_of, hold_titles, listed_dossiers
from services.catalog.operations.holding import given_fonds, held_list, seen_list
from services.catalog.operations.indexing import index_dossiers
from services.catalog.operations.remembering import remember
from services.catalog.operations.renewing import renew_dossiers
from shared.clock import now
from shared.uow import UnitOfWork


async def create_list(uow: UnitOfWork, fonds_id: UUID, name: str, year: int) -> SelectionList:
    """Begin a list for dossiers of one fonds. Raises NotFound."""
    await given_fonds(uow, fonds_id)
    made = SelectionList(fonds_id=fonds_id, name=name, year=year, created_by=author(uow), editors=[str(author(uow))])
    uow.session.add(made)
    uow.record("list.created", made.id, name=name, year=year)
    return made


def author(uow: UnitOfWork) -> UUID:
    """Give the account that acts."""
    return uow.caller.account_id or UUID(int=0)


async def changeable_list(uow: UnitOfWork, list_id: UUID) -> SelectionList:
    """Give a list that may change, held, and note who changes it. Raises NotFound, ListNotChangeable."""
    found = await held_list(uow, list_id)
    if found.state not in CHANGEABLE or found.archived_at is not None:
        raise ListNotChangeable("archived" if found.archived_at else found.state)
    note_editor(uow, found)
    return found


def note_editor(uow: UnitOfWork, selection: SelectionList) -> None:
    """Remember that the caller had a hand in a list."""
    if str(author(uow)) not in selection.editors:
        selection.editors = [*selection.editors, str(author(uow))]


async def put_on_list(uow: UnitOfWork, list_id: UUID, dossier_ids: Sequence[UUID]) -> SelectionList:
    """Put whole dossiers on a list, all or none. Raises NotFound, ListNotChangeable, NotEligible with every reason."""
    selection = await changeable_list(uow, list_id)
    asked = select(Dossier).where(col(Dossier.id).in_(dossier_ids)).order_by(col(Dossier.id))
    dossiers = (await uow.session.exec(asked.with_for_update())).all()
    evidenced = await evidenced_criteria(uow, dossier_ids)
    secret = await with_secrets(uow.session, dossier_ids)
    reasons = {
        str(row.id): reasons_to_refuse(row, selection, evidenced.get(row.id, 0), has_secret=row.id in secret)
        for row in dossiers
    }
    demand_no_reason({**{str(each): ["unknown"] for each in dossier_ids}, **reasons})
    fresh = [dossier for dossier in dossiers if dossier.list_id is None]
    for dossier in fresh:
        dossier.list_id = list_id
    if fresh:
        await index_dossiers(uow, [dossier.id for dossier in fresh])
        uow.record("list.extended", list_id, dossiers=[dossier.file_code for dossier in fresh])
    return selection


async def evidenced_criteria(uow: UnitOfWork, dossier_ids: Sequence[UUID]) -> dict[UUID, int]:
    """Count the criteria with evidence of dossiers."""
    asked = select(CriterionMark.dossier_id, CriterionMark.evidence)
    rows = await uow.session.exec(asked.where(col(CriterionMark.dossier_id).in_(dossier_ids)))
    return Counter(dossier_id for dossier_id, evidence in rows if evidenced([evidence]))


async def with_secrets(session: AsyncSession, dossier_ids: Sequence[UUID]) -> set[UUID]:
    """Give which of some dossiers have a document that is a state secret."""
    asked = select(Document.dossier_id).where(
        col(Document.dossier_id).in_(dossier_ids), Document.access_level == codes.CLASSIFIED
    )
    return set(await session.exec(asked.distinct()))


def demand_no_reason(reasons: Mapping[str, Sequence[str]]) -> None:
    """Raise NotEligible when there is a reason against any dossier, by its id: the first, all, and their words."""
    told = {dossier_id: list(found) for dossier_id, found in reasons.items() if found}
    if told:
        words = {reason: WORDS[reason].model_dump() for found in told.values() for reason in found}
        first = {dossier_id: found[0] for dossier_id, found in told.items()}
        raise NotEligible(f"{len(told)} dossiers", dossiers=first, reasons=told, words=words)


def demand_listable(selection: SelectionList, listed: Sequence[ListedDossier]) -> None:
    """Raise NotEligible unless every dossier of a list may be on it."""
    demand_no_reason(
        {
            str(each.row.id): reasons_to_refuse(
                each.row, selection, each.evidenced_count, has_secret=each.has_secret_document
            )
            for each in listed
        }
    )


def reasons_to_refuse(dossier: Dossier, selection: SelectionList, evidenced: int, *, has_secret: bool) -> list[str]:
    """Say why a dossier may not be on this list."""
    if dossier.archived_at is not None:
        return ["archived"]
    if dossier.fonds_id != selection.fonds_id:
        return ["other_fonds"]
    if dossier.list_id not in (None, selection.id):
        return ["on_another_list"]
    return list(reasons_against(candidate_of(dossier, evidenced, has_secret=has_secret)))


def candidate_of(dossier: Dossier, evidenced: int, *, has_secret: bool) -> Candidate:
    """Give what is known of a dossier that may be chosen, `has_secret` if a document of it is a state secret."""
    beside: dict[str, Any] = {"evidenced_criteria": evidenced, "has_secret_document": has_secret}
    names = [field.name for field in fields(Candidate) if field.name not in beside]
    return Candidate(**{name: getattr(dossier, name) for name in names}, **beside)


async def take_off_list(uow: UnitOfWork, list_id: UUID, dossier_id: UUID) -> SelectionList:
    """Take a dossier off a list; taking off what is not on it is fine. Raises NotFound, ListNotChangeable."""
    selection = await changeable_list(uow, list_id)
    dossier = await uow.session.get(Dossier, dossier_id, with_for_update=True)
    if dossier is not None and dossier.list_id == list_id:
        if await was_approved(uow, selection, dossier_id):
            remember(uow, dossier, "list.shortened", {})  # whatever is approved of it later is newer than what is not
        dossier.list_id = None
        await index_dossiers(uow, [dossier_id])
        uow.record("list.shortened", list_id, dossiers=[dossier.file_code])
    return selection


async def was_approved(uow: UnitOfWork, selection: SelectionList, dossier_id: UUID) -> bool:
    """Say whether the edition that a list is to replace holds a dossier."""
    asked = select(ListEntry.number).where(
        ListEntry.list_id == selection.replaces_id, ListEntry.dossier_id == dossier_id
    )
    return selection.replaces_id is not None and (await uow.session.exec(asked)).first() is not None


async def submit_list(uow: UnitOfWork, list_id: UUID, expected: str) -> SelectionList:
    """Submit a list for approval, freezing what is on it; only an amendment may be empty: it withdraws everything.

    Raises NotFound, ListOvertaken, StateGoesBackwards, ListEmpty, NotEligible (what was eligible may not be any more).
    """
    selection = await seen_list(uow, list_id, expected)
    state = advance(ListState(selection.state), ListState.SUBMITTED)
    await hold_titles(uow, selection.fonds_id)
    await renew_dossiers(uow, selection)
    listed = await listed_dossiers(uow, selection)
    if not listed and selection.replaces_id is None:
        raise ListEmpty
    demand_listable(selection, listed)
    note_editor(uow, selection)
    selection.state, selection.sha256 = state, await digest_of(listed)
    selection.submitted_by, selection.submitted_at = author(uow), now()
    selection.decided_by, selection.decided_at, selection.reason = "", None, ""
    selection.appraiser_id, selection.appraised_by, selection.appraised_at = None, "", None
    selection.opinion, selection.round = "", selection.round + 1
    uow.record("list.submitted", list_id, sha256=selection.sha256, dossiers=len(listed))
    return selection
