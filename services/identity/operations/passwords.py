"""Change a password."""

from uuid import UUID

from services.identity.context import Context
from services.identity.domain.duties import Kind
from services.identity.domain.password import demand_person, demand_strong
from services.identity.errors import AccountUnknown, SignInRefused
from services.identity.models import Account
from services.identity.operations import attempts
from services.identity.operations.accounts import end_sessions, given
from services.identity.operations.secrets import hashed, matches
from shared.uow import Caller


async def change_password(context: Context, caller: Caller, present: str | None, wanted: str, source: str) -> None:
    """Give the caller's account another password; every session of it ends.

    `present` is needed where there is a password already, and guessing it is counted like signing in. Raises
    AccountUnknown, SignInRefused, TooManyAttempts, PasswordTooWeak, PasswordMisplaced.
    """
    seen = await own_account(context, caller.account_id)
    demand_person(Kind(seen.kind))
    demand_strong(wanted, seen.name)
    if seen.password_hash is not None:
        await attempts.begin(context.database, seen.name_key, source)
        if not await matches(present or "", seen.password_hash):
            raise SignInRefused
    password_hash = await hashed(wanted)  # before the transaction: it takes long, and SQLite has one writer
    async with context.database.writing(caller) as uow:
        account = await given(uow, seen.id)
        if account.is_disabled or account.password_hash != seen.password_hash:
            raise SignInRefused
        account.password_hash = password_hash
        await end_sessions(uow, account.id)
        await attempts.forget(uow, account.name_key, source)
        uow.record("password.changed", account.id, name=account.name)


async def own_account(context: Context, account_id: UUID | None) -> Account:
    """Give the account of a caller. Raises AccountUnknown."""
    async with context.database.reading() as session:
        account = await session.get(Account, account_id) if account_id else None
    if account is None:
        raise AccountUnknown
    return account
