"""Make what is sealed: the masters package, and the AIP that describes it and holds the reading forms."""

import json
import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from services.ingest.domain.incoming_key import draft_key
from services.ingest.domain.reading_form import ReadingForm
from services.ingest.errors import AcceptedPagesDiffer
from services.ingest.models import Copy, Master, Page, ScanOrder, Sealing
from services.ingest.operations.past import Past
from shared.eark.build import build_package, reading_path
from shared.eark.description import DOCUMENTS, PAGES, READINGS, DossierContent, LeftOutPage, ReadingFile
from shared.eark.kept import Kept
from shared.eark.layout import page_path
from shared.eark.names import folder_name, path_name
from shared.eark.package import GeneratedFile, Makers, PackageDescription, PackageFile, PackagePage
from shared.eark.profile import PackageForm
from shared.events.catalog import DocumentDescription, DossierApproved
from shared.events.qc import DossierAccepted


@dataclass(frozen=True)
class Sealed:
    """Everything a sealing works from, read once.

    `form` is how the AIP is written, `masters_form` how the masters package is, and an AIP without reading forms.
    `past` is what happened to its pages before.
    """

    order: ScanOrder
    sealing: Sealing
    accepted: DossierAccepted
    pages: Sequence[tuple[Page, Master]]
    form: PackageForm
    masters_form: PackageForm
    past: Past
    readings: Sequence[ReadingForm] = ()


@dataclass(frozen=True, slots=True)
class Placed:
    """A file with its key in the stores and the incoming key that it is read from."""

    file: PackageFile
    key: str
    source_key: str
    page_number: int | None = None
    page_version: int | None = None
    document_number: int | None = None
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


def readings_of(sealed: Sealed, content: DossierContent) -> list[Placed]:
    """Give the reading forms, in the AIP."""
    folder = folder_of(sealed, sealed.sealing.aip_objid)
    return [
        Placed(
            reading.file,
            folder + reading.file.path,
            made.source_key,
            document_number=reading.document,
            mib_crc32=made.mib_crc32,
        )
        for reading, made in zip(content.readings, sealed.readings, strict=True)
    ]


def masters_files(
    sealed: Sealed, content: DossierContent, enclosures: Sequence[GeneratedFile]
) -> Sequence[GeneratedFile]:
    """Make what describes the images in the masters package."""
    objid, whole = sealed.sealing.masters_objid, sealed.sealing.aip_objid
    described = replace(described_as(sealed, sealed.masters_form, objid, sealed.sealing.begun_at), whole=whole)
    return build_package(described, replace(content, readings=()), enclosures)


def aip_files(
    sealed: Sealed, content: DossierContent, copies: Sequence[Copy], enclosures: Sequence[GeneratedFile]
) -> Sequence[GeneratedFile]:
    """Make the AIP around its reading forms, naming the masters; without reading forms it describes those only."""
    described = described_as(sealed, aip_form(sealed), sealed.sealing.aip_objid, aip_moment(copies))
    described = replace(described, parts=(sealed.sealing.masters_objid,), copies=len(copies))
    return build_package(described, content, enclosures)


def revision_files(
    sealed: Sealed, content: DossierContent, predecessor: str, enclosures: Sequence[GeneratedFile]
) -> Sequence[GeneratedFile]:
    """Make a newer AIP around the same reading forms, naming the masters and the AIP that it replaces.

    It holds the full record too: the one beside the masters tells what was sealed with them.
    """
    described = described_as(sealed, aip_form(sealed), sealed.sealing.aip_objid, sealed.sealing.begun_at)
    parts = (sealed.sealing.masters_objid,)
    described = replace(described, parts=parts, copies=2, predecessor=predecessor, with_record=True)
    return build_package(described, content, enclosures)


def aip_form(sealed: Sealed) -> PackageForm:
    """Choose the form of the AIP: the circular knows none without reading forms."""
    return sealed.form if sealed.readings or not sealed.form.is_simpledc else sealed.masters_form


