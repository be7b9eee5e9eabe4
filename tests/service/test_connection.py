"""What a listening server answers to requests that are none, too long, too slow or cut short, over plain sockets."""

import asyncio
import json
import socket
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, suppress
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from starlette.types import Receive, Scope, Send

from cli.connection import Connection
from cli.demo.system import embedded
from shared.auth.roles import Role
from tests.facts import approved
from tests.service.conftest import Set
from tests.service.test_ingest_pages import JPEG, digest

MIB = 1 << 20
LIVEZ = b"GET /identity/livez HTTP/1.1\r\nHost: x\r\n"


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """Give the port of the whole system as `saoluu up` runs it."""
    with embedded(tmp_path_factory.mktemp("system")) as system:
        yield int(system.url.rsplit(":", 1)[1])


def ask(port: int, *parts: bytes, ends: bool = False) -> bytes:
    """Send something and give all that comes back until the server ends the connection."""
    with socket.create_connection(("127.0.0.1", port), timeout=20) as connection:
        with suppress(BrokenPipeError, ConnectionResetError):  # it need not hear us out
            for part in parts:
                connection.sendall(part)
            if ends:
                connection.shutdown(socket.SHUT_WR)
        answer = b""
        while chunk := connection.recv(65536):
            answer += chunk
        return answer


def problem(answer: bytes) -> tuple[int, str]:
    """Give status and code of the one problem document that an answer is."""
    head, _, body = answer.partition(b"\r\n\r\n")
    assert b"content-type: application/problem+json" in head.lower(), answer[:300]
    assert f"content-length: {len(body)}".encode() in head.lower()
    told = json.loads(body)
    assert told["title"]
    assert told["status"] == int(head.split()[1])
    return told["status"], told["code"]


MALFORMED = [
    b"GARBAGE\r\n\r\n",
    b"FOO / HTTP/1.1\r\nHost: x\r\n\r\n",
    b"GET / HTTP/9.9\r\nHost: x\r\n\r\n",
    b"GET\r\n\r\n",
    b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    b"CONNECT a.b:1 HTTP/1.1\r\nHost: x\r\n\r\n",
    b"GET /\xc3\xa9 HTTP/1.1\r\nHost: x\r\n\r\n",
    b"GET http://[ HTTP/1.1\r\nHost: x\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: x\r\nno colon\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: x\r\na b: c\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: x\r\na: b\0c\r\n\r\n",
    b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
    b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
    b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999999999999999\r\n\r\n",
    b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
    b"\0" * 100,
]


@pytest.mark.parametrize("request_", MALFORMED, ids=lambda each: ascii(each[:40]))
def test_what_is_no_request_is_refused_with_a_problem_document(port: int, request_: bytes) -> None:
    assert problem(ask(port, request_)) == (400, "request_malformed")


def test_a_refusal_speaks_the_language_that_was_asked_for(port: int) -> None:
    wrong = b"a b: c\r\n\r\n"
    assert "Yêu cầu" in ask(port, LIVEZ + wrong).decode()
    assert "This is no request" in ask(port, LIVEZ + b"Accept-Language: en\r\nA: b\r\n" + wrong).decode()


def test_a_head_that_ends_too_early_is_refused(port: int) -> None:
    assert problem(ask(port, LIVEZ, ends=True)) == (400, "request_malformed")
    assert ask(port, ends=True) == b"", "who asks nothing is answered nothing"


def test_an_offer_of_another_protocol_is_answered_in_this_one(port: int) -> None:
    offer = b"Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: eA==\r\n\r\n"
    answer = ask(port, b"GET /nothing HTTP/1.1\r\nHost: x\r\n" + offer, ends=True)
    assert problem(answer) == (404, "not_found")


TOO_LONG: dict[str, Callable[[], Iterator[bytes]]] = {
    "one header": lambda: iter([LIVEZ, b"a: ", b"x" * 40_000, b"\r\n\r\n"]),
    "many headers": lambda: iter([LIVEZ, b"a: b\r\n" * 10_000, b"\r\n"]),
    "the address": lambda: iter([b"GET /", b"x" * 40_000, b" HTTP/1.1\r\nHost: x\r\n\r\n"]),
    "200 headers of 1 MiB": lambda: (part for n in range(200) for part in (b"a%d: " % n, b"x" * MIB, b"\r\n")),
    "a header of 200 MiB": lambda: (b"x" * MIB for _ in range(200)),
}


@pytest.mark.parametrize("name", TOO_LONG)
def test_a_head_beyond_the_limit_is_refused_and_costs_no_memory(port: int, name: str) -> None:
    before = memory_of(port)
    parts = TOO_LONG[name]()
    begin = [LIVEZ, b"a: "] if "MiB" in name else []
    assert problem(ask(port, *begin, *parts)) == (431, "headers_too_large")
    assert memory_of(port) - before < 50 * MIB


def test_a_trailer_without_end_costs_no_memory(port: int) -> None:
    begin = b"POST /identity/sessions HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\na: "
    before = memory_of(port)
    assert problem(ask(port, begin, *(b"x" * MIB for _ in range(200)))) == (422, "body_cut_short")
    assert memory_of(port) - before < 50 * MIB


