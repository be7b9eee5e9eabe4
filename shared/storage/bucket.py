"""One bucket of an S3 server, as far as no object's bytes are moved: the minio client, blocking."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from io import FileIO

import urllib3
from minio import Minio
from minio.commonconfig import CopySource
from minio.error import MinioException, S3Error

from shared.errors import StorageFull
from shared.ids import new_id
from shared.storage.address import Address
from shared.storage.port import MIB, AlreadyStored, NotStored, StoredObject, StoreUnavailable
from shared.storage.s3_answers import ABSENT, is_whole, whole_size

CONNECTIONS = 8
NO_ROOM_LEFT = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
CONNECT_SECONDS, READ_SECONDS = 3, 10


@dataclass(frozen=True, slots=True)
class Lying:
    """What a bucket holds under a key: bytes in all, the server's tag of them, and whether they are all there."""

    size: int
    etag: str
    is_whole: bool


class Bucket:
    """The bucket at an address. All calls ask the server: they are made in threads, and fail within seconds."""

    def __init__(self, address: Address) -> None:
        self._name = address.bucket
        self._connections = urllib3.PoolManager(
            maxsize=CONNECTIONS,
            timeout=urllib3.Timeout(connect=CONNECT_SECONDS, read=READ_SECONDS),
            retries=urllib3.Retry(1),
        )
        self._client = Minio(
            address.host,
            access_key=address.credentials.access_key,
            secret_key=address.credentials.secret_key,
            secure=address.is_secure,
            region=address.region,
            http_client=self._connections,
        )

    def prepare(self) -> None:
        """Make the bucket if there is none; one with object lock is made by who runs the server, and found here."""
        with faults_named():
            if self._client.bucket_exists(self._name):
                return
            try:
                self._client.make_bucket(self._name)
            except S3Error as error:
                if error.code not in ("BucketAlreadyOwnedByYou", "BucketAlreadyExists"):  # somebody was faster
                    raise

    def stat(self, key: str) -> Lying:
        """Tell what lies under a key, be it an object or the remains of a broken-off write. Raises NotStored."""
        with faults_named():
            found = self._client.stat_object(self._name, key)
        size = found.size or 0
        return Lying(size, str(found.etag), is_whole(size, found.metadata or {}))

    def size(self, key: str) -> int:
        """Give the length of an object in bytes. Raises NotStored, also for the remains of a broken-off write."""
        lying = self.stat(key)
        if not lying.is_whole:
            raise NotStored(key)
        return lying.size

    def copy_to(self, key: str, target: FileIO) -> None:
        """Write an object into an open file. Raises NotStored, or when its write was broken off."""
        with faults_named():
            answer = self._client.get_object(self._name, key)
            try:
                if not is_whole(whole_size(answer.headers), answer.headers):
                    raise NotStored(key)
                for portion in answer.stream(MIB):
                    write_whole(target, portion)
            finally:
                answer.close()
                answer.release_conn()

    def level(self, prefix: str) -> list[StoredObject]:
        """List objects and, as keys that end in `/`, folders that begin with a prefix, down to its last folder only."""
        with faults_named():
            listed = self._client.list_objects(self._name, prefix=prefix)
            found = [StoredObject(str(each.object_name), each.size or 0) for each in listed]
        # SeaweedFS lists an emptied folder as an object inside itself.
        below = [each for each in found if each.key != prefix or not prefix.endswith("/")]
        return [each for each in below if each.size or each.key.endswith("/") or self._is_there(each.key)]

    def keep_aside(self, key: str, aside: str) -> str:
        """Copy what lies under a key, whole or not, inside the server; gives its tag.

        What was kept aside before is not copied over: another writer may have put the key right since.
        Raises NotStored, AlreadyStored when another writer was faster.
        """
        etag = self.stat(key).etag
        with suppress(NotStored):
            if self.stat(aside).etag == etag:
                return etag
            aside = f"{aside}.{new_id()}"
        with faults_named():
            try:
                self._client.copy_object(self._name, aside, CopySource(self._name, key, match_etag=etag))
            except S3Error as error:
                if error.code == "PreconditionFailed":
                    raise AlreadyStored(key) from error
                raise
        return etag

    def remove(self, key: str) -> None:
        """Take an object away."""
        with faults_named():
            self._client.remove_object(self._name, key)

    def _is_there(self, key: str) -> bool:
        try:
            self.size(key)
        except NotStored:
            return False
        return True

    def close(self) -> None:
        """Let go of connections."""
        self._connections.clear()


def write_whole(target: FileIO, portion: bytes) -> None:
    """Write all of some bytes to an open file. Raises StorageFull, StoreUnavailable."""
    left = memoryview(portion)
    try:
        while left:
            left = left[target.write(left) :]
    except OSError as fault:
        if fault.errno in NO_ROOM_LEFT:
            raise StorageFull("no room for a copy") from fault
        raise StoreUnavailable(f"a copy cannot be written: {fault}") from fault


@contextmanager
def faults_named() -> Iterator[None]:
    """Turn what the client raises into a store's errors."""
    try:
        yield
    except S3Error as error:
        if error.code in ABSENT:
            raise NotStored(str(error.object_name)) from error
        raise StoreUnavailable(f"the S3 server says {error.code}") from error
    except (MinioException, urllib3.exceptions.HTTPError, OSError) as lost:
        raise StoreUnavailable(f"the S3 server does not answer: {lost!r}") from lost
