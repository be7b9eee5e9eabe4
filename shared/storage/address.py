"""Where a bucket is and how requests to it are signed (AWS Signature Version 4), without asking the server."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self
from urllib.parse import SplitResult, parse_qs, unquote

from minio.credentials.credentials import Credentials
from minio.signer import sign_v4_s3

from shared.clock import now

DEFAULT_REGION = "us-east-1"


@dataclass(frozen=True, slots=True)
class Address:
    """A bucket on a server, and the key to it."""

    host: str
    is_secure: bool
    bucket: str
    region: str
    credentials: Credentials

    @classmethod
    def of(cls, url: SplitResult) -> Self:
        """Read `s3+http(s)://ACCESS:SECRET@host:port/bucket[?region=...]`."""
        return cls(
            host=url.netloc.rpartition("@")[2],
            is_secure=url.scheme == "s3+https",
            bucket=unquote(url.path).strip("/"),
            region=parse_qs(url.query).get("region", [DEFAULT_REGION])[0],
            credentials=Credentials(unquote(url.username or ""), unquote(url.password or "")),
        )

    def signed(self, method: str, key: str, told: Mapping[str, str]) -> tuple[str, dict[str, str]]:
        """Give URL and headers of a request, the told headers among them.

        Servers refuse `x-amz-` headers that are not signed, which a presigned URL cannot do. The body is not signed
        but has its checksum header where its sum is known beforehand.
        """
        url = SplitResult("https" if self.is_secure else "http", self.host, f"/{self.bucket}/{key}", "", "")
        moment, unsigned = now(), "UNSIGNED-PAYLOAD"
        headers = sign_v4_s3(
            method=method,
            url=url,
            region=self.region,
            headers={
                "Host": self.host,
                "x-amz-date": moment.strftime("%Y%m%dT%H%M%SZ"),
                "x-amz-content-sha256": unsigned,
                **told,
            },
            credentials=self.credentials,
            content_sha256=unsigned,
            date=moment,
        )
        return url.geturl(), {name: str(value) for name, value in headers.items()}
