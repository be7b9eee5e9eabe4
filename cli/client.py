"""A client of Saoluu's API: signs in by itself, waits out outages, and turns problem documents into errors."""

import ssl
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from types import TracebackType
from typing import Any, Self

import httpx

from cli.credential import Credential
from cli.language import is_english
from cli.patience import Patience, Told
from cli.problem import ApiProblem, problem_of
from cli.token_source import TokenSource

__all__ = ["ApiClient", "ApiProblem"]

TIMEOUT = httpx.Timeout(60, connect=10)

Body = Callable[[], AsyncIterator[bytes]]


class ApiClient:
    """Acts as one account. `patience` is how many seconds an outage may last before it becomes an error.

    `verify` is True, or the path of the root certificate (PEM) that the system's certificate goes back to; `told` hears
    of every outage that is waited out.
    """

    def __init__(
        self,
        credential: Credential,
        *,
        url: str | None = None,
        patience: float = 60,
        transport: httpx.AsyncBaseTransport | None = None,
        verify: str | bool = True,
        told: Told = lambda _: None,
    ) -> None:
        self._patience = patience
        self._told = told
        self._http = httpx.AsyncClient(
            base_url=(url or credential.url).rstrip("/"),
            timeout=TIMEOUT,
            transport=transport,
            verify=ssl.create_default_context(cafile=verify) if isinstance(verify, str) else verify,
            headers={"Accept-Language": "en" if is_english() else "vi"},
        )
        self._tokens = TokenSource(credential, self._http)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._http.aclose()

    async def get(self, path: str, **params: object) -> Any:  # noqa: ANN401 - JSON
        """Read something."""
        return read(await self.send("GET", path, params=told(params) or None))

    async def post(self, path: str, body: object = None, *, seen: str | None = None, **params: object) -> Any:  # noqa: ANN401
        """Do something, to what is as it was `seen` (If-Match); repeated only when the service has not heard."""
        return read(await self.send("POST", path, json=body, params=told(params) or None, headers=matching(seen)))

    async def put(self, path: str, body: object = None, *, version: int | None = None) -> Any:  # noqa: ANN401 - JSON
        """Put something in its place, of a version if that is told (If-Match); repeated safely."""
        return read(await self.send("PUT", path, json=body, headers=matching(version)))

    async def delete(self, path: str) -> None:
        """Take something away; repeated safely."""
        await self.send("DELETE", path)

    async def items(self, path: str, **params: object) -> AsyncIterator[Any]:
        """Walk a list to its end, portion by portion."""
        cursor = None
        while True:
            portion = await self.get(path, **{**params, "cursor": cursor})
            for item in portion["items"]:
                yield item
            cursor = portion.get("next")
            if cursor is None:
                return

    async def send(self, method: str, path: str, *, stream: Body | None = None, **request: Any) -> httpx.Response:  # noqa: ANN401
        """Send a request until it is answered or patience ends; `stream` is called anew for every try.

        Raises ApiProblem, and httpx.TransportError when nobody answered in time.
        """
        return await self._answer(method, path, stream, request)

    @asynccontextmanager
    async def streamed(self, path: str, headers: Mapping[str, str] | None = None) -> AsyncIterator[httpx.Response]:
        """Open an answer whose body the caller reads piece by piece; only the opening is repeated.

        Raises as `send` does.
        """
        answer = await self._answer("GET", path, None, {"headers": dict(headers or {})}, is_whole=False)
        try:
            yield answer
        finally:
            await answer.aclose()

    async def _answer(
        self, method: str, path: str, stream: Body | None, request: dict[str, Any], *, is_whole: bool = True
    ) -> httpx.Response:
        """Give the answer to a request, whole or with its body still to be read."""
        patience = Patience(self._patience, self._told)
        may_renew = True
        while True:
            content = None if stream is None else stream()
            try:
                return await self._once(self._http.build_request(method, path, content=content, **request), is_whole)
            except ApiProblem as problem:
                if problem.code == "token_refused" and may_renew:
                    may_renew = False
                elif problem.may_pass(method):
                    await patience.wait(problem, problem.retry_after)
                else:
                    raise
            except httpx.TransportError as lost:
                if not may_repeat(method, lost):
                    raise
                await patience.wait(lost)

    async def _once(self, request: httpx.Request, is_whole: bool) -> httpx.Response:
        """Send a request one time. Raises ApiProblem for any answer that is no success."""
        token = await self._tokens.current()
        request.headers["Authorization"] = f"Bearer {token}"
        answer = await self._http.send(request, stream=True)
        if is_whole or not answer.is_success:
            await answer.aread()
        if answer.is_success:
            return answer
        problem = problem_of(answer)
        if problem.code == "token_refused":
            self._tokens.forget(token)
        raise problem


def may_repeat(method: str, lost: httpx.TransportError) -> bool:
    """Say whether a request that got no answer may be sent again: a POST only when it never reached the service."""
    if isinstance(lost, httpx.UnsupportedProtocol | httpx.LocalProtocolError):
        return False
    return method != "POST" or isinstance(lost, httpx.ConnectError | httpx.ConnectTimeout | httpx.PoolTimeout)


def told(params: Mapping[str, object]) -> dict[str, str]:
    """Spell query parameters; None means not given."""
    return {name: str(value) for name, value in params.items() if value is not None}


def matching(tag: object) -> dict[str, str]:
    """Give the header that names the version which something is meant for; None names none."""
    return {} if tag is None else {"If-Match": f'"{tag}"'}


def read(answer: httpx.Response) -> Any:  # noqa: ANN401 - JSON
    """Read the JSON of an answer; None when it has no body."""
    return answer.json() if answer.content else None
