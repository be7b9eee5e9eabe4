"""Bodies that stream: bytes as they come, with a limit on silence."""

import asyncio
from collections.abc import AsyncIterator

from fastapi import Request
from starlette.requests import ClientDisconnect

from services.ingest.errors import BodyTooSlow
from shared.storage.port import LengthMismatch


async def body_of(request: Request, slowest_seconds: float) -> AsyncIterator[bytes]:
    """Stream a request's body. Raises BodyTooSlow, and LengthMismatch when the caller hangs up midway."""
    chunks = request.stream()
    while True:
        try:
            async with asyncio.timeout(slowest_seconds):
                chunk = await anext(chunks)
        except StopAsyncIteration:
            return
        except TimeoutError as slow:
            raise BodyTooSlow from slow
        except ClientDisconnect as gone:
            raise LengthMismatch("the caller hung up") from gone
        if chunk:
            yield chunk
