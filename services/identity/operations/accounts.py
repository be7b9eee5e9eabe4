"""Make accounts, shut them out and let them in, renew their credentials."""

from uuid import UUID

from sqlmodel import col, select

from services.identity.domain.duties import Kind, demand_compatible, demand_strong
from services.identity.errors import AccountUnknown, LastAdmin, NameTaken, SetupOver
from services.identity.models import Account, SetupToken
from services.identity.operations.secrets import digest_of, hashed, new_secret
from shared.auth.policy import Role
from shared.clock import now
from shared.database import Database
from shared.events.identity import AccountDisabled, AccountEnabled
from shared.ids import AccountId
from shared.uow import UnitOfWork

SETUP_SECONDS = 30 * 60


async def make_setup_token(database: Database) -> str | None:
    """Make the one-time token of the first start; None when there is an administrator already."""
    async with database.writing() as uow:
        if await has_admin(uow):
            return None
        token = new_secret()
        uow.session.add(SetupToken(sha256=digest_of(token)))
        uow.record("setup.offered", None)
    return token


async def has_admin(uow: UnitOfWork) -> bool:
    """Say whether somebody can let others in."""
    return bool(await admins(uow))


async def admins(uow: UnitOfWork) -> list[Account]:
    """Give the administrators that are not shut out."""
    rows = await uow.session.exec(select(Account).where(col(Account.is_disabled).is_(False)).with_for_update())
    return [row for row in rows if Role.ADMIN in row.roles]


async def set_up(uow: UnitOfWork, token: str, name: str, password: str | None) -> tuple[Account, str]:
    """Make the first administrator; gives its credential's secret. Raises SetupOver."""
    row = await uow.session.get(SetupToken, digest_of(token), with_for_update=True)
    if row is None or (now() - row.made_at).total_seconds() > SETUP_SECONDS or await has_admin(uow):
        raise SetupOver
    for each in await uow.session.exec(select(SetupToken)):
        await uow.session.delete(each)
    return await create(uow, name, Kind.PERSON, frozenset({Role.ADMIN}), password)


async def create(
    uow: UnitOfWork, name: str, kind: Kind, roles: frozenset[Role], password: str | None = None
) -> tuple[Account, str]:
    """Make an account; gives it and its credential's secret, which is shown only now.

    Raises NameTaken, RolesClash, PasswordTooWeak.
    """
    demand_compatible(kind, roles)
    if password is not None:
        demand_strong(password, name)
    if await find(uow, name) is not None:
        raise NameTaken(name)
    secret = new_secret()
    account = Account(
        name=name,
        kind=kind,
        roles=sorted(roles),
        credential_sha256=digest_of(secret),
        password_hash=None if password is None else await hashed(password),
    )
    uow.session.add(account)
    await uow.session.flush()
    uow.record("account.created", account.id, name=name, kind=kind, roles=sorted(roles))
    return account, secret


async def find(uow: UnitOfWork, name: str) -> Account | None:
    """Find an account by name."""
    return (await uow.session.exec(select(Account).where(Account.name == name).with_for_update())).first()


async def given(uow: UnitOfWork, account_id: UUID) -> Account:
    """Give an account. Raises AccountUnknown."""
    account = await uow.session.get(Account, account_id, with_for_update=True)
    if account is None:
        raise AccountUnknown
    return account


async def disable(uow: UnitOfWork, account_id: UUID) -> Account:
    """Shut an account out, everywhere at once. Raises AccountUnknown, LastAdmin."""
    account = await given(uow, account_id)
    if account_id == uow.caller.account_id or [row.id for row in await admins(uow)] == [account_id]:
        raise LastAdmin
    if not account.is_disabled:
        account.is_disabled = True
        uow.record("account.disabled", account_id)
        uow.publish(AccountDisabled(account_id=AccountId(account_id)))
    return account


async def enable(uow: UnitOfWork, account_id: UUID) -> Account:
    """Let an account in again. Raises AccountUnknown."""
    account = await given(uow, account_id)
    if account.is_disabled:
        account.is_disabled = False
        uow.record("account.enabled", account_id)
        uow.publish(AccountEnabled(account_id=AccountId(account_id)))
    return account


async def renew_credential(uow: UnitOfWork, account_id: UUID) -> tuple[Account, str]:
    """Give an account a new credential; the old one is worth nothing from now on. Raises AccountUnknown."""
    account = await given(uow, account_id)
    secret = new_secret()
    account.credential_sha256 = digest_of(secret)
    uow.record("credential.renewed", account_id)
    return account, secret


async def add_on_host(uow: UnitOfWork, name: str, kind: Kind, roles: frozenset[Role]) -> tuple[Account, str]:
    """Make an account from the host itself, or let a known one in again with these roles and a new credential."""
    known = await find(uow, name)
    if known is None:
        return await create(uow, name, kind, roles)
    demand_compatible(kind, roles)
    known.kind, known.roles = kind, sorted(roles)
    await enable(uow, known.id)
    uow.record("account.restored", known.id, roles=sorted(roles))
    return await renew_credential(uow, known.id)
