"""One bucket of an S3 server, as far as no object's bytes are moved: the minio client, blocking."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from urllib.parse import SplitResult, parse_qs, unquote

import urllib3
from minio import Minio
from minio.error import MinioException, S3Error

from shared.storage.port import NotStored, StoredObject, StoreUnavailable
from shared.storage.s3_answers import ABSENT

CONNECTIONS = 8
CONNECT_SECONDS, READ_SECONDS = 3, 15
DEFAULT_REGION = "us-east-1"
URL_LIFE = timedelta(hours=1)


class Bucket:
    """The bucket that `s3+http(s)://ACCESS:SECRET@host:port/bucket[?region=...]` names.

    All calls but `signed` ask the server: they are made in threads, and raise StoreUnavailable within seconds.
    """

    def __init__(self, url: SplitResult) -> None:
        self._name = unquote(url.path).strip("/")
        self._connections = urllib3.PoolManager(
            maxsize=CONNECTIONS,
            timeout=urllib3.Timeout(connect=CONNECT_SECONDS, read=READ_SECONDS),
            retries=urllib3.Retry(1),
        )
        self._client = Minio(
            url.netloc.rpartition("@")[2],
            access_key=unquote(url.username or ""),
            secret_key=unquote(url.password or ""),
            secure=url.scheme == "s3+https",
            region=parse_qs(url.query).get("region", [DEFAULT_REGION])[0],  # else presigning would ask the server
            http_client=self._connections,
        )

    def prepare(self) -> None:
        """Make the bucket if there is none; one with object lock is made by who runs the server, and found here."""
        with named():
            if self._client.bucket_exists(self._name):
                return
            try:
                self._client.make_bucket(self._name)
            except S3Error as error:
                if error.code not in ("BucketAlreadyOwnedByYou", "BucketAlreadyExists"):  # somebody was faster
                    raise

    def size(self, key: str) -> int:
        """Give the length of an object in bytes. Raises NotStored."""
        with named():
            return self._client.stat_object(self._name, key).size or 0

    def level(self, prefix: str) -> list[StoredObject]:
        """List objects and, as keys that end in `/`, folders that begin with a prefix, down to its last folder only."""
        with named():
            listed = self._client.list_objects(self._name, prefix=prefix)
            return [StoredObject(str(each.object_name), each.size or 0) for each in listed]

    def remove(self, key: str) -> None:
        """Take an object away."""
        with named():
            self._client.remove_object(self._name, key)

    def signed(self, method: str, key: str, query: Mapping[str, str]) -> str:
        """Make a URL that lets its bearer do one thing to one object for an hour; the server is not asked."""
        return self._client.get_presigned_url(method, self._name, key, expires=URL_LIFE, extra_query_params=dict(query))

    def close(self) -> None:
        """Let go of connections."""
        self._connections.clear()


@contextmanager
def named() -> Iterator[None]:
    """Turn what the client raises into a store's errors."""
    try:
        yield
    except S3Error as error:
        if error.code in ABSENT:
            raise NotStored(str(error.object_name)) from error
        raise StoreUnavailable(f"the S3 server says {error.code}") from error
    except (MinioException, urllib3.exceptions.HTTPError, OSError) as lost:
        raise StoreUnavailable(f"the S3 server does not answer: {lost!r}") from lost
