"""Sign in: with a password for a session, with a session or a credential for an access token."""

import secrets
from datetime import timedelta
from uuid import UUID

from sqlalchemy import func
from sqlmodel import col, select

from services.identity.context import Context
from services.identity.domain.duties import Kind, demand_strong
from services.identity.errors import SignInRefused, TooManyAttempts
from services.identity.models import Account, FailedAttempt, Session
from services.identity.operations.secrets import digest_of, hashed, matches, new_secret
from shared.auth.tokens import sign_token
from shared.clock import now
from shared.database import Database
from shared.uow import Caller, UnitOfWork

MOST_FAILURES = 10
WINDOW = timedelta(minutes=10)
IDLE = timedelta(minutes=15)
LONGEST = timedelta(hours=12)


async def sign_in(context: Context, name: str, password: str) -> str:
    """Open a session for a person; gives the cookie's value. Raises TooManyAttempts, SignInRefused."""
    await demand_patience(context.database, name)
    async with context.database.reading() as session:
        account = (await session.exec(select(Account).where(Account.name == name))).first()
    usable = account is not None and account.kind == Kind.PERSON and not account.is_disabled
    is_right = await matches(password, account.password_hash if account and usable else None)
    if account is None or not usable or not is_right:
        await note_failure(context.database, name)
        raise SignInRefused
    value = new_secret()
    async with context.database.writing(Caller(account.name, account.id)) as uow:
        uow.session.add(Session(sha256=digest_of(value), account_id=account.id))
        uow.record("session.begun", account.id)
    return value


async def token_for_session(context: Context, value: str) -> str:
    """Give an access token to a session that is still alive. Raises SignInRefused."""
    moment = now()
    async with context.database.writing() as uow:
        row = await uow.session.get(Session, digest_of(value), with_for_update=True)
        if row is None or moment - row.used_at > IDLE or moment - row.begun_at > LONGEST:
            raise SignInRefused
        row.used_at = moment
        account = await uow.session.get_one(Account, row.account_id)
    return signed(context, account)


async def token_for_credential(context: Context, account_id: UUID, secret: str) -> str:
    """Give an access token to whoever has an account's credential. Raises TooManyAttempts, SignInRefused."""
    await demand_patience(context.database, str(account_id))
    async with context.database.reading() as session:
        account = await session.get(Account, account_id)
    expected = (account.credential_sha256 if account else None) or digest_of("")
    if account is None or not secrets.compare_digest(expected, digest_of(secret)):
        await note_failure(context.database, str(account_id))
        raise SignInRefused
    return signed(context, account)


def signed(context: Context, account: Account) -> str:
    """Sign a token for an account that is not shut out. Raises SignInRefused."""
    if account.is_disabled:
        raise SignInRefused
    return sign_token(context.keys.key, account.id, account.name, frozenset(account.roles))


async def sign_out(uow: UnitOfWork, value: str) -> None:
    """End a session; ending one that is gone is fine."""
    row = await uow.session.get(Session, digest_of(value))
    if row is not None:
        uow.record("session.ended", row.account_id)
        await uow.session.delete(row)


async def change_password(uow: UnitOfWork, account: Account, present: str | None, wanted: str) -> None:
    """Give an account another password; every session of it ends. Raises SignInRefused, PasswordTooWeak."""
    if account.password_hash is not None and not await matches(present or "", account.password_hash):
        raise SignInRefused
    demand_strong(wanted, account.name)
    account.password_hash = await hashed(wanted)
    for row in await uow.session.exec(select(Session).where(Session.account_id == account.id)):
        await uow.session.delete(row)
    uow.record("password.changed", account.id)


async def demand_patience(database: Database, subject: str) -> None:
    """Raise TooManyAttempts when a subject failed too often of late."""
    async with database.reading() as session:
        asked = select(func.count()).where(
            FailedAttempt.subject == digest_of(subject), col(FailedAttempt.at) > now() - WINDOW
        )
        if (await session.exec(asked)).one() >= MOST_FAILURES:
            raise TooManyAttempts


async def note_failure(database: Database, subject: str) -> None:
    """Count a failed attempt."""
    async with database.writing() as uow:
        uow.session.add(FailedAttempt(subject=digest_of(subject)))
        uow.record("sign_in.refused", None, tried=digest_of(subject))
