"""Everything that can go wrong, in one family: the edge makes answers of it, the bus retries or dead letters.

ArchiveError
├── Refused            400  the request cannot be meant this way
├── Unauthenticated    401  nobody we know
├── Forbidden          403  somebody we know, but not allowed
├── NotFound           404
├── Conflict           409  well formed, but the present state forbids it
├── TooLarge           413
├── Unprocessable      422  understood, but wrong
├── TooMany            429
├── Unavailable        503  a part we need does not answer; trying again helps
└── StorageFull        507
"""

from typing import ClassVar


class ArchiveError(Exception):
    """Something went wrong that we know by name."""

    code: ClassVar[str] = "internal"
    status: ClassVar[int] = 500
    retryable: ClassVar[bool] = False

    def __init__(self, detail: str = "", **facts: object) -> None:
        super().__init__(detail or (self.__doc__ or "").strip())
        self.detail = str(self)
        self.facts = facts
        self.headers: dict[str, str] = {}


class Refused(ArchiveError):
    """The request cannot be meant this way."""

    code = "refused"
    status = 400


class Unauthenticated(ArchiveError):
    """The request carries no valid token."""

    code = "unauthenticated"
    status = 401


class Forbidden(ArchiveError):
    """The caller may not do this."""

    code = "forbidden"
    status = 403


class NotFound(ArchiveError):
    """The thing asked for does not exist, or the caller may not know that it does."""

    code = "not_found"
    status = 404


class Conflict(ArchiveError):
    """The request is well formed but the present state forbids it."""

    code = "conflict"
    status = 409


class TooLarge(ArchiveError):
    """The body is larger than is accepted here."""

    code = "too_large"
    status = 413


class Unprocessable(ArchiveError):
    """The request is understood but what it says is wrong."""

    code = "unprocessable"
    status = 422


class TooMany(ArchiveError):
    """Too many requests; wait before the next."""

    code = "too_many_requests"
    status = 429
    retryable = True


class Unavailable(ArchiveError):
    """A part that is needed does not answer; the same call may succeed later."""

    code = "unavailable"
    status = 503
    retryable = True


class StorageFull(ArchiveError):
    """There is no room left in the store."""

    code = "storage_full"
    status = 507
    retryable = True


class TransferBroken(Exception):
    """An answer that had begun is broken off on purpose: what would come next is not what was promised."""
