"""Hash a stream once for every sum we keep."""

from collections.abc import AsyncIterator
from functools import lru_cache
from hashlib import sha256

from isal.isal_zlib import crc32

from shared.storage.port import MIB, Fixity

CRC32_POLYNOMIAL = 0xEDB88320  # ISO 3309, lowest power in the highest bit
ONE, X = 1 << 31, 1 << 30


class Hasher:
    """Takes bytes in any portions and gives their Fixity."""

    def __init__(self) -> None:
        self.size = 0
        self._sha256 = sha256()
        self._mib_crc32: list[int] = []

    def update(self, chunk: bytes | bytearray | memoryview) -> None:
        """Add the next bytes; releases the interpreter lock on large portions, so call it from a thread."""
        self._sha256.update(chunk)
        view = memoryview(chunk)
        while view:
            room = MIB - self.size % MIB
            part = view[:room]
            if room == MIB:
                self._mib_crc32.append(crc32(part))
            else:
                self._mib_crc32[-1] = crc32(part, self._mib_crc32[-1])
            self.size += len(part)
            view = view[room:]

    def fixity(self) -> Fixity:
        """Give the sums of all bytes so far; the CRC-32 of the whole follows from those of its MiBs."""
        whole, left = 0, self.size
        for part in self._mib_crc32:
            whole = joined_crc32(whole, part, min(MIB, left))
            left -= MIB
        return Fixity(self.size, self._sha256.hexdigest(), whole, tuple(self._mib_crc32))


def joined_crc32(left: int, right: int, right_size: int) -> int:
    """Give the CRC-32 of two runs of bytes from the CRC-32 of each and the byte length of the second.

    A CRC is a remainder in polynomials over GF(2): to append n bytes is to multiply by x^8n and to add.
    """
    return _times(left, _power(8 * right_size)) ^ right


@lru_cache(maxsize=1024)
def _power(exponent: int) -> int:
    """Raise x to a power modulo the CRC polynomial, by halving the exponent."""
    if exponent == 0:
        return ONE
    half = _power(exponent // 2)
    square = _times(half, half)
    return _times(square, X) if exponent % 2 else square


def _times(left: int, right: int) -> int:
    """Multiply two polynomials modulo the CRC polynomial."""
    product = 0
    for bit in range(31, -1, -1):
        if left >> bit & 1:
            product ^= right
        right = right >> 1 ^ (CRC32_POLYNOMIAL if right & 1 else 0)
    return product


async def fixity_of(chunks: AsyncIterator[bytes]) -> Fixity:
    """Read a stream to its end for its sums alone."""
    hasher = Hasher()
    async for chunk in chunks:
        hasher.update(chunk)
    return hasher.fixity()


async def streamed(content: bytes) -> AsyncIterator[bytes]:
    """Stream bytes that are at hand."""
    yield content
