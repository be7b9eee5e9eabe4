"""What becomes of a connection whose request is answered before its body is whole, over plain sockets."""

import asyncio
import socket
import time
from collections.abc import Iterator
from contextlib import suppress
from itertools import repeat

import httpx
import pytest
from starlette.types import Receive, Scope, Send

from tests.service.test_connection import MIB, listening

PUT = b"PUT /nothing HTTP/1.1\r\nHost: x\r\nContent-Length: 100000000000\r\n\r\n"


async def refusing(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer without a look at the body."""
    await send({"type": "http.response.start", "status": 403, "headers": [(b"content-length", b"2")]})
    await send({"type": "http.response.body", "body": b"no"})


def press_on(port: int, parts: Iterator[bytes], pause: float) -> tuple[bytes, int, float]:
    """Send for as long as the server lets us; gives its answer, how much it took and for how long."""
    begun, taken = time.monotonic(), 0
    with socket.create_connection(("127.0.0.1", port), timeout=20) as connection:
        connection.sendall(PUT)
        with suppress(BrokenPipeError, ConnectionResetError):
            for part in parts:
                taken += connection.send(part)
                time.sleep(pause)
        lasted, answer = time.monotonic() - begun, b""
        with suppress(ConnectionResetError):
            while chunk := connection.recv(65536):
                answer += chunk
        return answer, taken, lasted


@pytest.mark.parametrize(("part", "count", "pause"), [(b"x" * 65536, 8000, 0), (b"x", 80, 0.1)], ids=["fast", "slow"])
async def test_a_body_without_end_is_heard_no_longer_than_its_answer_needs(
    part: bytes, count: int, pause: float
) -> None:
    async with listening(refusing) as (_, port):
        answer, taken, lasted = await asyncio.to_thread(press_on, port, repeat(part, count), pause)
    assert answer.startswith(b"HTTP/1.1 403")
    assert b"connection: close" in answer
    assert answer.endswith(b"no")
    assert taken < 96 * MIB, "a large page, what the sockets hold, and little more"
    assert lasted < 10


@pytest.mark.parametrize("size", [100, 300_000, 40 * MIB])
async def test_an_early_refusal_reaches_a_client_that_is_still_sending(size: int) -> None:
    async with listening(refusing) as (_, port), httpx.AsyncClient() as client:
        for _ in range(2):
            answer = await client.put(f"http://127.0.0.1:{port}/page", content=b"x" * size)
            assert (answer.status_code, answer.text) == (403, "no")


async def test_a_connection_whose_body_is_whole_is_kept() -> None:
    def ask_twice(port: int) -> list[bytes]:
        with socket.create_connection(("127.0.0.1", port), timeout=20) as connection:
            answers = []
            for _ in range(2):
                connection.sendall(b"PUT /page HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc")
                answer = b""
                while not answer.endswith(b"no"):
                    answer += connection.recv(65536)
                answers.append(answer)
            return answers

    async with listening(refusing) as (_, port):
        for answer in await asyncio.to_thread(ask_twice, port):
            assert answer.startswith(b"HTTP/1.1 403")
            assert b"connection: close" not in answer
