"""A real server behind a line that is cut again and again, after any byte."""

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass

import httpx
import uvicorn

from tests.harness import Bench
from tests.service.station import Line


@asynccontextmanager
async def served(system: Bench) -> AsyncIterator[int]:
    """Serve a running app on a port."""
    server = uvicorn.Server(uvicorn.Config(system._app, port=0, lifespan="off", log_level="critical"))  # type: ignore[arg-type]
    serving = asyncio.create_task(server.serve())
    for _ in range(500):
        if server.started:
            break
        await asyncio.sleep(0.02)
    yield int(server.servers[0].sockets[0].getsockname()[1])
    server.should_exit = True
    await serving


@dataclass
class CutLine:
    """How often the line is still cut, each time after at most `longest` bytes of an answer."""

    left: int
    longest: int
    chance: random.Random


@asynccontextmanager
async def cutting(port: int, cuts: CutLine) -> AsyncIterator[tuple[CutLine, str]]:
    """Carry connections to a server; gives where they go in."""

    async def carry(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        server_reader, server_writer = await asyncio.open_connection("127.0.0.1", port)
        allowed = cuts.chance.randrange(cuts.longest) if cuts.left else None
        with suppress(ConnectionError):
            await asyncio.gather(pump(reader, server_writer, None), pump(server_reader, writer, allowed))
        for each in (writer, server_writer):
            each.transport.abort()

    async def pump(source: asyncio.StreamReader, to: asyncio.StreamWriter, allowed: int | None) -> None:
        while chunk := await source.read(4096):
            if allowed is not None and len(chunk) > allowed and cuts.left:
                to.write(chunk[:allowed])
                await to.drain()
                cuts.left -= 1
                raise ConnectionResetError("cut")
            allowed = None if allowed is None else allowed - len(chunk)
            to.write(chunk)
            await to.drain()
        to.write_eof()

    server = await asyncio.start_server(carry, "127.0.0.1", 0)
    async with server:
        yield cuts, f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"


class Through(httpx.AsyncBaseTransport):
    """Sends requests over the line that is cut, each on a connection of its own; tokens come from beside it."""

    def __init__(self, there: str, tokens: Line) -> None:
        self._there, self._tokens = there, tokens
        self._line = httpx.AsyncHTTPTransport(limits=httpx.Limits(max_keepalive_connections=0))

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request."""
        if request.url.path == "/identity/tokens":
            return await self._tokens.handle_async_request(request)
        request.url = httpx.URL(self._there + request.url.raw_path.decode())
        request.headers["connection"] = "close"
        return await self._line.handle_async_request(request)

    async def aclose(self) -> None:
        """Let go of connections."""
        await self._line.aclose()
