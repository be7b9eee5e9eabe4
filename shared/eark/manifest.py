"""The manifest of a preserved dossier: every file of its packages, where it lies in the stores, and its sums."""

from pydantic import BaseModel, ConfigDict


class ManifestFile(BaseModel):
    """One file: the package it belongs to, its path there, its key in every store; a page has number and version."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    objid: str
    path: str
    key: str
    size: int
    sha256: str
    crc32: int
    media_type: str
    page_number: int | None = None
    page_version: int | None = None


class Manifest(BaseModel):
    """All files of a dossier's masters package and AIP, in the order they were written."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    dossier_id: str
    fonds_code: str
    file_code: str
    masters_objid: str
    aip_objid: str
    files: tuple[ManifestFile, ...]

    def canonical(self) -> bytes:
        """Give the bytes that are stored: the same manifest is always the same bytes."""
        return self.model_dump_json(indent=1).encode()

    @property
    def pages(self) -> tuple[ManifestFile, ...]:
        """Give the page images, in order."""
        pages = (file for file in self.files if file.page_number is not None)
        return tuple(sorted(pages, key=lambda file: file.page_number or 0))

    def file(self, objid: str, path: str) -> ManifestFile:
        """Give one file. Raises LookupError."""
        return next(file for file in self.files if (file.objid, file.path) == (objid, path))
