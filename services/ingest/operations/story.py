"""Tell what happened to pages and documents until they were sealed, as PREMIS, and nothing that did not.

Acts on pages are told in the masters package, acts on documents and packages in the AIP; each names the other package.
"""

from collections.abc import Iterator, Sequence
from itertools import chain

from services.ingest.domain.reading_form import ReadingForm
from services.ingest.models import Copy
from services.ingest.operations.packing import Sealed, aip_form, aip_moment
from shared.eark.codes import label_of
from shared.eark.description import DossierContent, ReadingFile
from shared.eark.layout import PREMIS, PRESERVED_DOCUMENTS, REPRESENTATION
from shared.eark.mets_parts import Place
from shared.eark.numbers import archive_file_code, document_code
from shared.eark.package import GeneratedFile, PackageFile
from shared.eark.premis import AccessRule, Actor, PreservationEvent, PreservedObject, Role, preservation_file

PDF_A = ("PDF/A-2b", "fmt/477")  # its name, and PRONOM's key of it
Acted = tuple[tuple[Actor, Role], ...]


def masters_story(sealed: Sealed, content: DossierContent) -> list[GeneratedFile]:
    """Tell of every page how it came, what it replaced, and how it was judged."""
    objid, sealing = sealed.sealing.masters_objid, sealed.sealing
    whole = PreservedObject("intellectualEntity", (("OBJID", objid),), source=sealing.aip_objid)
    pages = (page_object(page.file, page.file_name) for page in content.pages)
    events = chain(arrivals(sealed, content), rescans(sealed, content), verdicts(sealed, whole))
    return [preservation_file(PREMIS, objid, sealing.begun_at, chain([whole], pages), events)]


def page_object(file: PackageFile, file_name: str) -> PreservedObject:
    """Name a page by its path; a format is told by its media type, for PRONOM tells more apart than was looked at."""
    return PreservedObject("file", (("path", file.path),), file, original_name=file_name)


def arrivals(sealed: Sealed, content: DossierContent) -> Iterator[PreservationEvent]:
    """Tell when each page came from its station and was found to be what the station had announced."""
    for page, (_, master) in zip(content.pages, sealed.pages, strict=True):
        yield PreservationEvent(
            "ingestion",
            master.stored_at,
            ((station(master.station), "implementer"), (program(sealed), "executing program")),
            (("path", page.file.path),),
            detail=f"version {master.version}, SHA-256 as the station announced it",
        )


def rescans(sealed: Sealed, content: DossierContent) -> Iterator[PreservationEvent]:
    """Tell which versions a page had before, and why it was scanned again."""
    here = {page.number: page.file.path for page in content.pages}
    reasons = {order.id: order.reason for order in sealed.rescans}
    newest = {(page.id, master.version): master for page, master in sealed.versions}
    for page, master in sealed.versions:
        old = newest.get((page.id, master.version - 1))
        if old is not None and page.number in here:
            reason = reasons.get(master.rescan_order_id, "") if master.rescan_order_id else ""
            yield PreservationEvent(
                "replacement",
                master.stored_at,
                ((station(master.station), "implementer"),),
                (("path", here[page.number]),),
                detail=f"version {master.version} instead of version {old.version}, SHA-256 {old.sha256}",
                note=reason,
            )


def verdicts(sealed: Sealed, whole: PreservedObject) -> Iterator[PreservationEvent]:
    """Tell how the dossier was accepted, and which pages were left out."""
    accepted = sealed.accepted
    inspector: Acted = ((Actor(accepted.actor or "qc", "person"), "validator"),)
    told = f"{accepted.accepted_count} accepted, {accepted.reserved_count} of them with reservation"
    yield PreservationEvent("quality review", accepted.occurred_at, inspector, whole.identifiers, detail=told)
    for page in accepted.rejected:
        yield PreservationEvent(
            "quality review",
            accepted.occurred_at,
            inspector,
            (("page", str(page.page_number)),),
            outcome="fail",
            detail=f"page {page.page_number} left out",
            note=page.explanation,
        )


