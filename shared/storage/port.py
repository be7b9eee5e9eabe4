"""What a store promises, whatever it is made of."""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from typing import Protocol

from shared.errors import ArchiveError, Conflict, NotFound, Unavailable, Unprocessable

MIB = 1 << 20


class AlreadyStored(Conflict):
    """The key is taken; what lies there is never overwritten."""

    code = "storage.already_stored"


class NotStored(NotFound):
    """No bytes lie under this key."""

    code = "storage.not_stored"


class DigestMismatch(Unprocessable):
    """The bytes that arrived are not the bytes that were announced."""

    code = "storage.digest_mismatch"


class LengthMismatch(Unprocessable):
    """Fewer or more bytes arrived than were announced."""

    code = "storage.length_mismatch"


class FixityLost(ArchiveError):
    """The bytes read back are not the bytes that were stored."""

    code = "storage.fixity_lost"


class Unreadable(FixityLost):
    """The medium does not give the bytes back any more."""

    code = "storage.unreadable"


class StoreUnavailable(Unavailable):
    """The store does not answer."""

    code = "storage.unavailable"


@dataclass(frozen=True, slots=True)
class Fixity:
    """What a stream of bytes was: its length and its sums.

    `crc32` is of the whole, as ZIP wants it; `mib_crc32` holds one sum per MiB, so that a byte range can be
    checked without reading the rest.
    """

    size: int
    sha256: str
    crc32: int
    mib_crc32: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class StoredObject:
    """A key and the size of what lies there."""

    key: str
    size: int


Pace = Callable[[int], Awaitable[None]]
"""Is told of every portion that was read, in bytes, and waits where reading goes too fast."""


class Store(Protocol):
    """A place for bytes that are written once.

    Keys are relative paths of `[A-Za-z0-9._-]` segments joined by `/`, none beginning with a dot, and no key lies
    above another one; every method that takes a key raises KeyMalformed for anything else.
    """

    name: str

    async def put_new(self, key: str, chunks: AsyncIterator[bytes], *, size: int, sha256: str | None = None) -> Fixity:
        """Write a new object, durably, hashing on the way; all of it or nothing.

        Raises AlreadyStored, LengthMismatch (not exactly `size` bytes came), DigestMismatch (`sha256`, lower-case
        hex, was announced and is not what came), StorageFull, StoreUnavailable; what `chunks` raises passes through.
        After AlreadyStored some of `chunks` may be left unread.
        """
        ...

    def read(self, key: str, *, start: int = 0, length: int | None = None) -> AsyncIterator[bytes]:
        """Stream an object, or `length` bytes of it from `start`, in chunks of at most 1 MiB.

        A range past the end gives what there is of it. The first chunk raises NotStored, any StoreUnavailable.
        """
        ...

    async def copy_to(self, key: str, descriptor: int) -> None:
        """Write an object into an open file, in as few steps as the store can. Raises NotStored, StoreUnavailable.

        No room for the file raises StorageFull; other faults of it pass for faults of the store.
        """
        ...

    async def read_back(self, key: str, *, pace: Pace | None = None) -> Fixity:
        """Read an object again for its sums, from the medium where the system lets us pass its cache.

        Raises NotStored, Unreadable, StoreUnavailable.
        """
        ...

    async def size(self, key: str) -> int | None:
        """Give the size of an object, or None when there is none."""
        ...

    def keys(self, prefix: str = "") -> AsyncIterator[StoredObject]:
        """List what lies under a prefix, in the order of keys. Unfinished writes are not listed."""
        ...

    async def prepare(self) -> None:
        """Make the place ready (folder or bucket exists, remains of unfinished writes are swept)."""
        ...

    async def close(self) -> None:
        """Let go of connections."""
        ...


class DeletableStore(Store, Protocol):
    """A store of things that may go again: incoming pages that were sealed, derivatives that can be made anew."""

    async def delete(self, key: str) -> None:
        """Remove an object; removing what is not there is fine."""
        ...


class MendableStore(Store, Protocol):
    """A store whose damaged objects may be put right: only the scrubber is given one."""

    async def replace_damaged(
        self, key: str, chunks: AsyncIterator[bytes], *, size: int, sha256: str, aside: str
    ) -> Fixity:
        """Write right bytes over what lies damaged under a key, or is missing; all of them or nothing.

        What lay there is kept under the key `aside`, which names its bytes: to be killed and to do it again leaves the
        same. At no moment does nothing lie under the key. Raises what `put_new` does, AlreadyStored when another
        writer was faster.
        """
        ...
