"""What a package is made of, as plain values."""

import zlib
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Literal

METS = "METS.xml"
DESCRIPTION = "metadata/descriptive/dossier.json"
REPRESENTATION = "representations/rep1"
DATA = f"{REPRESENTATION}/data"


@dataclass(frozen=True, slots=True)
class PackageFile:
    """A file of a package: its path inside, its length in bytes, its sums, its media type."""

    path: str
    size: int
    sha256: str
    crc32: int
    media_type: str


@dataclass(frozen=True, slots=True)
class GeneratedFile:
    """A file that the package writer makes: METS files and descriptions."""

    path: str
    content: bytes
    media_type: str

    @property
    def as_file(self) -> PackageFile:
        """Give the file with its sums."""
        digest = sha256(self.content).hexdigest()
        return PackageFile(self.path, len(self.content), digest, zlib.crc32(self.content), self.media_type)


@dataclass(frozen=True, slots=True)
class PackageHead:
    """What names a package. `created_at` and `objid` are inputs: the same inputs give the same bytes.

    `belongs_to` is the OBJID of a package this one cannot be understood without (an AIP names its masters).
    """

    objid: str
    label: str
    package_type: Literal["SIP", "AIP"]
    created_at: datetime
    fonds_code: str
    belongs_to: str = ""
    submission_agreement: str = ""


@dataclass(frozen=True, slots=True)
class PackagedPage:
    """A page of a package: its number in the dossier, the version that was accepted, its file."""

    number: int
    version: int
    file: PackageFile


def data_path(number: int, extension: str) -> str:
    """Name a page's file inside a package."""
    return f"{DATA}/{number:06d}{extension}"
