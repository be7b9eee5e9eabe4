"""Who acts for which agency: an agency's account sees and writes only what is its own, or was of one it took over."""

from uuid import UUID

from sqlalchemy import Label
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel.sql.expression import SelectOfScalar

from services.catalog.domain.agency_errors import AccountUnknown, AgencyUnknown
from services.catalog.models.agencies import Agency, AgencyAccess, AgencyAccount
from services.catalog.operations.agencies import given_agency
from shared.auth.roles import READERS, Role
from shared.clock import day_in_vietnam, now
from shared.events.identity import AccountGranted
from shared.uow import Caller, UnitOfWork


async def remember_account(uow: UnitOfWork, event: AccountGranted) -> None:
    """Know who may act for an agency; the latest word on an account counts, however the words arrive."""
    known = await uow.session.get(AgencyAccount, event.account_id)
    if known is None or known.heard_at < event.occurred_at:
        told = AgencyAccount(
            account_id=event.account_id,
            name=event.account_name,
            may_act=Role.AGENCY in event.roles,
            heard_at=event.occurred_at,
        )
        await uow.session.merge(told)


async def give_access(uow: UnitOfWork, agency_id: UUID, account_id: UUID) -> AgencyAccount:
    """Let an account act for an agency; saying it again changes nothing. Raises AgencyUnknown, AccountUnknown."""
    await given_agency(uow.session, agency_id)
    account = await uow.session.get(AgencyAccount, account_id)
    if account is None or not account.may_act:
        raise AccountUnknown(str(account_id))
    key = (agency_id, account_id)
    if await uow.session.get(AgencyAccess, key) is None:
        await uow.session.merge(AgencyAccess(agency_id=agency_id, account_id=account_id))
        uow.record("agency.access_given", agency_id, account_id=str(account_id), name=account.name)
    return account


async def take_access(uow: UnitOfWork, agency_id: UUID, account_id: UUID) -> None:
    """Let an account act for an agency no longer; taking what is not there is fine. Raises AgencyUnknown."""
    await given_agency(uow.session, agency_id)
    given = await uow.session.get(AgencyAccess, (agency_id, account_id))
    if given is not None:
        await uow.session.delete(given)
        uow.record("agency.access_taken", agency_id, account_id=str(account_id))


def agencies_of(caller: Caller) -> SelectOfScalar[UUID] | None:
    """Give the agencies that a caller may see, as a condition; None for all of them."""
    if caller.roles & READERS:
        return None
    return held_by(caller)


def held_by(caller: Caller) -> SelectOfScalar[UUID]:
    """Give the agencies that an account acts for, as a condition.

    Those that ended and were taken over by one of them are among them: what these left open goes on under that one.
    """
    named: Label[UUID] = col(AgencyAccess.agency_id).label("id")
    held = select(named).where(col(AgencyAccess.account_id) == caller.account_id).cte("held", recursive=True)
    ended = select(Agency.id).join(held, col(Agency.successor_id) == held.c.id)
    held = held.union(ended.where(col(Agency.ended_on) <= day_in_vietnam(now())))
    return select(held.c.id)


async def acts_for(session: AsyncSession, caller: Caller, agency_id: UUID, centre: frozenset[Role] = READERS) -> bool:
    """Say whether the caller may know of an agency, or write for it: of the centre those with one of some roles."""
    if caller.roles & centre:
        return True
    asked = select(Agency.id).where(Agency.id == agency_id, col(Agency.id).in_(held_by(caller)))
    return caller.account_id is not None and (await session.exec(asked)).first() is not None


async def demand_acts_for(
    session: AsyncSession, caller: Caller, agency_id: UUID, centre: frozenset[Role] = READERS
) -> None:
    """Raise AgencyUnknown unless the caller may know of an agency, or write for it."""
    if not await acts_for(session, caller, agency_id, centre):
        raise AgencyUnknown
