"""The manifest of a sealing: made of what is to be sealed, and read back as the layout that is sealed."""

from collections.abc import Sequence
from dataclasses import dataclass

from services.ingest.domain.incoming_key import draft_key
from services.ingest.errors import AcceptedPagesDiffer
from services.ingest.models import ScanOrder, Sealing
from services.ingest.operations.packing import Placed, Sealed
from shared.eark.layout import METS
from shared.eark.manifest import BESIDE, Manifest, ManifestFile, ManifestPackage
from shared.eark.names import folder_name, path_name
from shared.eark.package import GeneratedFile


@dataclass(frozen=True, slots=True)
class Layout:
    """Every file of a sealing: both packages, and the manifest that names them with its own place."""

    masters: Sequence[Placed]
    aip: Sequence[Placed]
    manifest: Manifest
    manifest_place: Placed


def masters_listing(sealed: Sealed, masters: Sequence[Placed]) -> ManifestPackage:
    """List every file of the masters package."""
    return ManifestPackage(objid=sealed.sealing.masters_objid, files=listed(masters))


def manifest_of(sealed: Sealed, masters: ManifestPackage, aip: Sequence[Placed]) -> Manifest:
    """List every file of both packages."""
    return Manifest(
        dossier_id=sealed.order.dossier_id,
        version=sealed.order.version,
        masters=masters,
        aip=ManifestPackage(objid=sealed.sealing.aip_objid, files=listed(aip)),
    )


def listed(files: Sequence[Placed]) -> tuple[ManifestFile, ...]:
    """Give the manifest's entries for files, in order of path."""
    return tuple(
        ManifestFile(
            path=each.file.path,
            key=each.key,
            size=each.file.size,
            sha256=each.file.sha256,
            crc32=each.file.crc32,
            mib_crc32=each.mib_crc32,
            media_type=each.file.media_type,
            created_at=each.file.created_at,
            page_number=each.page_number,
            page_version=each.page_version,
            document_number=each.document_number,
        )
        for each in sorted(files, key=lambda each: each.file.path)
    )


def layout_of(sealed: Sealed, body: bytes) -> Layout:
    """Read a layout back from its manifest. Raises RecordUnreadable, AcceptedPagesDiffer."""
    manifest = Manifest.from_bytes(body)
    masters, aip = placed_from(sealed, manifest.masters), placed_from(sealed, manifest.aip)
    return Layout(masters, aip, manifest, manifest_place(sealed, body))


def placed_from(sealed: Sealed, package: ManifestPackage) -> list[Placed]:
    """Give the files of a package with where each is read from: data first, the root METS last.

    Raises AcceptedPagesDiffer.
    """
    pages = {(page.number, master.version): (master.sha256, master.key) for page, master in sealed.pages}
    readings = {made.document: (made.sha256, made.source_key) for made in sealed.readings}

    def source_of(file: ManifestFile) -> str:
        if not file.is_data:
            return draft_key(sealed.order.dossier_id, file.sha256)
        number, version = file.page_number, file.page_version
        found = readings.get(file.document_number or 0) if number is None else pages.get((number, version or 0))
        if found is None or found[0] != file.sha256:
            raise AcceptedPagesDiffer(f"{file.path} of the manifest")
        return found[1]

    ordered = sorted(package.files, key=lambda each: (not each.is_data, each.path == METS, each.path))
    return [Placed(each.package_file(), each.key, source_of(each)) for each in ordered]


def manifest_place(sealed: Sealed, body: bytes) -> Placed:
    """Give the manifest its place: beside the packages, under the AIP's name."""
    file = GeneratedFile.of("manifest.json", body, "application/json", sealed.sealing.begun_at).file
    return Placed(file, manifest_key(sealed.order, sealed.sealing), draft_key(sealed.order.dossier_id, file.sha256))


def manifest_key(order: ScanOrder, sealing: Sealing) -> str:
    """Name the manifest of a dossier, the same in both stores."""
    return manifest_key_of(order.fonds_code, sealing.aip_objid)


def manifest_key_of(fonds_code: str, aip_objid: str) -> str:
    """Name the manifest that lies beside an AIP: each version of a dossier's AIP has its own."""
    return f"{path_name(fonds_code)}/{folder_name(aip_objid)}{BESIDE}"
