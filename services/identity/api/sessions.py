"""Sessions of people, access tokens for everybody, and the keys that tokens are checked with."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends, Header, Request, Response

from services.identity.api.shapes import Password, TriedName
from services.identity.api.source import Source
from services.identity.context import Context
from services.identity.errors import SignInRefused
from services.identity.operations import signing_in
from shared.auth.guard import guarded_router
from shared.auth.tokens import LIFETIME_SECONDS
from shared.edge import Uow
from shared.service import context_of
from shared.wire import In, Line, Out

router = guarded_router()
Here = Annotated[Context, Depends(context_of)]
COOKIE = "saoluu_session"


class SignInIn(In):
    """A person's name and password."""

    name: TriedName
    password: Password


class CredentialIn(In):
    """What a credential file holds."""

    account_id: UUID
    secret: Line


class TokenOut(Out):
    """An access token and how many seconds it lives."""

    access_token: str
    token_type: str = "Bearer"  # noqa: S105 - the scheme's name, no secret
    expires_in: int = LIFETIME_SECONDS


def is_encrypted(request: Request, here: Here) -> bool:
    """Say whether the person's browser reaches us over TLS, be it through a gateway that ends it."""
    return request.url.scheme == "https" or here.public_url.startswith("https://")


Encrypted = Annotated[bool, Depends(is_encrypted)]


def cookie_name(encrypted: Encrypted) -> str:
    """Give the cookie's name; the prefix makes browsers refuse it from anywhere but this very host over TLS."""
    return f"__Host-{COOKIE}" if encrypted else COOKIE


CookieName = Annotated[str, Depends(cookie_name)]


@router.post("/sessions", status_code=204)
async def sign_in(body: SignInIn, here: Here, source: Source, cookie: CookieName, encrypted: Encrypted) -> Response:
    """Sign a person in; the answer sets a cookie that only `POST /tokens` is interested in."""
    value = await signing_in.sign_in(here, body.name, body.password, source)
    response = Response(status_code=204)
    response.set_cookie(cookie, value, httponly=True, secure=encrypted, samesite="strict", path="/")
    return response


@router.delete("/sessions/current", status_code=204)
async def sign_out(request: Request, uow: Uow, cookie: CookieName, encrypted: Encrypted) -> Response:
    """Sign out; without a session nothing happens."""
    if value := request.cookies.get(cookie):
        await signing_in.sign_out(uow, value)
    response = Response(status_code=204)
    response.delete_cookie(cookie, httponly=True, secure=encrypted, samesite="strict", path="/")
    return response


@router.post("/tokens")
async def take_token(
    request: Request,
    here: Here,
    source: Source,
    cookie: CookieName,
    body: CredentialIn | None = None,
    x_requested_with: Annotated[str | None, Header()] = None,
) -> TokenOut:
    """Give an access token for a credential, or for the session whose cookie comes along.

    With a cookie the header `X-Requested-With: saoluu` is needed, which no foreign page can send.
    """
    if body is not None:
        token = await signing_in.token_for_credential(here, body.account_id, body.secret, source)
        return TokenOut(access_token=token)
    value = request.cookies.get(cookie)
    if not value or x_requested_with != "saoluu":
        raise SignInRefused
    return TokenOut(access_token=await signing_in.token_for_session(here, value))


@router.get("/keys")
async def read_keys(here: Here) -> dict[str, object]:
    """Give the public keys that access tokens are checked with (JWK set)."""
    return here.keys.public_keys()
