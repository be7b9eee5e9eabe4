"""What is announced about a stream of bytes, held against what really comes."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

from shared.storage.port import MIB, DigestMismatch, Fixity, LengthMismatch


@dataclass(frozen=True, slots=True)
class Announced:
    """The length in bytes that was announced, and the SHA-256 in lower-case hex where it was."""

    size: int
    sha256: str | None = None

    async def portions(self, chunks: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
        """Gather small chunks to portions of at least 1 MiB (the last may be shorter): few hops between threads.

        Raises LengthMismatch as soon as too much came, or before the last portion when it is too little.
        """
        waiting: list[bytes] = []
        gathered = come = 0
        async for chunk in chunks:
            come += len(chunk)
            if come > self.size:
                raise LengthMismatch(f"more than the announced {self.size} bytes came")
            waiting.append(chunk)
            gathered += len(chunk)
            if gathered >= MIB:
                yield b"".join(waiting)
                waiting, gathered = [], 0
        if come < self.size:
            raise LengthMismatch(f"{come} bytes came, {self.size} were announced")
        if waiting:
            yield b"".join(waiting)

    def demand(self, fixity: Fixity) -> None:
        """Accept the sums of all that came. Raises DigestMismatch."""
        if self.sha256 is not None and fixity.sha256 != self.sha256:
            raise DigestMismatch(f"{fixity.sha256} came, {self.sha256} was announced")
