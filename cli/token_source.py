"""Access tokens for a credential: fetched when needed, renewed before they end."""

import asyncio
import time
from typing import Any

import httpx

from cli.credential import Credential
from cli.problem import TRY_AGAIN, problem_of

RENEW_BEFORE = 60.0
NEVER = float("-inf")


class TokenSource:
    """Shows a credential to identity and keeps the token it gives for it."""

    def __init__(self, credential: Credential, http: httpx.AsyncClient) -> None:
        self._credential = credential
        self._http = http
        self._token = ""
        self._renew_at = NEVER
        self._signing_in = asyncio.Lock()

    async def current(self) -> str:
        """Give a token that lives a while yet.

        Raises ApiProblem when the credential is refused, httpx.ConnectError when identity is in trouble: whatever
        the trouble is, nobody has heard the request that the token was wanted for.
        """
        async with self._signing_in:
            if time.monotonic() > self._renew_at:
                granted = await self._sign_in()
                self._token = str(granted["access_token"])
                self._renew_at = time.monotonic() + float(granted["expires_in"]) - RENEW_BEFORE
        return self._token

    def forget(self, token: str) -> None:
        """Give up a token that was refused, unless a newer one is here already."""
        if token == self._token:
            self._renew_at = NEVER

    async def _sign_in(self) -> dict[str, Any]:
        secret = self._credential.secret.get_secret_value()
        shown = {"account_id": str(self._credential.account_id), "secret": secret}
        try:
            answer = await self._http.post("/identity/tokens", json=shown)
        except (httpx.TimeoutException, httpx.NetworkError, httpx.RemoteProtocolError) as lost:
            raise httpx.ConnectError(str(lost) or type(lost).__name__) from lost
        if answer.status_code in TRY_AGAIN:
            raise httpx.ConnectError(str(problem_of(answer)))
        if not answer.is_success:
            raise problem_of(answer)
        granted: dict[str, Any] = answer.json()
        return granted
