"""What a package is made of: values that are sound once they exist."""

import re
import zlib
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Literal, Self

from shared.eark.errors import PackageMisdescribed
from shared.eark.layout import page_path
from shared.eark.moment import stamp
from shared.eark.names import folder_name, safe_path

PackageType = Literal["AIP", "SIP"]
CSIP_PROFILE = "https://earkcsip.dilcis.eu/profile/E-ARK-CSIP.xml"
SHA256 = re.compile(r"[0-9a-f]{64}\Z")
MEDIA_TYPE = re.compile(r"[a-z0-9][a-z0-9!#$&^_.+-]*/[a-z0-9][a-z0-9!#$&^_.+-]*\Z")


@dataclass(frozen=True, slots=True)
class PackageFile:
    """A file as the METS of its package knows it.

    `path` is relative to the package folder, `size` in bytes, `sha256` lower-case hex, `crc32` of the whole as ZIP
    wants it. Raises UnsafePath, PackageMisdescribed.
    """

    path: str
    size: int
    sha256: str
    crc32: int
    media_type: str
    created_at: datetime

    def __post_init__(self) -> None:
        safe_path(self.path)
        stamp(self.created_at)
        sums_fit = SHA256.match(self.sha256) and 0 <= self.crc32 < 1 << 32 and 0 <= self.size < 1 << 62
        if not sums_fit or not MEDIA_TYPE.match(self.media_type):
            raise PackageMisdescribed(f"a file with impossible sums or type: {self.path}")


@dataclass(frozen=True, slots=True)
class GeneratedFile:
    """A file of a package that is no page: its METS, its descriptions. `body` is all of it."""

    file: PackageFile
    body: bytes

    @classmethod
    def of(cls, path: str, body: bytes, media_type: str, created_at: datetime) -> Self:
        """Sum up a body just made."""
        sums = PackageFile(path, len(body), sha256(body).hexdigest(), zlib.crc32(body), media_type, created_at)
        return cls(sums, body)


@dataclass(frozen=True, slots=True)
class PackagePage:
    """A page of a dossier: its number from 1, the version that was accepted, and its file.

    `file.path` is where `layout.page_path` puts it. `file_name` is the name it had at the station.
    """

    number: int
    version: int
    file: PackageFile
    file_name: str = ""

    def __post_init__(self) -> None:
        if self.file.path != page_path(self.number, self.file.media_type) or self.version < 1:
            raise PackageMisdescribed(f"page {self.number} lies at {self.file.path}")


@dataclass(frozen=True, slots=True)
class Agent:
    """Who or what made a package: a metsHdr agent with one name and one note (CSIP10-16, SIP9-15)."""

    role: Literal["CREATOR", "ARCHIVIST", "PRESERVATION"]
    kind: Literal["ORGANIZATION", "INDIVIDUAL", "SOFTWARE"]
    name: str
    note: str
    note_type: Literal["SOFTWARE VERSION", "IDENTIFICATIONCODE"]

    @classmethod
    def software(cls, name: str, version: str) -> Self:
        """Name the program that writes the package."""
        return cls("CREATOR", "SOFTWARE", name, version, "SOFTWARE VERSION")

    @classmethod
    def archive(cls, name: str, code: str) -> Self:
        """Name the institution that keeps the fonds."""
        return cls("ARCHIVIST", "ORGANIZATION", name, code, "IDENTIFICATIONCODE")


@dataclass(frozen=True, slots=True)
class PackageDescription:
    """The package itself. Freeze it before the first byte is written: the same values give the same bytes.

    `parts` are OBJIDs of packages that hold what this one describes (CSIP "child IP"): a package with parts has no
    page files of its own. `whole` is the OBJID of the package that describes this one ("parent IP"). `predecessor`
    is the OBJID that this package replaces. Raises PackageMisdescribed, UnsafePath.
    """

    objid: str
    label: str
    package_type: PackageType
    created_at: datetime
    agents: tuple[Agent, ...]
    parts: tuple[str, ...] = ()
    whole: str | None = None
    predecessor: str | None = None
    content_information: str = "MIXED"
    content_type: str = "Mixed"
    profile: str = CSIP_PROFILE

    def __post_init__(self) -> None:
        stamp(self.created_at)
        folder_name(self.objid)
        named = (*self.parts, *(other for other in (self.whole, self.predecessor) if other))
        if not self.agents or self.objid in named:
            raise PackageMisdescribed("a package needs an agent, and cannot be its own part, whole or predecessor")

    @property
    def folder(self) -> str:
        """Give the name of the one top folder."""
        return folder_name(self.objid)
