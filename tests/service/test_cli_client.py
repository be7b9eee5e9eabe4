"""The API client against the real app, over a line that breaks where a test wants it to."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import httpx
import pytest
from pydantic import SecretStr

from cli.client import ApiClient, ApiProblem
from cli.credential import Credential
from services.identity.operations.accounts import disable, renew_credential
from shared.auth.roles import Role
from tests.grounds import EmbeddedGround
from tests.service.front_desk import FrontDesk, Somebody, front_desk

Mishap = Callable[[httpx.Request], httpx.Response | None]


class BadLine(httpx.AsyncBaseTransport):
    """Carries requests to the app; before each, one waiting mishap may raise, or answer in the app's place."""

    def __init__(self, desk: FrontDesk) -> None:
        self._app = httpx.ASGITransport(app=desk.app, raise_app_exceptions=False)
        self.mishaps: list[Mishap] = []
        self.carried: list[str] = []

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Carry a request, or not."""
        is_sign_in = request.url.path == "/identity/tokens"
        if self.mishaps and not is_sign_in:
            await request.aread()  # a body that was sent into the void is gone
            answer = self.mishaps.pop(0)(request)
            if answer is not None:
                return answer
        self.carried.append(f"{request.method} {request.url.path}")
        return await self._app.handle_async_request(request)


def lost(kind: type[httpx.TransportError]) -> Mishap:
    """Lose the line."""

    def happen(request: httpx.Request) -> httpx.Response | None:
        raise kind("the line is gone", request=request)

    return happen


def refused(status: int, **headers: str) -> Mishap:
    """Answer as a service or a gateway in trouble does."""
    problem = {"code": f"trouble_{status}", "title": "Sự cố", "detail": "later", "status": status, "seen": 7}
    return lambda _: httpx.Response(status, json=problem, headers=headers)


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[FrontDesk]:
    async with front_desk(EmbeddedGround(tmp_path)) as made:
        yield made


@pytest.fixture
async def admin(desk: FrontDesk) -> Somebody:
    return await desk.somebody(Role.ADMIN, name="administrator")


@pytest.fixture
def line(desk: FrontDesk) -> BadLine:
    return BadLine(desk)


@pytest.fixture
async def client(admin: Somebody, line: BadLine, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[ApiClient]:
    monkeypatch.setenv("SAOLUU_LANGUAGE", "vi")
    async with ApiClient(credential(admin), patience=3, transport=line) as made:
        yield made


def credential(somebody: Somebody) -> Credential:
    return Credential(url="http://saoluu.test", account_id=somebody.id, secret=SecretStr(somebody.secret), name="")


async def new_account(client: ApiClient, name: str) -> str:
    made = await client.post("/identity/accounts", {"name": name, "kind": "machine", "roles": ["station"]})
    return str(made["account"]["id"])


async def test_it_signs_in_by_itself_and_only_once(client: ApiClient, line: BadLine) -> None:
    found = await asyncio.gather(*(client.get("/identity/me") for _ in range(5)))
    assert [each["name"] for each in found] == ["administrator"] * 5
    assert line.carried.count("POST /identity/tokens") == 1


async def test_a_list_is_walked_to_its_end(client: ApiClient) -> None:
    for number in range(5):
        await new_account(client, f"station {number}")
    names = [each["name"] async for each in client.items("/identity/accounts", limit=2)]
    assert sorted(names) == ["administrator", *(f"station {number}" for number in range(5))]


async def test_a_refusal_becomes_an_error_that_says_why(client: ApiClient) -> None:
    await new_account(client, "station")
    with pytest.raises(ApiProblem) as problem:
        await new_account(client, "STATION")
    assert (problem.value.status, problem.value.code) == (409, "identity.name_taken")
    assert problem.value.title == "Đã có tài khoản mang tên này hoặc tên trông giống hệt."
    assert problem.value.facts["request_id"]


async def test_an_answer_that_is_no_problem_document_becomes_an_error_all_the_same(
    client: ApiClient, line: BadLine
) -> None:
    line.mishaps = [lambda _: httpx.Response(400, text="<html>")]
    with pytest.raises(ApiProblem) as problem:
        await client.get("/identity/me")
    assert (problem.value.status, problem.value.code) == (400, "400")


async def test_an_answer_without_a_body_is_none(desk: FrontDesk, line: BadLine) -> None:
    lan = await desk.somebody(Role.ARCHIVIST, name="Lan")
    async with ApiClient(credential(lan), transport=line) as client:
        assert await client.post("/identity/me/password", {"wanted": "mưa rơi trên mái ngói"}) is None
        await client.delete("/identity/sessions/current")


@pytest.mark.parametrize("kind", [httpx.ConnectError, httpx.ReadError, httpx.ReadTimeout, httpx.RemoteProtocolError])
async def test_what_can_be_repeated_is_repeated_when_the_line_is_lost(
    client: ApiClient, line: BadLine, kind: type[httpx.TransportError]
) -> None:
    line.mishaps = [lost(kind), lost(kind)]
    assert (await client.get("/identity/me"))["name"] == "administrator"


@pytest.mark.parametrize("status", [408, 429, 502, 503, 504, 507])
async def test_what_can_be_repeated_is_repeated_when_the_service_is_in_trouble(
    client: ApiClient, line: BadLine, status: int
) -> None:
    line.mishaps = [refused(status)]
    assert (await client.get("/identity/me"))["name"] == "administrator"


@pytest.mark.parametrize("mishap", [lost(httpx.ReadError), lost(httpx.ReadTimeout)])
async def test_a_post_that_may_have_been_heard_is_not_repeated(
    client: ApiClient, line: BadLine, mishap: Mishap
) -> None:
    line.mishaps = [mishap]
    with pytest.raises(httpx.TransportError):
        await new_account(client, "station")
    assert "POST /identity/accounts" not in line.carried


@pytest.mark.parametrize("status", [502, 504])
async def test_a_post_that_a_gateway_lost_is_not_repeated(client: ApiClient, line: BadLine, status: int) -> None:
    line.mishaps = [refused(status)]
    with pytest.raises(ApiProblem):
        await new_account(client, "station")


@pytest.mark.parametrize("mishap", [lost(httpx.ConnectError), lost(httpx.ConnectTimeout), refused(503), refused(429)])
async def test_a_post_that_nobody_can_have_heard_is_repeated(client: ApiClient, line: BadLine, mishap: Mishap) -> None:
    line.mishaps = [mishap]
    assert await new_account(client, "station")


async def test_patience_ends(admin: Somebody, line: BadLine) -> None:
    async with ApiClient(credential(admin), patience=1, transport=line) as client:
        await client.get("/identity/me")
        line.mishaps = [refused(503)] * 50
        began = time.monotonic()
        with pytest.raises(ApiProblem) as problem:
            await client.get("/identity/me")
        assert (problem.value.code, problem.value.facts["seen"]) == ("trouble_503", 7)
        line.mishaps = [lost(httpx.ConnectError)] * 50
        with pytest.raises(httpx.ConnectError):
            await client.get("/identity/me")
        assert time.monotonic() - began < 3


async def test_it_waits_as_long_as_the_service_asks(client: ApiClient, line: BadLine) -> None:
    await client.get("/identity/me")
    line.mishaps = [refused(503, **{"Retry-After": "1"})]
    began = time.monotonic()
    await client.get("/identity/me")
    assert time.monotonic() - began > 0.95


async def test_a_stream_is_opened_anew_for_every_try(client: ApiClient, line: BadLine) -> None:
    opened = []

    async def body() -> AsyncIterator[bytes]:
        opened.append(1)
        yield b'{"name": "station", "kind": "machine", '
        yield b'"roles": ["station"]}'

    line.mishaps = [lost(httpx.ConnectError)]
    answer = await client.send("POST", "/identity/accounts", stream=body, headers={"Content-Type": "application/json"})
    assert (answer.status_code, len(opened)) == (201, 2)


async def test_an_answer_can_be_read_piece_by_piece(client: ApiClient, line: BadLine) -> None:
    line.mishaps = [refused(503)]
    async with client.streamed("/identity/keys", {"Range": "bytes=0-"}) as answer:
        assert b"".join([piece async for piece in answer.aiter_bytes()]).startswith(b'{"keys"')
    with pytest.raises(ApiProblem):
        async with client.streamed("/identity/nothing"):
            pass


async def test_a_token_that_is_refused_is_renewed_once(client: ApiClient, line: BadLine) -> None:
    await client.get("/identity/me")
    stale = refused(401)

    def token_refused(request: httpx.Request) -> httpx.Response:
        assert stale(request)
        return httpx.Response(401, json={"code": "token_refused"})

    line.mishaps = [token_refused]
    assert (await client.get("/identity/me"))["name"] == "administrator"
    assert line.carried.count("POST /identity/tokens") == 2
    line.mishaps = [token_refused] * 10
    with pytest.raises(ApiProblem) as problem:
        await client.get("/identity/me")
    assert (problem.value.code, len(line.mishaps)) == ("token_refused", 8)


async def test_a_token_is_renewed_before_it_ends(
    client: ApiClient, line: BadLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    await client.get("/identity/me")
    clock = time.monotonic
    monkeypatch.setattr("cli.token_source.time.monotonic", lambda: clock() + 539)
    await client.get("/identity/me")
    assert line.carried.count("POST /identity/tokens") == 1
    monkeypatch.setattr("cli.token_source.time.monotonic", lambda: clock() + 541)
    await client.get("/identity/me")
    assert line.carried.count("POST /identity/tokens") == 2


async def test_a_credential_that_is_worth_nothing_is_told_at_once(
    desk: FrontDesk, admin: Somebody, line: BadLine
) -> None:
    async with desk.database.writing() as uow:
        await renew_credential(uow, admin.id)
    async with ApiClient(credential(admin), patience=30, transport=line) as client:
        began = time.monotonic()
        with pytest.raises(ApiProblem) as problem:
            await client.get("/identity/me")
        assert (problem.value.code, time.monotonic() - began < 2) == ("identity.sign_in_refused", True)


async def test_an_account_that_is_shut_out_is_told_so(desk: FrontDesk, line: BadLine) -> None:
    lan = await desk.somebody(Role.ARCHIVIST)
    async with desk.database.writing() as uow:
        await disable(uow, lan.id)
    async with ApiClient(credential(lan), transport=line) as client:
        with pytest.raises(ApiProblem) as problem:
            await client.get("/identity/me")
    assert problem.value.status == 401


async def test_identity_in_trouble_is_waited_out_also_before_a_post(
    client: ApiClient, line: BadLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    carry = line._app.handle_async_request
    troubles: list[Mishap] = [refused(503), lost(httpx.ReadError), refused(502)]

    async def troubled(request: httpx.Request) -> httpx.Response:
        if troubles and request.url.path == "/identity/tokens":
            answer = troubles.pop(0)(request)
            assert answer is not None
            return answer
        return await carry(request)

    monkeypatch.setattr(line._app, "handle_async_request", troubled)
    assert await new_account(client, "station")
    assert troubles == []


async def test_an_address_that_cannot_be_is_told_at_once(admin: Somebody) -> None:
    async with ApiClient(credential(admin), url="ftp://saoluu.test", patience=30) as client:
        began = time.monotonic()
        with pytest.raises(httpx.UnsupportedProtocol):
            await client.get("/identity/me")
        assert time.monotonic() - began < 2
