"""Preserved dossiers laid into both stores: manifests and records as sealing writes them, reading forms of any bytes.

Masters are sparse, files that have a length and take no room on the disk; reading forms may be.
"""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from hashlib import sha256
from pathlib import Path
from uuid import UUID, uuid4

from services.handover.models import PreservedDossier
from shared.eark.description import DossierContent, DossierRecord
from shared.eark.layout import DATA, DOSSIER, METS, page_path
from shared.eark.manifest import Manifest, ManifestFile, ManifestPackage
from shared.eark.names import archive_objid, folder_name
from shared.eark.package import Makers, PackageDescription, PackagePage
from shared.eark.profile import profile_named
from shared.events.catalog import DocumentDescription, DossierDescription, FondsDescription
from shared.ids import FondsId
from shared.storage.digest import Hasher
from shared.storage.port import MIB, Fixity

STORES = ("archive", "reserve")
MOMENT = datetime(2026, 6, 12, 4, 45, 37, tzinfo=UTC)
FONDS = FondsDescription(id=FondsId(UUID(int=7)), code="P01", title="Phông mẫu", kind="fonds", archive_code="H49")


@dataclass(frozen=True)
class Kind:
    """Dossiers alike: pages, bytes of each, documents, and whether their reading forms are sparse too."""

    pages: int
    page_size: int
    documents: int
    is_sparse: bool

    @property
    def a_document(self) -> int:
        """Give the pages of a document."""
        return self.pages // self.documents


class Shelves:
    """Lays dossiers into the stores of a data folder."""

    def __init__(self, data: Path) -> None:
        self._roots = [data / "stores" / store for store in STORES]
        for root in self._roots:
            (root / ".unfinished").mkdir(parents=True)

    def lay(self, number: int, kind: Kind) -> PreservedDossier:
        """Lay one dossier; gives the row that says it is preserved."""
        masters, aip = (archive_objid(FONDS.code, uuid4()) for _ in range(2))
        described = DossierDescription(
            file_code=f"H49.2001.{number}", title=f"Hồ sơ số {number}", retention="01", access_level="01",
            page_count=kind.pages, languages=("vie",), keywords="đất đai; địa giới",
        )  # fmt: skip
        pages = [
            self.body(masters, page_path(each, "image/jpeg"), kind.page_size, True, page_number=each, page_version=1)
            for each in range(1, kind.pages + 1)
        ]
        readings = [
            self.body(
                aip, f"{DATA}/{described.file_code}.{each}.pdf", kind.page_size * kind.a_document, kind.is_sparse,
                document_number=each,
            )
            for each in range(1, kind.documents + 1)
        ]  # fmt: skip
        record = self.text(masters, DOSSIER, recorded(masters, described, pages, kind))
        manifest = Manifest(
            dossier_id=uuid4(),
            masters=ManifestPackage(objid=masters, files=(*pages, record, self.text(masters, METS, b"masters"))),
            aip=ManifestPackage(objid=aip, files=(*readings, self.text(aip, METS, b"AIP"))),
        )
        key, body = f"{FONDS.code}/{folder_name(aip)}.manifest.json", manifest.to_bytes()
        self.write(key, body)
        return PreservedDossier(
            dossier_id=manifest.dossier_id, fonds_code=FONDS.code, file_code=described.file_code, title=described.title,
            page_count=kind.pages, byte_count=kind.pages * kind.page_size, masters_objid=masters, manifest_key=key,
            manifest_sha256=sha256(body).hexdigest(), reading_count=kind.documents, preserved_at=MOMENT,
        )  # fmt: skip

    def body(self, objid: str, path: str, size: int, is_sparse: bool, **place: int) -> ManifestFile:
        """Lay a page or a reading form."""
        key = f"{FONDS.code}/{folder_name(objid)}/{path}"
        if is_sparse:
            self.write(key, b"", size)
            return entry(path, key, fixity_of_zeros(size), **place)
        body = os.urandom(size)
        self.write(key, body)
        return entry(path, key, fixity_of(body), **place)

    def text(self, objid: str, path: str, body: bytes) -> ManifestFile:
        """Lay a file that describes."""
        key = f"{FONDS.code}/{folder_name(objid)}/{path}"
        self.write(key, body)
        return entry(path, key, fixity_of(body))

    def write(self, key: str, body: bytes, size: int | None = None) -> None:
        """Write a file into both stores, as long as is told."""
        for root in self._roots:
            (root / key).parent.mkdir(parents=True, exist_ok=True)
            with (root / key).open("wb") as file:
                file.write(body)
                file.truncate(size)


def recorded(objid: str, dossier: DossierDescription, pages: Sequence[ManifestFile], kind: Kind) -> bytes:
    """Write the record of a dossier as sealing does."""
    documents = tuple(
        DocumentDescription(
            number=each, title=f"Quyết định số {each} về việc giao đất", first_page=(each - 1) * kind.a_document + 1,
            last_page=each * kind.a_document, type_code="QĐ", code_number=str(each), issuer="UBND tỉnh",
        )
        for each in range(1, kind.documents + 1)
    )  # fmt: skip
    held = tuple(PackagePage(page.page_number or 0, 1, page.package_file()) for page in pages)
    makers = Makers("Saoluu", "1", agency="H49", fonds=FONDS.code, file_code=dossier.file_code)
    described = PackageDescription(objid, dossier.title, profile_named("csip-2.2").aip, MOMENT, makers)
    return b"".join(DossierRecord.written(described, DossierContent(FONDS, dossier, documents, held)).chunks())


def entry(path: str, key: str, fixity: Fixity, **place: int) -> ManifestFile:
    """Enter a file in a manifest."""
    kinds = {".pdf": "application/pdf", ".jpg": "image/jpeg", ".xml": "application/xml", ".json": "application/json"}
    return ManifestFile(
        path=path, key=key, size=fixity.size, sha256=fixity.sha256, crc32=fixity.crc32, mib_crc32=fixity.mib_crc32,
        media_type=kinds[Path(path).suffix], created_at=MOMENT, **place,
    )  # fmt: skip


def fixity_of(body: bytes) -> Fixity:
    """Sum up bytes."""
    hasher = Hasher()
    hasher.update(body)
    return hasher.fixity()


@cache
def fixity_of_zeros(size: int) -> Fixity:
    """Sum up a sparse file."""
    hasher, zeros = Hasher(), bytes(MIB)
    for at in range(0, size, MIB):
        hasher.update(zeros[: size - at])
    return hasher.fixity()
