"""Make accounts, shut them out and let them in, renew what they sign in with."""

from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlmodel import col, delete, select

from services.identity.domain.account_name import AccountName
from services.identity.domain.duties import Kind, demand_compatible
from services.identity.domain.password import demand_person, demand_strong
from services.identity.errors import AccountUnknown, LastAdmin, NameTaken
from services.identity.models import Account, Session, has_role
from services.identity.operations import attempts
from services.identity.operations.secrets import digest_of, hashed, new_secret
from shared.auth.roles import Role
from shared.events.identity import AccountDisabled, AccountEnabled, AccountGranted
from shared.ids import AccountId
from shared.uow import UnitOfWork


async def create(
    uow: UnitOfWork, name: str, kind: Kind, roles: frozenset[Role], password: str | None = None
) -> tuple[Account, str]:
    """Make an account; gives it and its credential's secret, which is shown only now.

    Raises MalformedName, NameTaken, RolesClash, PasswordTooWeak, PasswordMisplaced.
    """
    known_as = AccountName.of(name)
    demand_compatible(kind, roles)
    if password is not None:
        demand_person(kind)
        demand_strong(password, known_as.shown)
    secret = new_secret()
    account = Account(
        name=known_as.shown,
        name_key=known_as.key,
        kind=kind,
        roles=sorted(roles),
        credential_sha256=digest_of(secret),
        password_hash=None if password is None else await hashed(password),
    )
    uow.session.add(account)
    try:
        await uow.session.flush()
    except IntegrityError as taken:
        raise NameTaken(known_as.shown) from taken
    uow.record("account.created", account.id, name=account.name, kind=kind, roles=account.roles)
    tell_granted(uow, account)
    return account, secret


async def given(uow: UnitOfWork, account_id: UUID) -> Account:
    """Give an account, locked. Raises AccountUnknown."""
    account = await uow.session.get(Account, account_id, with_for_update=True)
    if account is None:
        raise AccountUnknown
    return account


async def disable(uow: UnitOfWork, account_id: UUID) -> Account:
    """Shut an account out, everywhere at once. Raises AccountUnknown, LastAdmin."""
    # all administrators are locked before the one account, always in this order: two who shut out each other
    # at the same moment would otherwise both succeed, or wait for each other
    admins = (await uow.session.exec(
        select(Account.id)
        .where(has_role(Role.ADMIN), col(Account.is_disabled).is_(False))
        .order_by(col(Account.id))
        .with_for_update()
    )).all()  # fmt: skip
    account = await given(uow, account_id)
    if account_id == uow.caller.account_id or list(admins) == [account_id]:
        raise LastAdmin
    if not account.is_disabled:
        account.is_disabled = True
        await end_sessions(uow, account_id)
        uow.record("account.disabled", account_id, name=account.name)
        uow.publish(AccountDisabled(account_id=AccountId(account_id)))
    return account


async def enable(uow: UnitOfWork, account_id: UUID) -> Account:
    """Let an account in again. Raises AccountUnknown."""
    account = await given(uow, account_id)
    if account.is_disabled:
        account.is_disabled = False
        uow.record("account.enabled", account_id, name=account.name)
        uow.publish(AccountEnabled(account_id=AccountId(account_id)))
    return account


async def renew_credential(uow: UnitOfWork, account_id: UUID) -> tuple[Account, str]:
    """Give an account a new credential; everything it could sign in with before is worth nothing from now on.

    The password goes too: this is what helps whoever forgot it, or fears that it is known. Raises AccountUnknown.
    """
    account = await given(uow, account_id)
    secret = new_secret()
    account.credential_sha256, account.password_hash = digest_of(secret), None
    await end_sessions(uow, account_id)
    for tried in (account.name_key, str(account_id)):
        await attempts.forget(uow, tried)
    uow.record("credential.renewed", account_id, name=account.name)
    return account, secret


async def add_on_host(uow: UnitOfWork, name: str, kind: Kind, roles: frozenset[Role]) -> tuple[Account, str]:
    """Make an account from the host itself, or let a known one in again with these roles and a new credential.

    Raises MalformedName, RolesClash.
    """
    known = await uow.session.exec(select(Account.id).where(Account.name_key == AccountName.of(name).key))
    account_id = known.first()
    if account_id is None:
        return await create(uow, name, kind, roles)
    demand_compatible(kind, roles)
    account = await enable(uow, account_id)
    account.kind, account.roles = kind, sorted(roles)
    uow.record("account.restored", account_id, name=account.name, kind=kind, roles=account.roles)
    tell_granted(uow, account)
    return await renew_credential(uow, account_id)


def tell_granted(uow: UnitOfWork, account: Account) -> None:
    """Tell the other services who an account is from now on."""
    uow.publish(
        AccountGranted(
            account_id=AccountId(account.id),
            account_name=account.name,
            kind=account.kind,
            roles=tuple(account.roles),
        )
    )


async def end_sessions(uow: UnitOfWork, account_id: UUID) -> None:
    """End every session of an account."""
    await uow.session.exec(delete(Session).where(col(Session.account_id) == account_id))
