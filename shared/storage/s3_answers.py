"""What an S3 server's answers mean for a store.

A full SeaweedFS answers 500 like any other fault, so that StorageFull is only heard from servers that say it.
"""

import re
from collections.abc import Mapping

from shared.errors import ArchiveError, StorageFull
from shared.storage.port import AlreadyStored, DigestMismatch, NotStored, StoreUnavailable

ANNOUNCED_SIZE = "x-amz-meta-announced-size"
WRONG_SUM = frozenset({"BadDigest", "InvalidDigest", "XAmzContentSHA256Mismatch", "XAmzContentChecksumMismatch"})
NO_ROOM = frozenset({"InsufficientStorage", "QuotaExceeded", "XMinioStorageFull", "XMinioAdminBucketQuotaExceeded"})
ABSENT = frozenset({"NoSuchKey", "NoSuchObject"})

_CODE = re.compile(r"<Code>(\w+)</Code>")


def is_whole(size: int, headers: Mapping[str, str]) -> bool:
    """Tell whether an object is as long as its writer announced.

    SeaweedFS 4.48 makes an empty object of a PUT that was broken off before its first byte, some gateways make a
    short one of any PUT that was broken off. The announced length lies beside the object, so that it tells.
    """
    return headers.get(ANNOUNCED_SIZE, str(size)) == str(size)


def whole_size(headers: Mapping[str, str]) -> int:
    """Read the length of an object in bytes from the answer to a GET, of the object or of a range (RFC 9110 §14.4)."""
    return int(headers["Content-Range"].rpartition("/")[2] if "Content-Range" in headers else headers["Content-Length"])


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