def test_a_head_within_the_limit_passes(port: int) -> None:
    answer = ask(port, LIVEZ + b"a: " + b"x" * 30_000 + b"\r\nConnection: close\r\n\r\n")
    assert answer.startswith(b"HTTP/1.1 200")


def test_requests_that_come_together_are_answered_in_order_and_garbage_behind_them_ends_it(port: int) -> None:
    last = LIVEZ + b"Connection: close\r\n\r\n"
    assert ask(port, (LIVEZ + b"\r\n") * 3 + last).count(b"HTTP/1.1 200") == 4
    answer = ask(port, LIVEZ + b"\r\n" + b"GARBAGE\r\n\r\n")
    assert answer.startswith(b"HTTP/1.1 200")
    assert b"alive" in answer


def test_who_ends_its_side_after_asking_is_still_answered(port: int) -> None:
    assert b"alive" in ask(port, LIVEZ + b"\r\n", ends=True)


@pytest.mark.parametrize("length", [b"Content-Length: 100", b"Transfer-Encoding: chunked"])
def test_a_body_cut_short_is_answered(port: int, length: bytes) -> None:
    begin = b"POST /identity/sessions HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n%s\r\n\r\n" % length
    whole = b'{"name": "a", "password": "b"}'
    sent = b"%x\r\n%s\r\n" % (len(whole), whole) if b"chunked" in length else whole
    for body in (b"", sent):
        assert problem(ask(port, begin, body, ends=True)) == (422, "body_cut_short")


def test_a_body_in_malformed_chunks_is_answered(port: int) -> None:
    begin = b"POST /identity/sessions HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
    assert problem(ask(port, begin, b"nonsense\r\n")) == (422, "body_cut_short")


def memory_of(port: int) -> int:
    """Give how much memory the process that listens on a port had resident at most, in bytes."""
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            words = (folder / "cmdline").read_bytes().split(b"\0")
            if b"up" in words and str(port).encode() in words:
                lines = (folder / "status").read_text().splitlines()
                return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM"))
    raise AssertionError("nobody listens there")


class Hasty(Connection):
    """Waits for a head not as long as others, so that the test need not."""

    head_seconds = 0.3


@asynccontextmanager
async def listening(app: object, *, grace: int = 5) -> AsyncIterator[tuple[uvicorn.Server, int]]:
    """Serve an app in this process, and give its port."""
    asgi: Any = app
    config = uvicorn.Config(
        asgi, http=Hasty, ws="none", lifespan="off", log_config=None, timeout_graceful_shutdown=grace
    )
    server = uvicorn.Server(config)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        serving = asyncio.create_task(server.serve(sockets=[listener]))
        for _ in range(1000):
            if server.started:
                break
            await asyncio.sleep(0.01)
        yield server, listener.getsockname()[1]
        server.should_exit = True
        await serving


async def test_a_head_that_does_not_end_in_time_is_refused(at_work: Set) -> None:
    async with at_work("reporting") as system, listening(system._app) as (_, port):
        for begin in (b"G", LIVEZ, LIVEZ + b"\r\n" + LIVEZ):
            answer = await asyncio.to_thread(ask, port, begin)
            assert problem(answer[answer.rindex(b"HTTP/1.1") :]) == (408, "headers_too_slow")
        assert await asyncio.to_thread(ask, port) == b"", "who asks nothing is answered nothing"


async def test_a_page_cut_short_is_answered_and_nothing_of_it_is_kept(at_work: Set, tmp_path: Path) -> None:
    event = approved()
    async with at_work("ingest") as system, listening(system._app) as (_, port):
        await system.tell("ingest", [event])
        token = system.issuer.token(Role.STATION)
        begin = (
            f"PUT /ingest/dossiers/{event.dossier_id}/pages/1 HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\n"
            f"Content-Type: image/jpeg\r\nContent-Digest: {digest(JPEG)}\r\nContent-Length: {len(JPEG)}\r\n\r\n"
        ).encode()
        cut = await asyncio.to_thread(ask, port, begin, JPEG[:-1], ends=True)
        assert problem(cut) == (422, "body_cut_short")
        assert [path for path in (tmp_path / "stores" / "incoming").rglob("*") if path.is_file()] == []
        whole = await asyncio.to_thread(ask, port, begin, JPEG, ends=True)
        assert whole.startswith(b"HTTP/1.1 201")
        assert sha256(JPEG).hexdigest().encode() in whole


async def test_a_request_that_a_stop_does_not_wait_for_is_told_to_come_again() -> None:
    reached = asyncio.Event()

    async def endless(scope: Scope, receive: Receive, send: Send) -> None:
        reached.set()
        await asyncio.sleep(60)

    async with listening(endless, grace=0) as (server, port):
        asking = asyncio.create_task(asyncio.to_thread(ask, port, LIVEZ + b"\r\n"))
        await reached.wait()
        server.should_exit = True
        answer = await asking
    assert problem(answer) == (503, "unavailable")
    assert b"retry-after: 2" in answer
