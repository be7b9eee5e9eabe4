"""The bytes of a generated file: in memory while they are few, in a temporary file where they are many."""

from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from io import BytesIO
from tempfile import TemporaryFile
from typing import IO
from weakref import finalize

from isal.isal_zlib import crc32

MIB = 1 << 20


class Body:
    """Takes bytes as they are written, sums them up on the way, and gives them back as often as asked."""

    def __init__(self) -> None:
        self._file: IO[bytes] = BytesIO()
        self._is_large = False
        self._digest = sha256()
        self.size = self.crc32 = 0

    def write(self, chunk: bytes) -> int:
        """Take the next bytes."""
        self._digest.update(chunk)
        self.crc32 = crc32(chunk, self.crc32)
        self.size += len(chunk)
        if self.size > MIB and not self._is_large:
            self._move_to_disk()
        return self._file.write(chunk)

    def _move_to_disk(self) -> None:
        """Go on in a file without a name, which goes with the body."""
        held, self._file, self._is_large = self._file, TemporaryFile(), True  # noqa: SIM115 (closed by finalize)
        finalize(self, self._file.close)
        held.seek(0)
        self._file.write(held.read())

    def flush(self) -> None:
        """Be told to write what is held back, which is nothing."""

    @property
    def sha256(self) -> str:
        """Give the digest of all bytes so far."""
        return self._digest.hexdigest()

    def chunks(self, at: int = 0, stop: int | None = None) -> Iterator[bytes]:
        """Give all bytes in portions, or those from `at` to `stop`."""
        stop = self.size if stop is None else stop
        while at < stop:
            self._file.seek(at)
            chunk = self._file.read(min(MIB, stop - at))
            at += len(chunk)
            yield chunk

    def keep(self, content: bytes) -> "Part":
        """Take a whole small file behind those before it."""
        at = self.size
        self.write(content)
        return Part(self, at, self.size)


@dataclass(frozen=True, slots=True)
class Part:
    """A small file among many that share one body, so that none of them stays in memory."""

    body: Body
    at: int
    stop: int

    def chunks(self) -> Iterator[bytes]:
        """Give its bytes in portions."""
        return self.body.chunks(self.at, self.stop)
