"""Decide on a list: one person appraises it, another approves it, or it goes back to its makers with remarks."""

from collections.abc import Sequence
from uuid import UUID

from services.catalog.domain.decision import Decision
from services.catalog.domain.separation import demand_other_person
from services.catalog.domain.state import ListState, advance
from services.catalog.errors import AppraisalMissing, ListChanged, OwnAppraisal, OwnList
from services.catalog.models.lists import SelectionList
from services.catalog.operations.attesting import put_decision
from services.catalog.operations.authorship import has_described
from services.catalog.operations.choosing import author, demand_listable
from services.catalog.operations.entering import enter, entries_of, give_number
from services.catalog.operations.freezing import ListedDossier, is_as_submitted, listed_dossiers
from services.catalog.operations.holding import demand_seen, held_editions, seen_list
from services.catalog.operations.remarking import APPRAISAL, RETURN, Remark, remark
from services.catalog.operations.telling import tell_of, untold
from shared.clock import now
from shared.uow import UnitOfWork


async def appraise_list(
    uow: UnitOfWork, list_id: UUID, opinion: str, remarks: Sequence[Remark], expected: str
) -> SelectionList:
    """Give an opinion on a submitted list of others, with remarks on its dossiers.

    Raises NotFound, ListOvertaken, OwnList, StateGoesBackwards, RemarkMisplaced.
    """
    selection = await seen_list(uow, list_id, expected)
    await demand_stranger(uow, selection)
    selection.state = advance(ListState(selection.state), ListState.APPRAISED)
    await remark(uow, selection, APPRAISAL, opinion, remarks)
    selection.appraiser_id, selection.appraised_by = author(uow), uow.caller.name
    selection.appraised_at, selection.opinion = now(), opinion
    uow.record("list.appraised", list_id, opinion=opinion, remarks=len(remarks))
    return selection


async def approve_list(
    uow: UnitOfWork, list_id: UUID, decision: Decision | None, expected: str, *, is_appraisal_required: bool = False
) -> SelectionList:
    """Approve a list of others that another person appraised: number it, enter it, and tell of its dossiers.

    Of an amendment only what is new, changed or withdrawn is told. Raises NotFound, ListOvertaken, OwnList,
    OwnAppraisal, StateGoesBackwards, AppraisalMissing, ListChanged, NotEligible.
    """
    selection, replaced = await held_editions(uow, list_id)
    demand_seen(selection, expected)
    await demand_stranger(uow, selection)
    was = ListState(selection.state)
    selection.state = advance(was, ListState.APPROVED)
    demand_appraised(uow, selection, was, is_required=is_appraisal_required)
    listed = await listed_dossiers(uow, selection)
    if not await is_as_submitted(selection, listed):
        raise ListChanged
    demand_listable(selection, listed)  # what was submitted under older rules is held against those of today
    selection.decided_by, selection.decided_at = uow.caller.name, now()
    if decision is not None:
        put_decision(uow, selection, decision)
    await give_number(uow, selection, replaced)
    await enter(uow, selection, listed)
    told = await superseding(uow, selection, replaced, listed) if replaced else listed
    await tell_of(uow, told)
    uow.record("list.approved", list_id, sha256=selection.sha256, dossiers=len(listed), told=len(told))
    return selection


def demand_appraised(uow: UnitOfWork, selection: SelectionList, was: ListState, *, is_required: bool) -> None:
    """Raise AppraisalMissing where a list must be appraised and was not, OwnAppraisal where the approver did it."""
    if is_required and was != ListState.APPRAISED:
        raise AppraisalMissing
    if selection.appraiser_id is not None and selection.appraiser_id == author(uow):
        raise OwnAppraisal


async def superseding(
    uow: UnitOfWork, selection: SelectionList, replaced: SelectionList, listed: Sequence[ListedDossier]
) -> Sequence[ListedDossier]:
    """Let an edition take the place of another, tell of what it withdraws, and give what is new or changed in it."""
    replaced.state = advance(ListState(replaced.state), ListState.SUPERSEDED)
    before = await entries_of(uow.session, replaced.id)
    fresh, withdrawn = await untold(before, listed)
    await tell_of(uow, (), [(entry, selection) for entry in withdrawn])
    uow.record("list.superseded", replaced.id, by=str(selection.id), withdrawn=len(withdrawn))
    return fresh


async def return_list(
    uow: UnitOfWork, list_id: UUID, reason: str, remarks: Sequence[Remark], expected: str
) -> SelectionList:
    """Return a list to its makers with the reason and remarks on its dossiers.

    Raises NotFound, ListOvertaken, OwnList, StateGoesBackwards, RemarkMisplaced.
    """
    selection = await seen_list(uow, list_id, expected)
    await demand_stranger(uow, selection)
    selection.state = advance(ListState(selection.state), ListState.RETURNED)
    await remark(uow, selection, RETURN, reason, remarks)
    selection.decided_by, selection.decided_at, selection.reason = uow.caller.name, now(), reason
    uow.record("list.returned", list_id, reason=reason, remarks=len(remarks))
    return selection


async def demand_stranger(uow: UnitOfWork, selection: SelectionList) -> None:
    """Raise OwnList when the caller made, edited or submitted the list, or described a dossier of it."""
    editors = {UUID(each) for each in selection.editors}
    demand_other_person(author(uow), editors, selection.submitted_by)
    if await has_described(uow, selection):
        raise OwnList
