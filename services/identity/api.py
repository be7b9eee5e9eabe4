"""Identity's HTTP interface."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Cookie, Depends, Header, Request, Response
from sqlmodel import col, select

from services.identity.context import Context
from services.identity.domain.duties import Kind
from services.identity.errors import SignInRefused
from services.identity.models import Account
from services.identity.operations import accounts, signing_in
from shared.auth.guard import guarded_router
from shared.auth.policy import Role
from shared.auth.tokens import LIFETIME_SECONDS
from shared.edge import Calling, Cursor, Limit, Reading, Uow
from shared.service import context_of
from shared.wire import In, Line, Listing, Out, cursor_of, place_of

router: APIRouter = guarded_router()
Here = Annotated[Context, Depends(context_of)]
COOKIE = "saoluu_session"
SessionValue = Annotated[str | None, Cookie(alias=COOKIE)]


class SetupIn(In):
    """The first administrator."""

    token: Line
    name: Line
    password: Line | None = None


class SignInIn(In):
    """A person's name and password."""

    name: Line
    password: Line


class CredentialIn(In):
    """What a credential file holds."""

    account_id: UUID
    secret: Line


class PasswordIn(In):
    """A new password, and the present one where there is one."""

    present: Line | None = None
    wanted: Line


class AccountIn(In):
    """A new account."""

    name: Line
    kind: Kind
    roles: tuple[Role, ...]
    password: Line | None = None


class AccountOut(Out):
    """An account, without any secret."""

    id: UUID
    name: str
    kind: Kind
    roles: list[Role]
    is_disabled: bool
    created_at: datetime


class CredentialOut(Out):
    """A credential; the secret is shown this once."""

    account_id: UUID
    secret: str


class NewAccountOut(Out):
    """An account that was just made, with its credential."""

    account: AccountOut
    credential: CredentialOut


class TokenOut(Out):
    """An access token and how many seconds it lives."""

    access_token: str
    token_type: str = "Bearer"  # noqa: S105 - the scheme's name, no secret
    expires_in: int = LIFETIME_SECONDS


class ReceiverOut(Out):
    """An archive that packages can be handed over to."""

    id: UUID
    name: str


@router.post("/setup", status_code=201)
async def set_up(body: SetupIn, uow: Uow) -> NewAccountOut:
    """Make the first administrator with the link that the first start printed."""
    return shown(*await accounts.set_up(uow, body.token, body.name, body.password))


@router.post("/sessions", status_code=204)
async def sign_in(body: SignInIn, request: Request, here: Here) -> Response:
    """Sign a person in; the answer sets a cookie that only `POST /tokens` is interested in."""
    value = await signing_in.sign_in(here, body.name, body.password)
    response = Response(status_code=204)
    is_secure = request.url.scheme == "https"
    response.set_cookie(COOKIE, value, httponly=True, secure=is_secure, samesite="strict", path="/identity")
    return response


@router.delete("/sessions/current", status_code=204)
async def sign_out(uow: Uow, saoluu_session: SessionValue = None) -> Response:
    """Sign out."""
    if saoluu_session:
        await signing_in.sign_out(uow, saoluu_session)
    response = Response(status_code=204)
    response.delete_cookie(COOKIE, path="/identity")
    return response


@router.post("/tokens")
async def take_token(
    here: Here,
    body: CredentialIn | None = None,
    saoluu_session: SessionValue = None,
    x_requested_with: Annotated[str | None, Header()] = None,
) -> TokenOut:
    """Give an access token for a credential, or for the session whose cookie comes along.

    With a cookie the header `X-Requested-With: saoluu` is needed, which no foreign page can send.
    """
    if body is not None:
        return TokenOut(access_token=await signing_in.token_for_credential(here, body.account_id, body.secret))
    if not saoluu_session or x_requested_with != "saoluu":
        raise SignInRefused
    return TokenOut(access_token=await signing_in.token_for_session(here, saoluu_session))


@router.get("/keys")
async def read_keys(here: Here) -> dict[str, object]:
    """Give the public keys that access tokens are checked with (JWK set)."""
    return here.keys.public_keys()


@router.get("/me")
async def read_me(session: Reading, caller: Calling) -> AccountOut:
    """Show the caller's own account."""
    return AccountOut.model_validate(await session.get_one(Account, caller.account_id))


@router.post("/me/password", status_code=204)
async def change_password(body: PasswordIn, uow: Uow, caller: Calling) -> Response:
    """Change the caller's own password."""
    account = await accounts.given(uow, caller.account_id or UUID(int=0))
    await signing_in.change_password(uow, account, body.present, body.wanted)
    return Response(status_code=204)


@router.post("/accounts", status_code=201)
async def create_account(body: AccountIn, uow: Uow) -> NewAccountOut:
    """Make an account; its credential is in the answer and nowhere else."""
    return shown(*await accounts.create(uow, body.name, body.kind, frozenset(body.roles), body.password))


@router.get("/accounts")
async def list_accounts(session: Reading, limit: Limit = 100, cursor: Cursor = None) -> Listing[AccountOut]:
    """List accounts."""
    asked = select(Account).order_by(col(Account.id)).limit(limit)
    if cursor:
        asked = asked.where(col(Account.id) > UUID(str(place_of(cursor)[0])))
    rows = (await session.exec(asked)).all()
    more = cursor_of(str(rows[-1].id)) if len(rows) == limit else None
    return Listing(items=[AccountOut.model_validate(row) for row in rows], next=more)


@router.get("/receivers")
async def list_receivers(session: Reading) -> Listing[ReceiverOut]:
    """List the archives that packages can be handed over to."""
    rows = await session.exec(select(Account).where(col(Account.is_disabled).is_(False)).order_by(col(Account.name)))
    return Listing(items=[ReceiverOut.model_validate(row) for row in rows if Role.RECEIVER in row.roles])


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
    """Give an account a new credential; the old one is worth nothing from now on."""
    account, secret = await accounts.renew_credential(uow, account_id)
    return CredentialOut(account_id=account.id, secret=secret)


def shown(account: Account, secret: str) -> NewAccountOut:
    """Show a new account with its credential."""
    return NewAccountOut(
        account=AccountOut.model_validate(account), credential=CredentialOut(account_id=account.id, secret=secret)
    )
