"""Access tokens for programs that speak OAuth 2 only, such as Prometheus: the client credentials grant (RFC 6749)."""

import base64
import binascii
from collections.abc import Mapping
from typing import Annotated
from urllib.parse import parse_qsl, unquote_plus

from fastapi import APIRouter, Depends, Request
from fastapi.responses import JSONResponse

from services.identity.api.source import Source
from services.identity.context import Context
from services.identity.errors import SignInRefused
from services.identity.operations import signing_in
from shared.auth.guard import guarded_router
from shared.auth.tokens import LIFETIME_SECONDS
from shared.service import context_of

router: APIRouter = guarded_router()
Here = Annotated[Context, Depends(context_of)]


@router.post("/oauth/token", response_class=JSONResponse)
async def grant_to_client(request: Request, here: Here, source: Source) -> JSONResponse:
    """Give an access token for an account's name or id, and its credential's secret; refusals as RFC 6749 §5.2 has it.

    The body is a form, whose fields no other route reads; a scope is not known, roles say what an account may do.
    """
    form = dict(parse_qsl((await request.body()).decode("utf-8", "replace")))
    if form.get("grant_type") != "client_credentials":
        return JSONResponse({"error": "unsupported_grant_type"}, 400)
    client, secret = client_of(request.headers.get("authorization", ""), form)
    try:
        token = await signing_in.token_for_client(here, client, secret, source)
    except SignInRefused:
        return JSONResponse({"error": "invalid_client"}, 401, {"WWW-Authenticate": 'Basic realm="saoluu"'})
    granted = {"access_token": token, "token_type": "Bearer", "expires_in": LIFETIME_SECONDS}
    return JSONResponse(granted, headers={"Cache-Control": "no-store"})


def client_of(authorization: str, form: Mapping[str, str]) -> tuple[str, str]:
    """Read who the client says it is, from Basic authentication (RFC 6749 §2.3.1) or from the form."""
    scheme, _, told = authorization.partition(" ")
    if scheme.lower() != "basic":
        return form.get("client_id", ""), form.get("client_secret", "")
    try:
        name, _, secret = base64.b64decode(told.strip(), validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return "", ""
    return unquote_plus(name), unquote_plus(secret)
