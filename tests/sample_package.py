"""A small package of made-up pages, for tests that need one on disk or in memory."""

import zlib
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from uuid import UUID

from shared.eark.build import build_package, reading_path, zip_entries
from shared.eark.description import DossierContent, LeftOutPage, ReadingFile
from shared.eark.layout import PREMIS, PRESERVED_DOCUMENTS, page_path
from shared.eark.mets_parts import Place
from shared.eark.names import archive_objid, submission_objid
from shared.eark.package import Makers, PackageDescription, PackageFile, PackagePage
from shared.eark.premis import AccessRule, Actor, PreservationEvent, PreservedObject, preservation_file
from shared.eark.profile import PackageForm, PackageType, profile_named
from shared.eark.virtual_zip import VirtualZip
from shared.eark.zip_headers import ZipEntry
from shared.events.catalog import DocumentDescription, DossierDescription, FondsDescription
from shared.ids import FondsId

MADE_AT = datetime(2026, 6, 12, 4, 45, 37, 690_000, tzinfo=UTC)
MASTERS = archive_objid("P623", UUID("0195c2f0-0000-7000-8000-00000000000a"))
AIP = archive_objid("P623", UUID("0195c2f0-0000-7000-8000-00000000000b"))
SIP = submission_objid(UUID("0195c2f0-0000-7000-8000-00000000000c"))
FONDS = FondsDescription(
    id=FondsId(UUID(int=7)), code="P623", title="Ủy ban hành chính tỉnh", kind="fonds", archive_code="H49"
)
DOSSIER = DossierDescription(
    file_code="H49.64.1954.160",
    title='Hồ sơ về việc sửa chữa đê điều <năm "1954"> & các năm sau',
    retention="01",
    access_level="01",
    languages=("01", "03"),
    starts_on="1954-03",
    ends_on="1956",
    keywords="đê điều",
    sheet_count=3,
    page_count=5,
    physical_condition="02",
    paper_file_code="H49.K1.160",
    note="Tờ số 4 rách.",
)
DOCUMENTS = (
    DocumentDescription(number=1, title="Tờ trình số 12", first_page=1, last_page=2),
    DocumentDescription(number=2, title="Quyết định số 15", first_page=3, last_page=5),
)


def page_bytes(number: int) -> bytes:
    """Make bytes that begin as a JPEG does; nobody decodes them here."""
    return b"\xff\xd8\xff\xe0" + sha256(str(number).encode()).digest() * (20 + number) + b"\xff\xd9"


def package_page(number: int, body: bytes, media_type: str = "image/jpeg") -> PackagePage:
    """Sum up a page."""
    file = PackageFile(
        path=page_path(number, media_type),
        size=len(body),
        sha256=sha256(body).hexdigest(),
        crc32=zlib.crc32(body),
        media_type=media_type,
        created_at=MADE_AT + timedelta(seconds=number),
    )
    return PackagePage(number, 1, file, f"scan {number}.jpg")


def form_of(package_type: PackageType, profile: str = "csip-2.1") -> PackageForm:
    """Give the form of a package type in a profile."""
    made = profile_named(profile)
    return made.aip if package_type == "AIP" else made.sip


def described(objid: str, package_type: PackageType = "AIP", **others: object) -> PackageDescription:
    """Describe a package made by a program of a fixed version."""
    makers = Makers("Saoluu", "1.0", "Trung tâm Lưu trữ lịch sử", FONDS.code, DOSSIER.file_code, "cvlt")
    form = others.pop("form", None) or form_of(package_type)
    return PackageDescription(objid, DOSSIER.title, form, MADE_AT, makers, **others)  # type: ignore[arg-type]


def content(page_numbers: tuple[int, ...] = (1, 2, 3, 5)) -> DossierContent:
    """Give the sample dossier; page 4 is left out."""
    pages = tuple(package_page(number, page_bytes(number)) for number in page_numbers)
    left_out = (LeftOutPage(number=4, explanation="Trang rách, không đọc được"),)
    return DossierContent(FONDS, DOSSIER, DOCUMENTS, pages, left_out)


def masters_files() -> dict[str, bytes]:
    """Give every file of the sample masters package by its path inside the package folder, PREMIS included."""
    description, dossier = described(MASTERS, whole=AIP), content()
    page_files = [page.file for page in dossier.pages]
    station, program = Actor("station-1", "hardware"), Actor("Saoluu", "software", "1.0")
    pages = [PreservedObject("file", (("path", file.path),), file) for file in page_files]
    whole = PreservedObject("intellectualEntity", (("OBJID", MASTERS),), product=AIP)
    events = [
        PreservationEvent("capture", MADE_AT, ((station, "executing program"),), pages[0].identifiers, detail="Quét"),
        PreservationEvent("ingestion", MADE_AT, ((program, "executing program"),), whole.identifiers),
    ]
    premis = preservation_file(PREMIS, MASTERS, MADE_AT, [whole, *pages], events)
    made = build_package(description, dossier, [premis])
    bodies = {page.file.path: page_bytes(page.number) for page in dossier.pages}
    return {generated.file.path: generated.body for generated in made} | bodies


