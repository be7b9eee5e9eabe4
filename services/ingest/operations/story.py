"""Tell what happened to the documents and packages of a dossier until they were sealed, as PREMIS in the AIP.

What happened to its pages is told in the package of the masters (`page_story`); each names the other package.
"""

from collections.abc import Iterator, Sequence
from itertools import chain

from services.ingest.domain.reading_form import ReadingForm
from services.ingest.models import Copy
from services.ingest.operations.actors import Acted, inspector, program, scan_crew, station
from services.ingest.operations.packing import Sealed, aip_form, aip_moment
from services.ingest.operations.proof_story import proof_told
from shared.eark.codes import label_of
from shared.eark.description import DossierContent, ReadingFile
from shared.eark.layout import PREMIS, PRESERVED_DOCUMENTS, REPRESENTATION
from shared.eark.mets_parts import Place
from shared.eark.numbers import archive_file_code, document_code
from shared.eark.package import GeneratedFile
from shared.eark.premis import AccessRule, Actor, Identifier, PreservationEvent, PreservedObject, preservation_file

PDF_A = ("PDF/A-2b", "fmt/477")  # its name, and PRONOM's key of it


def aip_story(sealed: Sealed, content: DossierContent, copies: Sequence[Copy]) -> list[GeneratedFile]:
    """Tell how the dossier was digitised, copied and packed, and how each document's reading form was made."""
    objid, made = sealed.sealing.aip_objid, aip_moment(copies)
    whole = PreservedObject("intellectualEntity", (("OBJID", objid),), source=sealed.sealing.masters_objid)
    events = [*package_events(sealed, whole, copies)]
    told = [preservation_file(PREMIS, objid, made, [whole], events, access_rule(content, whole))]
    form = aip_form(sealed)
    if content.readings and form.representation_premis:
        place = Place(objid, f"{REPRESENTATION}/", form)
        path = f"{PRESERVED_DOCUMENTS}/{form.representation_premis}"
        objects = (document_object(sealed, content, place, each) for each in content.readings)
        acts = (
            act
            for each, reading in zip(content.readings, sealed.readings, strict=True)
            for act in document_events(sealed, names_of(content, place, each), reading)
        )
        told.append(preservation_file(path, objid, made, chain([representation_object()], objects), acts))
    return told


def access_rule(content: DossierContent, whole: PreservedObject) -> AccessRule:
    """Say how a package of the dossier may be used, as its description has it."""
    mode = content.dossier.access_level
    return AccessRule(f"mode {mode}: {label_of('mode', mode)}", whole.identifiers)


def package_events(sealed: Sealed, whole: PreservedObject, copies: Sequence[Copy]) -> Iterator[PreservationEvent]:
    """Tell of digitisation (which the circular calls `transfer`), inspection, both copies of the masters, packing."""
    masters = ("OBJID", sealed.sealing.masters_objid)
    yield from digitisation(sealed, masters, sealed.order.expected_count)
    yield acceptance(sealed, masters)
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
        whole.identifiers,
        sources=(masters,),
    )


def digitisation(sealed: Sealed, masters: Identifier, expected: int | None = None) -> Iterator[PreservationEvent]:
    """Tell when the scanning of a dossier was closed, and by which stations, devices and people it was done.

    How many pages were expected then is told where it is still known.
    """
    order = sealed.order
    if order.closed_at is None:
        return
    stations = sorted({master.station for _, master in sealed.past.versions} - {""})
    acted: Acted = tuple((station(each), "implementer") for each in stations)
    for setup in sorted(sealed.past.setups.values(), key=lambda each: each.id):
        acted += tuple(each for each in scan_crew(setup) if each not in acted)
    yield PreservationEvent(
        "transfer",
        order.closed_at,
        acted,
        (masters,),
        detail=f"digitised: {order.scanned_count}{'' if expected is None else f' of {expected}'} pages",
        note=order.explanation,
    )


def acceptance(sealed: Sealed, whole: Identifier) -> PreservationEvent:
    """Tell how the dossier was accepted as a whole."""
    accepted = sealed.accepted
    left_out = f", {len(accepted.rejected)} left out" if accepted.rejected else ""
    return PreservationEvent(
        "quality review",
        accepted.occurred_at,
        ((inspector(accepted.actor or "qc"), "validator"),),
        (whole,),
        detail=f"{accepted.accepted_count} pages accepted, {accepted.reserved_count} with reservation{left_out}",
        note=accepted.note,
    )


def representation_object() -> PreservedObject:
    """Name the one representation."""
    return PreservedObject("representation", (("local", "rep1"),))


def document_object(
    sealed: Sealed, content: DossierContent, place: Place, reading: ReadingFile, source: str = ""
) -> PreservedObject:
    """Name a reading form by its ID in METS and by its document's code; it was made from pages of the masters.

    Where it was taken from another package as it is, that is its `source`.
    """
    return PreservedObject(
        "file",
        names_of(content, place, reading),
        reading.file,
        format_name=PDF_A[0],
        registry_key=PDF_A[1],
        original_name=reading.file.path.rpartition("/")[2],
        source=source or sealed.sealing.masters_objid,
    )


def names_of(content: DossierContent, place: Place, reading: ReadingFile) -> tuple[Identifier, Identifier]:
    """Name a reading form by its ID in METS, and the document it is of by its code."""
    code = archive_file_code(content.fonds.archive_code, content.dossier.file_code)
    return ("Doc", place.file_id(reading.file)), ("docCode", document_code(code, reading.document))


def document_events(
    sealed: Sealed, names: tuple[Identifier, Identifier], reading: ReadingForm
) -> Iterator[PreservationEvent]:
    """Tell how the reading form of a document that lies in this package was made."""
    name, document = names
    yield from making_events(sealed, (name,), (document,), reading)


def making_events(
    sealed: Sealed, target: tuple[Identifier, ...], documents: tuple[Identifier, ...], reading: ReadingForm
) -> Iterator[PreservationEvent]:
    """Tell how a reading form was made: bound, read, proved, and signed and proved again if it was."""
    yield from (proof_told(proof, *documents) for proof in reading.proofs if proof.fault)
    bound: Acted = ((program(sealed), "executing program"),)
    if reading.read_by:
        bound += ((Actor(reading.read_by, "software"), "executing program"),)
    yield PreservationEvent(
        "normalization",
        reading.made_at,
        bound,
        target,
        outcome="partial" if reading.unread_pages else "success",
        detail=f"{reading.page_count} pages bound as PDF/A-2b" + (", text read" if reading.read_by else ""),
        note=unread_note(reading),
    )
    yield from proving_events(target, reading)


def unread_note(reading: ReadingForm) -> str:
    """Name the pages without text."""
    unread = ", ".join(map(str, reading.unread_pages))
    return f"no text layer: pages {unread}" if unread else ""


def proving_events(target: tuple[Identifier, ...], reading: ReadingForm) -> Iterator[PreservationEvent]:
    """Tell how a reading form was proved, and signed and proved again if it was."""
    passed = [proof for proof in reading.proofs if not proof.fault]
    yield from (proof_told(proof, *target) for proof in passed if not proof.is_signed)
    if reading.signed_by and reading.signed_at:
        signed: Acted = ((Actor(reading.signed_by, "organization"), "authorizer"),)
        yield PreservationEvent("digital signature generation", reading.signed_at, signed, target)
    yield from (proof_told(proof, *target) for proof in passed if proof.is_signed)
