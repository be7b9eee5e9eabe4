"""Amend an approved list: its next edition takes its dossiers over, and takes its place once it is approved."""

from dataclasses import asdict
from uuid import UUID

from sqlalchemy import update
from sqlmodel import col, select

from services.catalog.domain.state import OPEN, ListState, advance
from services.catalog.errors import AmendmentDiffers, AmendmentOpen, ListNotApproved, NoAmendment
from services.catalog.models import Dossier
from services.catalog.models.lists import SelectionList
from services.catalog.operations.choosing import author
from services.catalog.operations.comparing import all_differences
from services.catalog.operations.entering import demand_entered
from services.catalog.operations.holding import demand_seen, held_editions, held_list
from services.catalog.operations.indexing import index_dossiers
from shared.uow import UnitOfWork

MOST_TOLD = 100


async def amend_list(uow: UnitOfWork, list_id: UUID, reason: str) -> SelectionList:
    """Begin the next edition of an approved list, which stays valid by its entries until that one is approved.

    Raises NotFound, ListNotApproved, AmendmentOpen, ListChanged.
    """
    approved = await held_list(uow, list_id)
    if approved.state != ListState.APPROVED:
        raise ListNotApproved(approved.state)
    begun = select(SelectionList.id).where(SelectionList.replaces_id == list_id, col(SelectionList.state).in_(OPEN))
    open_one = (await uow.session.exec(begun)).first()
    if open_one is not None:
        raise AmendmentOpen(list_id=str(open_one))
    await demand_entered(uow, approved)
    made = SelectionList(
        fonds_id=approved.fonds_id,
        name=approved.name,
        year=approved.year,
        edition=approved.edition + 1,
        replaces_id=approved.id,
        amendment_reason=reason,
        created_by=author(uow),
        editors=[str(author(uow))],
    )
    uow.session.add(made)
    await uow.session.flush()
    await hand_over(uow, approved.id, made.id)
    uow.record("list.amended", list_id, amendment=str(made.id), edition=made.edition, reason=reason)
    return made


async def abandon_amendment(uow: UnitOfWork, list_id: UUID, expected: str) -> SelectionList:
    """Give an amendment up that changes nothing; its dossiers go back to the edition that stays valid.

    Raises NotFound, ListOvertaken, NoAmendment, StateGoesBackwards, AmendmentDiffers with the first differences.
    """
    selection, replaced = await held_editions(uow, list_id)
    demand_seen(selection, expected)
    if replaced is None:
        raise NoAmendment
    state = advance(ListState(selection.state), ListState.ABANDONED)
    found = await all_differences(uow.session, selection, MOST_TOLD)
    if found:
        raise AmendmentDiffers(differences=[{**asdict(each), "dossier_id": str(each.dossier_id)} for each in found])
    await hand_over(uow, selection.id, replaced.id)
    selection.state = state
    uow.record("list.abandoned", list_id, replaces=str(replaced.id))
    return selection


async def hand_over(uow: UnitOfWork, giver: UUID, taker: UUID) -> None:
    """Let the dossiers of one list belong to another, held in order of their ids."""
    held = select(Dossier.id).where(Dossier.list_id == giver).order_by(col(Dossier.id)).with_for_update()
    dossier_ids = (await uow.session.exec(held)).all()
    given = update(Dossier).where(col(Dossier.list_id) == giver).values(list_id=taker)
    await uow.session.exec(given.execution_options(synchronize_session=False))
    await index_dossiers(uow, dossier_ids)
