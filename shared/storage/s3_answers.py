"""What an S3 server's refusals mean for a store.

A full SeaweedFS answers 500 like any other fault, so that StorageFull is only heard from servers that say it.
"""

import re

from shared.errors import ArchiveError, StorageFull
from shared.storage.port import AlreadyStored, DigestMismatch, NotStored, StoreUnavailable

WRONG_SUM = frozenset({"BadDigest", "InvalidDigest", "XAmzContentSHA256Mismatch", "XAmzContentChecksumMismatch"})
NO_ROOM = frozenset({"InsufficientStorage", "QuotaExceeded", "XMinioStorageFull", "XMinioAdminBucketQuotaExceeded"})
ABSENT = frozenset({"NoSuchKey", "NoSuchObject"})

_CODE = re.compile(r"<Code>(\w+)</Code>")


def refusal_of_put(status: int, text: str, key: str) -> ArchiveError:
    """Name why an object was not stored: AlreadyStored, DigestMismatch, StorageFull or StoreUnavailable.

    A 409 means that another writer of the key has not finished yet; nothing lies there that could be relied on.
    """
    code = code_in(text)
    if status in (304, 412):  # MinIO was once seen to answer a conditional PUT with 304
        return AlreadyStored(key)
    if code in WRONG_SUM:
        return DigestMismatch(f"the server got other bytes for {key} than were announced")
    if status == 507 or code in NO_ROOM:
        return StorageFull(key)
    return StoreUnavailable(f"{status} {code}")


def refusal_of_get(status: int, text: str, key: str) -> ArchiveError:
    """Name why an object cannot be read: NotStored or StoreUnavailable."""
    code = code_in(text)
    return NotStored(key) if code in ABSENT else StoreUnavailable(f"{status} {code}")


def code_in(text: str) -> str:
    """Find the error code in an S3 error document, empty if there is none."""
    found = _CODE.search(text)
    return found[1] if found else ""
