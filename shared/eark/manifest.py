"""The manifest of a preserved dossier: where every byte of its packages lies and what it must be."""

from dataclasses import dataclass
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from shared.eark.layout import DOSSIER
from shared.eark.moment import Moment
from shared.eark.package import PackageFile
from shared.eark.record import Record

BESIDE = ".manifest.json"  # what a manifest's name has after the folder of the AIP that it lies beside


@dataclass(frozen=True, slots=True, kw_only=True)
class ManifestFile:
    """A stored file. `path` is relative to its package folder, `key` the same in both stores.

    `mib_crc32` holds one CRC-32 per MiB, so that a byte range is proved without the rest; `page_number` and
    `page_version` are there when the file is a page, `document_number` when it is the reading form of a document. It
    is no record of its own because there are hundreds of thousands.
    """

    path: str
    key: str
    size: Annotated[int, Field(ge=0)]
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    crc32: Annotated[int, Field(ge=0, lt=1 << 32)]
    mib_crc32: tuple[int, ...] = ()
    media_type: str
    created_at: Moment
    page_number: int | None = None
    page_version: int | None = None
    document_number: int | None = None

    @property
    def is_data(self) -> bool:
        """Say whether it came from outside: a page or a reading form, no description."""
        return self.page_number is not None or self.document_number is not None

    def package_file(self) -> PackageFile:
        """Give the file as a package knows it. Raises UnsafePath, PackageMisdescribed."""
        return PackageFile(self.path, self.size, self.sha256, self.crc32, self.media_type, self.created_at)


class ManifestPackage(Record):
    """A package: its OBJID and all its files, in order of path."""

    objid: str
    files: tuple[ManifestFile, ...]


class Manifest(Record):
    """What `ingest.dossier.preserved.v1` points to: the masters package and the AIP that describes it.

    `to_bytes` is canonical, so the digest in the event proves the whole. `version` is of the approval that the AIP was
    made by, None in manifests of before; `predecessor` is the OBJID of the AIP that it replaces: the masters stay.
    """

    format: Literal["saoluu.manifest.v1"] = "saoluu.manifest.v1"
    dossier_id: UUID
    version: int | None = None
    predecessor: str | None = None
    masters: ManifestPackage
    aip: ManifestPackage

    @property
    def pages(self) -> tuple[ManifestFile, ...]:
        """Give the page images in order of number."""
        pages = [(file.page_number, file) for file in self.masters.files if file.page_number is not None]
        return tuple(file for _, file in sorted(pages, key=lambda page: page[0]))

    @property
    def record(self) -> ManifestFile | None:
        """Give the full description: as this AIP has it, else as it was sealed with the masters."""
        found = [file for package in (self.aip, self.masters) for file in package.files if file.path == DOSSIER]
        return found[0] if found else None

    @property
    def readings(self) -> tuple[ManifestFile, ...]:
        """Give the reading forms in order of document; none where they were not made."""
        found = [(file.document_number, file) for file in self.aip.files if file.document_number is not None]
        return tuple(file for _, file in sorted(found, key=lambda reading: reading[0]))