def aip_story(sealed: Sealed, content: DossierContent, copies: Sequence[Copy]) -> list[GeneratedFile]:
    """Tell how the dossier was digitised, copied and packed, and how each document's reading form was made."""
    objid, made = sealed.sealing.aip_objid, aip_moment(copies)
    whole = PreservedObject("intellectualEntity", (("OBJID", objid),), source=sealed.sealing.masters_objid)
    mode = content.dossier.access_level
    access = AccessRule(f"mode {mode}: {label_of('mode', mode)}", whole.identifiers)
    events = [*package_events(sealed, whole, copies)]
    told = [preservation_file(PREMIS, objid, made, [whole], events, access)]
    form = aip_form(sealed)
    if content.readings and form.representation_premis:
        place = Place(objid, f"{REPRESENTATION}/", form)
        path = f"{PRESERVED_DOCUMENTS}/{form.representation_premis}"
        objects = [
            representation_object(),
            *(document_object(sealed, content, place, each) for each in content.readings),
        ]
        acts = [
            act
            for each, reading in zip(objects[1:], sealed.readings, strict=True)
            for act in document_events(sealed, each, reading)
        ]
        told.append(preservation_file(path, objid, made, objects, acts))
    return told


def package_events(sealed: Sealed, whole: PreservedObject, copies: Sequence[Copy]) -> Iterator[PreservationEvent]:
    """Tell of digitisation (which the circular calls `transfer`), of both copies of the masters, and of packing."""
    order, masters = sealed.order, ("OBJID", sealed.sealing.masters_objid)
    if order.closed_at is not None:
        stations = sorted({master.station for _, master in sealed.versions or sealed.pages})
        acted: Acted = tuple((station(each), "implementer") for each in stations)
        yield PreservationEvent(
            "transfer",
            order.closed_at,
            acted,
            (masters,),
            detail=f"digitised: {order.scanned_count} of {order.expected_count} pages",
            note=order.explanation,
        )
    for copy in sorted(copies, key=lambda each: each.store):
        yield PreservationEvent(
            "replication",
            copy.verified_at,
            ((program(sealed), "executing program"),),
            (masters,),
            detail=f"{copy.store}: {copy.file_count} files, {copy.byte_count} bytes, each read back, SHA-256",
        )
    yield PreservationEvent(
        "information package creation",
        aip_moment(copies),
        ((program(sealed), "executing program"),),
        (masters, *whole.identifiers),
    )


def representation_object() -> PreservedObject:
    """Name the one representation."""
    return PreservedObject("representation", (("local", "rep1"),))


def document_object(sealed: Sealed, content: DossierContent, place: Place, reading: ReadingFile) -> PreservedObject:
    """Name a reading form by its ID in METS and by its document's code; it was made from pages of the masters."""
    code = archive_file_code(content.fonds.archive_code, content.dossier.file_code)
    return PreservedObject(
        "file",
        (("Doc", place.file_id(reading.file)), ("docCode", document_code(code, reading.document))),
        reading.file,
        format_name=PDF_A[0],
        registry_key=PDF_A[1],
        original_name=reading.file.path.rpartition("/")[2],
        source=sealed.sealing.masters_objid,
    )


def document_events(sealed: Sealed, each: PreservedObject, reading: ReadingForm) -> Iterator[PreservationEvent]:
    """Tell how a reading form was made: bound, read, and signed if it was."""
    target = each.identifiers[:1]
    bound: Acted = ((program(sealed), "executing program"),)
    if reading.read_by:
        bound += ((Actor(reading.read_by, "software"), "executing program"),)
    unread = ", ".join(map(str, reading.unread_pages))
    yield PreservationEvent(
        "normalization",
        reading.made_at,
        bound,
        target,
        outcome="partial" if reading.unread_pages else "success",
        detail=f"{reading.page_count} pages bound as PDF/A-2b" + (", text read" if reading.read_by else ""),
        note=f"no text layer: pages {unread}" if unread else "",
    )
    if reading.signed_by and reading.signed_at:
        signed: Acted = ((Actor(reading.signed_by, "organization"), "authorizer"),)
        yield PreservationEvent("digital signature generation", reading.signed_at, signed, target)


def program(sealed: Sealed) -> Actor:
    """Name this program in the version that the sealing began with."""
    return Actor("Saoluu", "software", sealed.sealing.software_version)


def station(name: str) -> Actor:
    """Name a scanning station: its account is of a machine."""
    return Actor(name, "hardware")
