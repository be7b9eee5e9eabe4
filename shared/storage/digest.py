"""Hash a stream once for every sum we keep."""

import zlib
from collections.abc import AsyncIterator
from hashlib import sha256

from shared.storage.port import MIB, Fixity


class Hasher:
    """Takes bytes in any portions and gives their Fixity."""

    def __init__(self) -> None:
        self.size = 0
        self._sha256 = sha256()
        self._crc32 = 0
        self._mib_crc32: list[int] = []

    def update(self, chunk: bytes | bytearray | memoryview) -> None:
        """Add the next bytes; releases the interpreter lock on large portions, so call it from a thread."""
        self._sha256.update(chunk)
        self._crc32 = zlib.crc32(chunk, self._crc32)
        view = memoryview(chunk)
        while view:
            room = MIB - self.size % MIB
            part = view[:room]
            if room == MIB:
                self._mib_crc32.append(zlib.crc32(part))
            else:
                self._mib_crc32[-1] = zlib.crc32(part, self._mib_crc32[-1])
            self.size += len(part)
            view = view[room:]

    def fixity(self) -> Fixity:
        """Give the sums of all bytes so far."""
        return Fixity(self.size, self._sha256.hexdigest(), self._crc32, tuple(self._mib_crc32))


async def fixity_of(chunks: AsyncIterator[bytes]) -> Fixity:
    """Read a stream to its end for its sums alone."""
    hasher = Hasher()
    async for chunk in chunks:
        hasher.update(chunk)
    return hasher.fixity()


async def streamed(content: bytes) -> AsyncIterator[bytes]:
    """Stream bytes that are at hand."""
    yield content
