"""Files that are made for whoever asks, and gone when they have them."""

import asyncio
import tempfile
from collections.abc import AsyncIterator
from typing import IO

PORTION = 1 << 18


def spare_file() -> IO[bytes]:
    """Open a temporary file that has no name."""
    return tempfile.TemporaryFile(prefix="saoluu-")


async def whole(file: IO[bytes]) -> AsyncIterator[bytes]:
    """Stream a temporary file from its beginning, and let go of it."""
    try:
        await asyncio.to_thread(file.seek, 0)
        while portion := await asyncio.to_thread(file.read, PORTION):
            yield portion
    finally:
        file.close()
