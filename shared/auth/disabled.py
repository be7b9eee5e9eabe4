"""Accounts that are shut out: heard from identity, heeded by every service although their tokens still live."""

import time
from uuid import UUID

from sqlmodel import col, select

from shared.database import Database
from shared.events.identity import AccountDisabled, AccountEnabled
from shared.inbox import Subscriptions
from shared.uow import UnitOfWork

FRESH_SECONDS = 1.0


class DisabledAccounts:
    """The accounts one service refuses; read again from its database when older than a second."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._ids: frozenset[UUID] = frozenset()
        self._read_at = float("-inf")

    async def hold(self, account_id: UUID) -> bool:
        """Say whether an account is shut out."""
        if time.monotonic() - self._read_at > FRESH_SECONDS:
            table = self._database.plumbing.disabled_account
            async with self._database.reading() as session:
                found = await session.exec(select(table.account_id).where(col(table.is_disabled)))
                self._ids = frozenset(found.all())
            self._read_at = time.monotonic()
        return account_id in self._ids


def heed_disabled_accounts(subscriptions: Subscriptions) -> None:
    """Subscribe a service to accounts being shut out and let in again."""

    @subscriptions.on(AccountDisabled)
    async def shut_out(event: AccountDisabled, uow: UnitOfWork) -> None:
        await note(event, uow, is_disabled=True)

    @subscriptions.on(AccountEnabled)
    async def let_in(event: AccountEnabled, uow: UnitOfWork) -> None:
        await note(event, uow, is_disabled=False)


async def note(event: AccountDisabled | AccountEnabled, uow: UnitOfWork, *, is_disabled: bool) -> None:
    """Keep the latest word on an account, in whatever order the words arrive."""
    table = uow.plumbing.disabled_account
    known = await uow.session.get(table, event.account_id)
    if known is None or known.heard_at < event.occurred_at:
        await uow.session.merge(table(account_id=event.account_id, is_disabled=is_disabled, heard_at=event.occurred_at))