def aip_files() -> dict[str, bytes]:
    """Give every file of the small AIP that points to the masters package."""
    made = build_package(described(AIP, parts=(MASTERS,)), content())
    return {generated.file.path: generated.body for generated in made}


def sip_files() -> dict[str, bytes]:
    """Give every file of the SIP."""
    made = build_package(described(SIP, "SIP"), content())
    pages = {page.file.path: page_bytes(page.number) for page in content().pages}
    return {generated.file.path: generated.body for generated in made} | pages


def reading_bytes(document: int) -> bytes:
    """Make bytes that begin as a PDF does; nobody opens them here."""
    return b"%PDF-1.7\n" + sha256(f"document {document}".encode()).digest() * (10 + document)


def with_readings(form: PackageForm, dossier: DossierContent) -> DossierContent:
    """Give every document of a dossier a reading form."""
    readings = []
    for document in dossier.documents:
        body = reading_bytes(document.number)
        code = dossier.dossier.file_code
        path = reading_path(form, code, document.number, is_itemised=dossier.is_itemised)
        file = PackageFile(path, len(body), sha256(body).hexdigest(), zlib.crc32(body), "application/pdf", MADE_AT)
        readings.append(ReadingFile(document.number, dossier.page_count_of(document.number), file))
    return replace(dossier, readings=tuple(readings))


def circular_files(
    package_type: PackageType, dossier: DossierContent | None = None, **settings: str
) -> dict[str, bytes]:
    """Give every file of the sample dossier as the circular's AIP_hoso or SIP_hoso, with other settings of its form."""
    form = form_of(package_type, "tt05-2025").model_copy(update=settings)
    objid = AIP if package_type == "AIP" else SIP
    held = with_readings(form, dossier or content())
    description = described(objid, form=form, parts=(MASTERS,), copies=2)
    enclosures = []
    if form.premis:
        program = Actor("Saoluu", "software", "1.0")
        whole = PreservedObject("intellectualEntity", (("OBJID", objid),), source=MASTERS)
        made = PreservationEvent(
            "information package creation", MADE_AT, ((program, "executing program"),), whole.identifiers
        )
        access = AccessRule("mode 01", whole.identifiers)
        place = Place(objid, "representations/rep1/", form)
        documents = [
            PreservedObject(
                "file", (("Doc", place.file_id(each.file)),), each.file, "PDF/A-2b", "fmt/477", source=MASTERS
            )
            for each in held.readings
        ]
        objects = [PreservedObject("representation", (("local", "rep1"),)), *documents]
        enclosures = [
            preservation_file(PREMIS, objid, MADE_AT, [whole], [made], access),
            preservation_file(f"{PRESERVED_DOCUMENTS}/{form.representation_premis}", objid, MADE_AT, objects, []),
        ]
    files = {each.file.path: each.body for each in build_package(description, held, enclosures)}
    return files | {each.file.path: reading_bytes(each.document) for each in held.readings}


def aip_hoso_files() -> dict[str, bytes]:
    """Give every file of the circular's AIP."""
    return circular_files("AIP")


def sip_hoso_files() -> dict[str, bytes]:
    """Give every file of the circular's SIP."""
    return circular_files("SIP")


def write_folder(files: dict[str, bytes], folder: Path) -> Path:
    """Lay files out under a folder."""
    for path, body in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(body)
    return folder


def entries_of(objid: str, files: dict[str, bytes]) -> list[ZipEntry]:
    """Lay files out; the source of an entry is its path inside the package."""
    sums = [
        PackageFile(path, len(body), sha256(body).hexdigest(), zlib.crc32(body), "application/octet-stream", MADE_AT)
        for path, body in files.items()
    ]
    return zip_entries(objid, sums, lambda file: file.path)


def virtual_zip(objid: str, files: dict[str, bytes]) -> VirtualZip:
    """Lay files out as a ZIP."""
    return VirtualZip.of(entries_of(objid, files))


async def zip_bytes(objid: str, files: dict[str, bytes]) -> bytes:
    """Give the whole ZIP of a package."""

    async def read(entry: ZipEntry, start: int, length: int) -> AsyncIterator[bytes]:
        yield files[entry.source][start : start + length]

    return b"".join([chunk async for chunk in virtual_zip(objid, files).stream(read=read)])
