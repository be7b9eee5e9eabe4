"""A client of Saoluu's API: signs in by itself, waits out outages, and turns problem documents into errors."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from types import TracebackType
from typing import Any, Self

import httpx

from cli.credential import Credential

TRY_AGAIN = frozenset({408, 429, 502, 503, 504, 507})
TIMEOUT = httpx.Timeout(60, connect=10)

Body = Callable[[], AsyncIterator[bytes]]


class ApiProblem(Exception):
    """The service refused, and said why (RFC 9457)."""

    def __init__(self, status: int, problem: Mapping[str, Any]) -> None:
        self.status = status
        self.code = str(problem.get("code", status))
        self.title = str(problem.get("title", ""))
        self.detail = str(problem.get("detail", ""))
        self.facts = problem
        super().__init__(f"{status} {self.code}: {self.title} {self.detail}".strip())


class ApiClient:
    """Acts as one account. `patience` is how many seconds an outage may last before it becomes an error."""

    def __init__(
        self,
        credential: Credential,
        *,
        url: str | None = None,
        patience: float = 60,
        transport: httpx.AsyncBaseTransport | None = None,
        verify: str | bool = True,
    ) -> None:
        self._credential = credential
        self._patience = patience
        self._token = ""
        self._token_until = 0.0
        self._signing_in = asyncio.Lock()
        self._http = httpx.AsyncClient(
            base_url=(url or credential.url).rstrip("/"),
            timeout=TIMEOUT,
            transport=transport,
            verify=verify,
            headers={"Accept-Language": "vi"},
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._http.aclose()

    async def get(self, path: str, **params: object) -> Any:  # noqa: ANN401 - JSON
        """Read something."""
        wanted = {name: str(value) for name, value in params.items() if value is not None}
        return (await self.send("GET", path, params=wanted)).json()

    async def post(self, path: str, body: object = None, **params: object) -> Any:  # noqa: ANN401 - JSON
        """Do something; repeated only when the service certainly has not heard."""
        wanted = {name: str(value) for name, value in params.items() if value is not None}
        answer = await self.send("POST", path, json=body, params=wanted)
        return answer.json() if answer.content else None

    async def put(self, path: str, body: object = None) -> Any:  # noqa: ANN401 - JSON
        """Put something in its place; repeated safely."""
        answer = await self.send("PUT", path, json=body)
        return answer.json() if answer.content else None

    async def items(self, path: str, **params: object) -> AsyncIterator[Any]:
        """Walk a list to its end, portion by portion."""
        cursor = None
        while True:
            portion = await self.get(path, cursor=cursor, **params)
            for item in portion["items"]:
                yield item
            cursor = portion.get("next")
            if cursor is None:
                return

    async def send(self, method: str, path: str, *, stream: Body | None = None, **request: Any) -> httpx.Response:  # noqa: ANN401
        """Send a request until it is answered or patience ends; `stream` is called anew for every try.

        Raises ApiProblem, and httpx.TransportError when nobody answered in time.
        """
        deadline = time.monotonic() + self._patience
        pause = 0.2
        headers = dict(request.pop("headers", {}))
        while True:
            try:
                headers["Authorization"] = f"Bearer {await self._access_token()}"
                content = None if stream is None else stream()
                answer = await self._http.request(method, path, headers=headers, content=content, **request)
                if answer.status_code == 401 and self._forget(answer):
                    continue
                if answer.is_success:
                    return answer
                if answer.status_code not in TRY_AGAIN or time.monotonic() + pause > deadline:
                    raise problem_of(answer)
            except httpx.TransportError as lost:
                is_safe = method != "POST" or isinstance(lost, httpx.ConnectError)
                if not is_safe or time.monotonic() + pause > deadline:
                    raise
            await asyncio.sleep(pause)
            pause = min(pause * 2, 5)

    @asynccontextmanager
    async def streamed(self, path: str, headers: Mapping[str, str] | None = None) -> AsyncIterator[httpx.Response]:
        """Open an answer whose body the caller reads piece by piece; not repeated here. Raises ApiProblem."""
        authorized = {**(headers or {}), "Authorization": f"Bearer {await self._access_token()}"}
        async with self._http.stream("GET", path, headers=authorized) as answer:
            if not answer.is_success:
                await answer.aread()
                self._forget(answer)
                raise problem_of(answer)
            yield answer

    async def _access_token(self) -> str:
        async with self._signing_in:
            if time.monotonic() > self._token_until:
                said = {
                    "account_id": str(self._credential.account_id),
                    "secret": self._credential.secret.get_secret_value(),
                }
                answer = await self._http.post("/identity/tokens", json=said)
                if not answer.is_success:
                    if answer.status_code in TRY_AGAIN:
                        raise httpx.ConnectError("identity is not ready")
                    raise problem_of(answer)
                token = answer.json()
                self._token = token["access_token"]
                self._token_until = time.monotonic() + token["expires_in"] - 60
        return self._token

    def _forget(self, answer: httpx.Response) -> bool:
        """Throw away a token that was refused although it should still live; True when another try makes sense."""
        had_one = self._token_until > 0
        is_stale = answer.status_code == 401 and had_one and problem_of(answer).code == "token_refused"
        if is_stale:
            self._token_until = 0.0
        return is_stale


def problem_of(answer: httpx.Response) -> ApiProblem:
    """Read a problem document; an answer that is none still becomes an error."""
    try:
        problem = answer.json()
    except ValueError:
        problem = {}
    return ApiProblem(answer.status_code, problem if isinstance(problem, dict) else {})