def aip_moment(copies: Sequence[Copy]) -> datetime:
    """Say when the AIP is made: when the masters it names had been verified in every store."""
    return max(copy.verified_at for copy in copies)


def placed(sealed: Sealed, objid: str, files: Sequence[GeneratedFile]) -> list[Placed]:
    """Give generated files their keys: in their package, and as drafts."""
    folder, dossier_id = folder_of(sealed, objid), sealed.order.dossier_id
    return [Placed(each.file, folder + each.file.path, draft_key(dossier_id, each.file.sha256)) for each in files]


def described_as(sealed: Sealed, form: PackageForm, objid: str, created_at: datetime) -> PackageDescription:
    """Describe one package of the dossier with what was frozen when its sealing began."""
    archive = DossierApproved.model_validate_json(sealed.order.approval).fonds.archive_code
    order, version = sealed.order, sealed.sealing.software_version
    makers = Makers("Saoluu", version, agency=archive, fonds=order.fonds_code, file_code=order.file_code)
    return PackageDescription(objid, order.title, form, created_at, makers)


def content_of(sealed: Sealed) -> DossierContent:
    """Say what the dossier holds. Raises AcceptedPagesDiffer when its reading forms do not hold its pages."""
    approved = DossierApproved.model_validate_json(sealed.order.approval)
    content = DossierContent(
        fonds=approved.fonds,
        dossier=approved.description,
        documents=Kept(DOCUMENTS, documents_of(sealed.order, approved)),
        pages=Kept(PAGES, (packed_page(page, master) for page, master in sealed.pages)),
        left_out=tuple(
            LeftOutPage(number=each.page_number, explanation=each.explanation)
            for each in sorted(sealed.accepted.rejected, key=lambda each: each.page_number)
        ),
    )
    if sealed.readings:
        readings = (reading_file(sealed, made, is_itemised=content.is_itemised) for made in sealed.readings)
        content = replace(content, readings=Kept(READINGS, readings))
        demand_every_page_read(content)
    return content


def documents_of(order: ScanOrder, approved: DossierApproved) -> Iterator[DocumentDescription]:
    """Give the documents with their pages as closing settled them, and with what the catalog knows of each."""
    known = {(each.number, each.title): each for each in approved.documents}
    settled = (DocumentDescription(**each) for each in json.loads(order.documents))
    return (
        known.get((each.number, each.title), each).model_copy(
            update={"first_page": each.first_page, "last_page": each.last_page}
        )
        for each in settled
    )


def reading_file(sealed: Sealed, made: ReadingForm, *, is_itemised: bool) -> ReadingFile:
    """Give a reading form as a file of the AIP."""
    path = reading_path(sealed.form, sealed.order.file_code, made.document, is_itemised=is_itemised)
    file = PackageFile(path, made.size, made.sha256, made.crc32, "application/pdf", made.made_at)
    return ReadingFile(made.document, made.page_count, file)


def demand_every_page_read(content: DossierContent) -> None:
    """Raise AcceptedPagesDiffer unless every document that has pages has a reading form of as many."""
    read = {reading.document: reading.page_count for reading in content.readings}
    for document in content.documents:
        pages = content.page_count_of(document.number)
        if read.get(document.number, 0) != pages:
            raise AcceptedPagesDiffer(f"document {document.number}: {pages} pages, {read.get(document.number, 0)} read")


def packed_page(page: Page, master: Master) -> PackagePage:
    """Give a page as its package lists it."""
    return PackagePage(page.number, master.version, package_file(page, master), master.file_name)


def package_file(page: Page, master: Master) -> PackageFile:
    """Give a master as a file of its package."""
    path = page_path(page.number, master.media_type)
    return PackageFile(path, master.size, master.sha256, master.crc32, master.media_type, master.stored_at)


def folder_of(sealed: Sealed, objid: str) -> str:
    """Give the folder of a package in the stores, with a slash at its end."""
    return f"{path_name(sealed.order.fonds_code)}/{folder_name(objid)}/"
