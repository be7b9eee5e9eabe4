"""What a package is made of: values that are sound once they exist."""

import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import Self

from isal.isal_zlib import crc32

from shared.eark.body import Body, Part
from shared.eark.errors import PackageMisdescribed
from shared.eark.layout import page_path
from shared.eark.moment import demand_offset
from shared.eark.names import folder_name, safe_path
from shared.eark.profile import PackageForm, PackageType

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
        demand_offset(self.created_at)
        sums_fit = SHA256.match(self.sha256) and 0 <= self.crc32 < 1 << 32 and 0 <= self.size < 1 << 62
        if not sums_fit or not MEDIA_TYPE.match(self.media_type):
            raise PackageMisdescribed(f"a file with impossible sums or type: {self.path}")


@dataclass(frozen=True, slots=True)
class GeneratedFile:
    """A file of a package that is no page: its METS, its descriptions. `content` is all of it."""

    file: PackageFile
    content: bytes | Body | Part = field(compare=False, repr=False)

    @classmethod
    def of(
        cls, path: str, content: bytes | Body, media_type: str, created_at: datetime, *, kept_in: Body | None = None
    ) -> Self:
        """Sum up a body just made; bytes may be kept among those of others."""
        if isinstance(content, Body):
            size, digest, checksum = content.size, content.sha256, content.crc32
        else:
            size, digest, checksum = len(content), sha256(content).hexdigest(), crc32(content)
        file = PackageFile(path, size, digest, checksum, media_type, created_at)
        return cls(file, kept_in.keep(content) if kept_in and isinstance(content, bytes) else content)

    def chunks(self) -> Iterator[bytes]:
        """Give the bytes in portions."""
        return iter((self.content,)) if isinstance(self.content, bytes) else self.content.chunks()

    @property
    def body(self) -> bytes:
        """Give the bytes at once."""
        return b"".join(self.chunks())


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
class Makers:
    """Whom a package names: the program, the agency, the fonds and the dossier by their codes, and who packed it."""

    software: str
    software_version: str
    agency: str
    fonds: str
    file_code: str
    packer: str = ""

    def fill(self, template: str) -> str:
        """Put the names into a setting of a profile; nobody in particular packed what the agency packs."""
        return template.format(**{**asdict(self), "packer": self.packer or self.agency})


@dataclass(frozen=True, slots=True)
class PackageDescription:
    """The package itself. Freeze it before the first byte is written: the same values give the same bytes.

    `form` is how it is written. `parts` are OBJIDs of packages that belong to it as a child does (CSIP "child IP"),
    `whole` of the package that it belongs to ("parent IP"). `predecessor` is the OBJID that this package replaces.
    `copies` is how many verified copies of the masters there are when it is stored. `with_record` lays the full record
    in a package of the circular too: it corrects the one that was sealed with the masters. Raises PackageMisdescribed,
    UnsafePath.
    """

    objid: str
    label: str
    form: PackageForm
    created_at: datetime
    makers: Makers
    parts: tuple[str, ...] = ()
    whole: str | None = None
    predecessor: str | None = None
    copies: int = 0
    with_record: bool = False

    def __post_init__(self) -> None:
        demand_offset(self.created_at)
        folder_name(self.objid)
        named = (*self.parts, *(other for other in (self.whole, self.predecessor) if other))
        if self.objid in named:
            raise PackageMisdescribed("a package cannot be its own part, whole or predecessor")

    @property
    def package_type(self) -> PackageType:
        """Say whether it is kept or submitted."""
        return self.form.kind

    @property
    def folder(self) -> str:
        """Give the name of the one top folder."""
        return folder_name(self.objid)
