"""Lay out what is sealed: masters package, the AIP that describes it, the manifest of both; nothing is written here."""

import json
import struct
from collections.abc import Sequence
from dataclasses import dataclass

from services.ingest.models import Master, Page, ScanOrder, Sealing
from shared.eark.build import build_package
from shared.eark.description import DossierContent, LeftOutPage
from shared.eark.layout import page_path
from shared.eark.manifest import Manifest, ManifestFile, ManifestPackage
from shared.eark.names import folder_name, path_name
from shared.eark.package import Agent, GeneratedFile, PackageDescription, PackageFile, PackagePage
from shared.eark.premis import PreservationEvent, preservation_file
from shared.events.catalog import DocumentDescription, DossierApproved
from shared.events.qc import DossierAccepted


@dataclass(frozen=True)
class Sealed:
    """Everything a sealing works from, read once."""

    order: ScanOrder
    sealing: Sealing
    accepted: DossierAccepted
    pages: Sequence[tuple[Page, Master]]


@dataclass(frozen=True, slots=True)
class Placed:
    """A file with its key in the stores: its bytes, or the incoming key they are read from."""

    file: PackageFile
    key: str
    body: bytes | None = None
    source_key: str = ""
    page_number: int | None = None
    page_version: int | None = None
    mib_crc32: tuple[int, ...] = ()


def masters_files(sealed: Sealed) -> list[Placed]:
    """Give every file of the masters package: the images as scanned, then what describes them."""
    described = described_as(sealed, sealed.sealing.masters_objid, whole=sealed.sealing.aip_objid)
    content = content_of(sealed)
    folder = folder_of(sealed, described.objid)
    images = [
        Placed(
            page.file,
            folder + page.file.path,
            source_key=master.key,
            page_number=page.number,
            page_version=page.version,
            mib_crc32=struct.unpack(f">{len(master.mib_crc32) // 4}I", master.mib_crc32),
        )
        for page, (_, master) in zip(content.pages, sealed.pages, strict=True)
    ]
    premis = preservation_file(described, [page.file for page in content.pages], story(sealed, content))
    return images + generated(folder, build_package(described, content, [premis]))


def aip_files(sealed: Sealed) -> list[Placed]:
    """Give every file of the AIP: the description, naming the masters; its reading form (PDF/A) is not built yet."""
    described = described_as(sealed, sealed.sealing.aip_objid, parts=(sealed.sealing.masters_objid,))
    return generated(folder_of(sealed, described.objid), build_package(described, content_of(sealed)))


def generated(folder: str, files: Sequence[GeneratedFile]) -> list[Placed]:
    """Give generated files their keys."""
    return [Placed(each.file, folder + each.file.path, body=each.body) for each in files]


def described_as(
    sealed: Sealed, objid: str, *, parts: tuple[str, ...] = (), whole: str | None = None
) -> PackageDescription:
    """Describe one package of the dossier with what was frozen when its sealing began."""
    archive = DossierApproved.model_validate_json(sealed.order.approval).fonds.archive_code
    return PackageDescription(
        objid=objid,
        label=sealed.order.title,
        package_type="AIP",
        created_at=sealed.sealing.begun_at,
        agents=(Agent.software("Saoluu", sealed.sealing.software_version), Agent.archive(archive, archive)),
        parts=parts,
        whole=whole,
    )


def content_of(sealed: Sealed) -> DossierContent:
    """Say what the dossier holds."""
    approved = DossierApproved.model_validate_json(sealed.order.approval)
    return DossierContent(
        fonds=approved.fonds,
        dossier=approved.description,
        documents=tuple(DocumentDescription(**each) for each in json.loads(sealed.order.documents)),
        pages=tuple(
            PackagePage(page.number, master.version, package_file(page, master), master.file_name)
            for page, master in sealed.pages
        ),
        left_out=tuple(
            LeftOutPage(number=each.page_number, explanation=each.explanation)
            for each in sorted(sealed.accepted.rejected, key=lambda each: each.page_number)
        ),
    )


def package_file(page: Page, master: Master) -> PackageFile:
    """Give a master as a file of its package."""
    path = page_path(page.number, master.media_type)
    return PackageFile(path, master.size, master.sha256, master.crc32, master.media_type, master.stored_at)


def story(sealed: Sealed, content: DossierContent) -> list[PreservationEvent]:
    """Tell what happened to the pages until now, and nothing that did not."""
    arrivals = [
        PreservationEvent("ingestion", master.stored_at, master.station, paths=(page.file.path,))
        for page, (_, master) in zip(content.pages, sealed.pages, strict=True)
    ]
    accepted = sealed.accepted
    outcome = f"{accepted.accepted_count} accepted, {accepted.reserved_count} of them with reservation"
    verdict = PreservationEvent("quality review", accepted.occurred_at, accepted.actor, detail=outcome)
    return [*arrivals, verdict]


def folder_of(sealed: Sealed, objid: str) -> str:
    """Give the folder of a package in the stores, with a slash at its end."""
    return f"{path_name(sealed.order.fonds_code)}/{folder_name(objid)}/"


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


def manifest_place(sealed: Sealed, manifest: Manifest) -> Placed:
    """Give the manifest its place: beside the packages, under the AIP's name."""
    body = manifest.to_bytes()
    made = GeneratedFile.of("manifest.json", body, "application/json", sealed.sealing.begun_at)
    key = f"{folder_of(sealed, sealed.sealing.aip_objid).rstrip('/')}.manifest.json"
    return Placed(made.file, key, body=body)
