"""Lock a dossier or a lot for one inspector, renew the lock, and give it back."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.qc.domain.holds import LOCK
from services.qc.errors import ScopeLocked
from services.qc.models import InspectedDossier, ScopeLock
from services.qc.operations.scopes import Scope, open_scope
from shared.clock import now
from shared.errors import Forbidden
from shared.uow import Caller, UnitOfWork


def account_of(caller: Caller) -> UUID:
    """Give the account that an inspector acts under. Raises Forbidden for whoever has none."""
    if caller.account_id is None:
        raise Forbidden
    return caller.account_id


async def lock_scope(uow: UnitOfWork, scope_id: UUID) -> ScopeLock:
    """Lock a scope for the caller, or renew the caller's lock. Raises NotFound, DossierConcluded, ScopeLocked.

    Whoever locks a dossier or its lot waits for the other at the dossier's row.
    """
    scope = await open_scope(uow.session, scope_id)
    rows = select(InspectedDossier.dossier_id).where(scope.dossiers).order_by(col(InspectedDossier.dossier_id))
    dossiers = (await uow.session.exec(rows.with_for_update())).all()
    account, moment = account_of(uow.caller), now()
    taken = await locks_of_others(uow.session, {*dossiers, *scope.enclosing}, account, moment)
    if taken:
        raise locked_by(taken[0])
    lock = await uow.session.get(ScopeLock, scope_id)
    if lock is None or lock.account_id != account:
        uow.record("scope.locked", scope_id, until=moment + LOCK)
    row = ScopeLock(scope_id=scope_id, account_id=account, inspector=uow.caller.name, until=moment + LOCK)
    return await uow.session.merge(row)


async def unlock_scope(uow: UnitOfWork, scope_id: UUID) -> None:
    """Give the caller's lock back; there may be none any more."""
    lock = await uow.session.get(ScopeLock, scope_id, with_for_update=True)
    if lock is not None and lock.account_id == account_of(uow.caller):
        await uow.session.delete(lock)
        uow.record("scope.unlocked", scope_id)


async def locks_of_others(
    session: AsyncSession, scopes: Collection[UUID], account: UUID, moment: datetime
) -> list[ScopeLock]:
    """Give the locks that others have on any of these scopes."""
    asked = select(ScopeLock).where(
        col(ScopeLock.scope_id).in_(scopes), ScopeLock.account_id != account, ScopeLock.until > moment
    )
    return list(await session.exec(asked))


async def demand_not_locked(uow: UnitOfWork, scope: Scope, moment: datetime) -> None:
    """Raise ScopeLocked if another inspector works through the whole scope."""
    taken = await locks_of_others(uow.session, scope.enclosing, account_of(uow.caller), moment)
    if taken:
        raise locked_by(taken[0])


def locked_by(lock: ScopeLock) -> ScopeLocked:
    """Say who has a scope, and until when."""
    return ScopeLocked(f"{lock.inspector} works here", inspector=lock.inspector, until=lock.until.isoformat())
