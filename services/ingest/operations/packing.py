"""Make what is sealed: the masters package and the AIP that describes it; nothing is written here."""

import json
import struct
from collections.abc import Sequence
from dataclasses import dataclass

from services.ingest.domain.incoming_key import draft_key
from services.ingest.models import Master, Page, ScanOrder, Sealing
from shared.eark.build import build_package
from shared.eark.description import DossierContent, LeftOutPage
from shared.eark.layout import page_path
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
    """A file with its key in the stores and the incoming key that it is read from."""

    file: PackageFile
    key: str
    source_key: str
    page_number: int | None = None
    page_version: int | None = None
    mib_crc32: tuple[int, ...] = ()


def images_of(sealed: Sealed, content: DossierContent) -> list[Placed]:
    """Give the images as scanned, in the masters package."""
    folder = folder_of(sealed, sealed.sealing.masters_objid)
    return [
        Placed(
            page.file,
            folder + page.file.path,
            master.key,
            page_number=page.number,
            page_version=page.version,
            mib_crc32=struct.unpack(f">{len(master.mib_crc32) // 4}I", master.mib_crc32),
        )
        for page, (_, master) in zip(content.pages, sealed.pages, strict=True)
    ]


def masters_files(sealed: Sealed, content: DossierContent) -> list[GeneratedFile]:
    """Make what describes the images in the masters package."""
    described = described_as(sealed, sealed.sealing.masters_objid, whole=sealed.sealing.aip_objid)
    premis = preservation_file(described, [page.file for page in content.pages], story(sealed, content))
    return build_package(described, content, [premis])


def aip_files(sealed: Sealed, content: DossierContent) -> list[GeneratedFile]:
    """Make the AIP: the description, naming the masters; its reading form (PDF/A) is not built yet."""
    described = described_as(sealed, sealed.sealing.aip_objid, parts=(sealed.sealing.masters_objid,))
    return build_package(described, content)


def placed(sealed: Sealed, objid: str, files: Sequence[GeneratedFile]) -> list[Placed]:
    """Give generated files their keys: in their package, and as drafts."""
    folder, dossier_id = folder_of(sealed, objid), sealed.order.dossier_id
    return [Placed(each.file, folder + each.file.path, draft_key(dossier_id, each.file.sha256)) for each in files]


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
