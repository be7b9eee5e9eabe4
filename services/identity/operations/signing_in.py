"""Sign in: with a password for a session, with a session or a credential for an access token."""

from uuid import UUID

from sqlmodel import col, delete, select

from services.identity.context import Context
from services.identity.domain.account_name import AccountName
from services.identity.domain.duties import Kind
from services.identity.domain.session_life import IDLE, is_over
from services.identity.errors import MalformedName, SignInRefused
from services.identity.models import Account, Session
from services.identity.operations import attempts
from services.identity.operations.secrets import digest_of, is_same, matches, new_secret
from shared.auth.tokens import sign_token
from shared.clock import now
from shared.uow import Caller, UnitOfWork


async def sign_in(context: Context, name: str, password: str, source: str) -> str:
    """Open a session for a person; gives the cookie's value. Raises TooManyAttempts, SignInRefused.

    An unknown name costs the same work and hears the same answer as a wrong password.
    """
    try:
        key = AccountName.of(name).key
    except MalformedName as nobody:
        raise SignInRefused from nobody
    await attempts.begin(context.database, key, source)
    async with context.database.reading() as session:
        found = (await session.exec(select(Account).where(Account.name_key == key))).first()
    account = found if found and found.kind == Kind.PERSON and not found.is_disabled else None
    if not await matches(password, account.password_hash if account else None) or account is None:
        await note_refusal(context, found.id if found else None, key)
        raise SignInRefused
    return await begin_session(context, account, source)


async def begin_session(context: Context, seen: Account, source: str) -> str:
    """Open a session for an account that has just proved itself. Raises SignInRefused when it changed meanwhile."""
    value, moment = new_secret(), now()
    async with context.database.writing(Caller(seen.name, seen.id)) as uow:
        account = await uow.session.get(Account, seen.id, with_for_update=True)
        if account is None or account.is_disabled or account.password_hash != seen.password_hash:
            raise SignInRefused
        await uow.session.exec(delete(Session).where(col(Session.used_at) < moment - IDLE))
        uow.session.add(Session(sha256=digest_of(value), account_id=account.id, begun_at=moment, used_at=moment))
        await attempts.forget(uow, account.name_key, source)
        uow.record("session.begun", account.id, name=account.name)
    return value


async def token_for_session(context: Context, value: str) -> str:
    """Give an access token to a session that is still alive, and keep it alive. Raises SignInRefused."""
    moment = now()
    async with context.database.writing() as uow:
        row = await uow.session.get(Session, digest_of(value), with_for_update=True)
        if row is None or is_over(row.begun_at, row.used_at, moment):
            raise SignInRefused
        row.used_at = moment
        account = await uow.session.get_one(Account, row.account_id)
        return signed(context, account)


async def token_for_credential(context: Context, account_id: UUID, secret: str, source: str) -> str:
    """Give an access token to whoever has an account's credential. Raises TooManyAttempts, SignInRefused.

    256 random bits cannot be guessed, so the right secret is never locked out: nobody can silence a station by
    trying wrong ones in its name.
    """
    async with context.database.reading() as session:
        account = await session.get(Account, account_id)
    is_right = is_same(secret, account.credential_sha256 if account else digest_of(""))
    if account is None or not is_right:
        await attempts.begin(context.database, str(account_id), source)
        await note_refusal(context, account.id if account else None, str(account_id))
        raise SignInRefused
    token = signed(context, account)
    async with context.database.writing(Caller(account.name, account.id)) as uow:
        uow.record("token.granted", account.id, name=account.name)
    return token


async def token_for_client(context: Context, client: str, secret: str, source: str) -> str:
    """Give an access token to whoever knows an account's name or id, and its credential's secret.

    Raises TooManyAttempts, SignInRefused.
    """
    account_id = await client_known_as(context, client)
    if account_id is None:
        await attempts.begin(context.database, client[:100], source)
        await note_refusal(context, None, client)
        raise SignInRefused
    return await token_for_credential(context, account_id, secret, source)


async def client_known_as(context: Context, client: str) -> UUID | None:
    """Give the id of the account that a client calls itself, by its name or the id itself; None when there is none."""
    try:
        return UUID(client)
    except ValueError:
        pass
    try:
        key = AccountName.of(client).key
    except MalformedName:
        return None
    async with context.database.reading() as session:
        return (await session.exec(select(Account.id).where(Account.name_key == key))).first()


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


async def note_refusal(context: Context, account_id: UUID | None, tried: str) -> None:
    """Write down that a sign-in was refused; a name that is nobody's may be a password, so only its digest is kept."""
    async with context.database.writing() as uow:
        uow.record("sign_in.refused", account_id, tried_sha256=digest_of(tried))
