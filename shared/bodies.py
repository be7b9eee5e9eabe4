"""Bodies that stream: bytes as they come, with a limit on silence."""

import asyncio
from collections.abc import AsyncIterator

from fastapi import Request
from starlette.requests import ClientDisconnect

from shared.errors import ArchiveError, TooLarge, Unprocessable


class TooSlow(ArchiveError):
    """The body came too slowly."""

    code = "too_slow"
    status = 408
    retryable = True


class BodyCutShort(Unprocessable):
    """The caller hung up before all of the body was here."""

    code = "body_cut_short"


async def body_of(request: Request, slowest_seconds: float) -> AsyncIterator[bytes]:
    """Stream a request's body. Raises TooSlow, and BodyCutShort when the caller hangs up midway."""
    chunks = request.stream()
    while True:
        try:
            async with asyncio.timeout(slowest_seconds):
                chunk = await anext(chunks)
        except StopAsyncIteration:
            return
        except TimeoutError as slow:
            raise TooSlow from slow
        except ClientDisconnect as gone:
            raise BodyCutShort from gone
        if chunk:
            yield chunk


async def all_of(request: Request, slowest_seconds: float, largest: int) -> bytes:
    """Give a small body whole. Raises TooLarge, TooSlow, BodyCutShort."""
    content = bytearray()
    async for chunk in body_of(request, slowest_seconds):
        content += chunk
        if len(content) > largest:
            raise TooLarge(f"at most {largest} bytes")
    return bytes(content)
