"""The manifest of a sealing: made of what is to be sealed, and read back as the layout that is sealed."""

from collections.abc import Sequence
from dataclasses import dataclass

from services.ingest.domain.incoming_key import draft_key
from services.ingest.errors import AcceptedPagesDiffer
from services.ingest.models import ScanOrder, Sealing
from services.ingest.operations.packing import Placed, Sealed
from shared.eark.layout import METS
from shared.eark.manifest import Manifest, ManifestFile, ManifestPackage
from shared.eark.names import folder_name, path_name
from shared.eark.package import GeneratedFile


@dataclass(frozen=True, slots=True)
class Layout:
    """Every file of a sealing: both packages, and the manifest that names them with its own place."""

    masters: Sequence[Placed]
    aip: Sequence[Placed]
    manifest: Manifest
    manifest_place: Placed


def manifest_of(sealed: Sealed, masters: Sequence[Placed], aip: Sequence[Placed]) -> Manifest:
    """List every file of both packages."""
    return Manifest(
        dossier_id=sealed.order.dossier_id,
        masters=ManifestPackage(objid=sealed.sealing.masters_objid, files=listed(masters)),
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
        )
        for each in sorted(files, key=lambda each: each.file.path)
    )


def layout_of(sealed: Sealed, body: bytes) -> Layout:
    """Read a layout back from its manifest: images first, the root METS of a package last.

    Raises RecordUnreadable, AcceptedPagesDiffer.
    """
    manifest = Manifest.from_bytes(body)
    sources = {(page.number, master.version): master for page, master in sealed.pages}

    def source_of(file: ManifestFile) -> str:
        if file.page_number is None or file.page_version is None:
            return draft_key(sealed.order.dossier_id, file.sha256)
        master = sources.get((file.page_number, file.page_version))
        if master is None or master.sha256 != file.sha256:
            raise AcceptedPagesDiffer(f"page {file.page_number} of the manifest")
        return master.key

    masters, aip = (
        [
            Placed(each.package_file(), each.key, source_of(each))
            for each in sorted(package.files, key=lambda each: (each.page_number is None, each.path == METS, each.path))
        ]
        for package in (manifest.masters, manifest.aip)
    )
    return Layout(masters, aip, manifest, manifest_place(sealed, body))


def manifest_place(sealed: Sealed, body: bytes) -> Placed:
    """Give the manifest its place: beside the packages, under the AIP's name."""
    file = GeneratedFile.of("manifest.json", body, "application/json", sealed.sealing.begun_at).file
    return Placed(file, manifest_key(sealed.order, sealed.sealing), draft_key(sealed.order.dossier_id, file.sha256))


def manifest_key(order: ScanOrder, sealing: Sealing) -> str:
    """Name the manifest of a dossier, the same in both stores."""
    return f"{path_name(order.fonds_code)}/{folder_name(sealing.aip_objid)}.manifest.json"
