"""What happened to the pages until they were sealed, as PREMIS 3.0."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from uuid import uuid5

from shared.eark import layout
from shared.eark.mets_parts import IDS
from shared.eark.moment import stamp
from shared.eark.package import GeneratedFile, PackageDescription, PackageFile
from shared.eark.xml_writer import XmlWriter, document

NAMESPACE = "http://www.loc.gov/premis/v3"
XSI = "http://www.w3.org/2001/XMLSchema-instance"


@dataclass(frozen=True, slots=True)
class PreservationEvent:
    """An act on pages: an event type of the Library of Congress list (`capture`, `ingestion`, `validation`, ...).

    `agent` is who or what acted; `paths` are the files it was about, empty for the whole package.
    """

    kind: str
    at: datetime
    agent: str
    outcome: str = "success"
    detail: str = ""
    paths: tuple[str, ...] = ()


def preservation_file(
    description: PackageDescription, files: Sequence[PackageFile], events: Sequence[PreservationEvent]
) -> GeneratedFile:
    """Write `metadata/preservation/PREMIS.xml`, to be handed to `build_package` as an enclosure.

    Objects first, then events in the order given, then agents, as the schema wants. Deterministic.
    """
    out = BytesIO()
    with document(out, "premis", {None: NAMESPACE, "xsi": XSI}, {"version": "3.0"}) as xml:
        with xml.within("object", {f"{{{XSI}}}type": "intellectualEntity"}):
            write_identifier(xml, "object", "OBJID", description.objid)
        for file in files:
            write_file(xml, file)
        for position, event in enumerate(events):
            write_event(xml, description.objid, position, event)
        for agent in sorted({event.agent for event in events}):
            with xml.within("agent"):
                write_identifier(xml, "agent", "local", agent)
                xml.leaf("agentName", agent)
    return GeneratedFile.of(layout.PREMIS, out.getvalue(), "application/xml", description.created_at)


def write_identifier(xml: XmlWriter, of: str, kind: str, value: str) -> None:
    """Write an identifier; PREMIS names its parts after what they identify."""
    with xml.within(f"{of}Identifier"):
        xml.leaf(f"{of}IdentifierType", kind)
        xml.leaf(f"{of}IdentifierValue", value)


def write_file(xml: XmlWriter, file: PackageFile) -> None:
    """Write a file object: its digest, size and format."""
    with xml.within("object", {f"{{{XSI}}}type": "file"}):
        write_identifier(xml, "object", "path", file.path)
        with xml.within("objectCharacteristics"):
            with xml.within("fixity"):
                xml.leaf("messageDigestAlgorithm", "SHA-256")
                xml.leaf("messageDigest", file.sha256)
            xml.leaf("size", str(file.size))
            with xml.within("format"), xml.within("formatDesignation"):
                xml.leaf("formatName", file.media_type)


def write_event(xml: XmlWriter, objid: str, position: int, event: PreservationEvent) -> None:
    """Write an event with its outcome, its agent and the objects it was about."""
    with xml.within("event"):
        write_identifier(xml, "event", "UUID", str(uuid5(IDS, f"{objid}\n{position}\n{event.kind}")))
        xml.leaf("eventType", event.kind)
        xml.leaf("eventDateTime", stamp(event.at))
        if event.detail:
            with xml.within("eventDetailInformation"):
                xml.leaf("eventDetail", event.detail)
        with xml.within("eventOutcomeInformation"):
            xml.leaf("eventOutcome", event.outcome)
        with xml.within("linkingAgentIdentifier"):
            xml.leaf("linkingAgentIdentifierType", "local")
            xml.leaf("linkingAgentIdentifierValue", event.agent)
        for path in event.paths or (objid,):
            with xml.within("linkingObjectIdentifier"):
                xml.leaf("linkingObjectIdentifierType", "path" if event.paths else "OBJID")
                xml.leaf("linkingObjectIdentifierValue", path)
