"""Accounts: made, listed, shut out and let in by the administrator."""

from uuid import UUID

from sqlmodel import col, select

from services.identity.api.shapes import AccountOut, CredentialOut, NewAccountOut, Password
from services.identity.domain.duties import Kind
from services.identity.models import Account, has_role
from services.identity.operations import accounts
from shared.auth.guard import guarded_router
from shared.auth.roles import Role
from shared.edge import Reading, Uow
from shared.paging import Asked
from shared.wire import In, Line, Listing, Out

router = guarded_router()


class AccountIn(In):
    """A new account."""

    name: Line
    kind: Kind
    roles: frozenset[Role]
    password: Password | None = None


class ReceiverOut(Out):
    """An archive that packages can be handed over to."""

    id: UUID
    name: str


class AgencyAccountOut(Out):
    """An account that acts for an agency."""

    id: UUID
    name: str


@router.post("/accounts", status_code=201)
async def create_account(body: AccountIn, uow: Uow) -> NewAccountOut:
    """Make an account; its credential is in the answer and nowhere else."""
    return NewAccountOut.of(*await accounts.create(uow, body.name, body.kind, body.roles, body.password))


@router.get("/accounts")
async def list_accounts(session: Reading, portion: Asked) -> Listing[AccountOut]:
    """List accounts, oldest first."""
    rows, more = await portion.of(session, select(Account), Account.id)
    return Listing(items=[AccountOut.model_validate(row) for row in rows], next=more)


@router.get("/receivers")
async def list_receivers(session: Reading, portion: Asked) -> Listing[ReceiverOut]:
    """List the archives that packages can be handed over to."""
    receivers = select(Account).where(has_role(Role.RECEIVER), col(Account.is_disabled).is_(False))
    rows, more = await portion.of(session, receivers, Account.id)
    return Listing(items=[ReceiverOut.model_validate(row) for row in rows], next=more)


@router.get("/agency-accounts")
async def list_agency_accounts(session: Reading, portion: Asked) -> Listing[AgencyAccountOut]:
    """List the accounts that may act for an agency."""
    found = select(Account).where(has_role(Role.AGENCY), col(Account.is_disabled).is_(False))
    rows, more = await portion.of(session, found, Account.id)
    return Listing(items=[AgencyAccountOut.model_validate(row) for row in rows], next=more)


@router.post("/accounts/{account_id}/disablement")
async def disable_account(account_id: UUID, uow: Uow) -> AccountOut:
    """Shut an account out, everywhere at once."""
    return AccountOut.model_validate(await accounts.disable(uow, account_id))


@router.post("/accounts/{account_id}/enablement")
async def enable_account(account_id: UUID, uow: Uow) -> AccountOut:
    """Let an account in again."""
    return AccountOut.model_validate(await accounts.enable(uow, account_id))


@router.post("/accounts/{account_id}/credential")
async def renew_credential(account_id: UUID, uow: Uow) -> CredentialOut:
    """Give an account a new credential; the old one, the password and all sessions end."""
    account, secret = await accounts.renew_credential(uow, account_id)
    return CredentialOut(account_id=account.id, secret=secret)
