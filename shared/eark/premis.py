"""What happened to the pages and documents until they were sealed, as PREMIS 3.0."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Literal
from uuid import uuid5

from shared.eark.body import Body
from shared.eark.mets_parts import IDS, XSI
from shared.eark.moment import stamp
from shared.eark.package import GeneratedFile, PackageFile
from shared.eark.plain_xml import PlainXml, leaf_of, plain_document

NAMESPACE = "http://www.loc.gov/premis/v3"
Identifier = tuple[str, str]  # its type and its value
Role = Literal["authorizer", "implementer", "validator", "executing program"]


@dataclass(frozen=True, slots=True)
class Actor:
    """Who or what acted; a program with its version.

    `scheme` says which kind of name it has, where it is no account and no program of ours; `serial` tells apart what
    has the same name.
    """

    name: str
    kind: Literal["software", "person", "organization", "hardware"]
    version: str = ""
    scheme: str = ""
    serial: str = ""

    @property
    def identifier(self) -> Identifier:
        """Name the actor as events link to it."""
        scheme = self.scheme or ("software" if self.kind == "software" else "local")
        return scheme, " ".join(part for part in (self.name, self.version, self.serial) if part)


@dataclass(frozen=True, slots=True)
class PreservedObject:
    """A thing that acts are about: the package (`intellectualEntity`), its representation, or one of its files.

    `registry_key` is PRONOM's key of the file's format. `source` is the package that a thing was made from, `product`
    the one that is made from it, by OBJID.
    """

    category: Literal["intellectualEntity", "representation", "file"]
    identifiers: tuple[Identifier, ...]
    file: PackageFile | None = None
    format_name: str = ""
    registry_key: str = ""
    original_name: str = ""
    source: str = ""
    product: str = ""


@dataclass(frozen=True, slots=True)
class PreservationEvent:
    """An act: an event type of the Library of Congress list, when, by whom, what came of it, and on which objects.

    Where something was made of something else, `sources` are what it was made of, and `objects` what came out.
    """

    kind: str
    at: datetime
    actors: tuple[tuple[Actor, Role], ...]
    objects: tuple[Identifier, ...]
    outcome: str = "success"
    detail: str = ""
    note: str = ""
    sources: tuple[Identifier, ...] = ()


@dataclass(frozen=True, slots=True)
class AccessRule:
    """How the objects of a package may be used, as its description says."""

    told: str
    objects: tuple[Identifier, ...]


def preservation_file(
    path: str,
    objid: str,
    created_at: datetime,
    objects: Iterable[PreservedObject],
    events: Iterable[PreservationEvent],
    access: AccessRule | None = None,
) -> GeneratedFile:
    """Write a PREMIS file, to be handed to `build_package` as an enclosure; deterministic.

    Objects first, then events in the order given, then agents, then rights, as the schema wants.
    """
    out = Body()
    with plain_document(out, "premis", {"xmlns": NAMESPACE, "xmlns:xsi": XSI, "version": "3.0"}) as xml:
        for position, each in enumerate(objects, start=1):
            write_object(xml, position, each)
        actors: set[Actor] = set()
        for position, event in enumerate(events):
            write_event(xml, f"{objid}\n{path}\n{position}\n{event.kind}", event)
            actors.update(actor for actor, _ in event.actors)
        for actor in sorted(actors, key=lambda each: each.identifier):
            write_agent(xml, actor)
        if access:
            write_rights(xml, f"{objid}\n{path}\nrights", access)
    return GeneratedFile.of(path, out, "application/xml", created_at)


@lru_cache(maxsize=4096)
def identifier_of(of: str, identifier: Identifier, role: str = "") -> str:
    """Spell an identifier, whose parts PREMIS names after what they identify; the same actors act on every page."""
    told = leaf_of(f"{of}IdentifierType", identifier[0]) + leaf_of(f"{of}IdentifierValue", identifier[1])
    told += leaf_of(f"{of}Role", role) if role else ""
    return f"<{of}Identifier>\n{told}</{of}Identifier>\n"


def write_identifier(xml: PlainXml, of: str, identifier: Identifier, role: str = "") -> None:
    """Write an identifier."""
    xml.write(identifier_of(of, identifier, role))


def write_object(xml: PlainXml, position: int, each: PreservedObject) -> None:
    """Write an object: a file with its digest, size and format."""
    with xml.within("object", {"xsi:type": each.category, "xmlID": f"o{position}"}):
        for identifier in each.identifiers:
            write_identifier(xml, "object", identifier)
        if each.file is not None:
            write_characteristics(xml, each, each.file)
        if each.original_name:
            xml.leaf("originalName", each.original_name)
        for related, how in ((each.source, "has source"), (each.product, "is source of")):
            if related:
                write_derivation(xml, how, related)


def write_derivation(xml: PlainXml, how: str, related: str) -> None:
    """Relate an object to a package, in the words of the Library of Congress list."""
    with xml.within("relationship"):
        xml.leaf("relationshipType", "derivation")
        xml.leaf("relationshipSubType", how)
        with xml.within("relatedObjectIdentifier"):
            xml.leaf("relatedObjectIdentifierType", "OBJID")
            xml.leaf("relatedObjectIdentifierValue", related)


def write_characteristics(xml: PlainXml, each: PreservedObject, file: PackageFile) -> None:
    """Write what proves a file and what it is."""
    with xml.within("objectCharacteristics"):
        xml.leaf("compositionLevel", "0")
        with xml.within("fixity"):
            xml.leaf("messageDigestAlgorithm", "SHA-256")
            xml.leaf("messageDigest", file.sha256)
        xml.leaf("size", str(file.size))
        with xml.within("format"):
            with xml.within("formatDesignation"):
                xml.leaf("formatName", each.format_name or file.media_type)
            if each.registry_key:
                with xml.within("formatRegistry"):
                    xml.leaf("formatRegistryName", "PRONOM")
                    xml.leaf("formatRegistryKey", each.registry_key)


def write_event(xml: PlainXml, name: str, event: PreservationEvent) -> None:
    """Write an event with its outcome, its agents and the objects it was about."""
    with xml.within("event"):
        write_identifier(xml, "event", ("UUID", str(uuid5(IDS, name))))
        xml.leaf("eventType", event.kind)
        xml.leaf("eventDateTime", stamp(event.at))
        if event.detail:
            with xml.within("eventDetailInformation"):
                xml.leaf("eventDetail", event.detail)
        with xml.within("eventOutcomeInformation"):
            xml.leaf("eventOutcome", event.outcome)
            if event.note:
                with xml.within("eventOutcomeDetail"):
                    xml.leaf("eventOutcomeDetailNote", event.note)
        for actor, role in event.actors:
            write_identifier(xml, "linkingAgent", actor.identifier, role)
        for identifier in event.sources:
            write_identifier(xml, "linkingObject", identifier, "source")
        for identifier in event.objects:
            write_identifier(xml, "linkingObject", identifier, "outcome" if event.sources else "")


def write_agent(xml: PlainXml, actor: Actor) -> None:
    """Write an agent."""
    with xml.within("agent"):
        write_identifier(xml, "agent", actor.identifier)
        xml.leaf("agentName", actor.name)
        xml.leaf("agentType", actor.kind)
        if actor.version:
            xml.leaf("agentVersion", actor.version)
        if actor.serial:
            xml.leaf("agentNote", f"serial number {actor.serial}")


def write_rights(xml: PlainXml, name: str, access: AccessRule) -> None:
    """Write how the objects may be used."""
    with xml.within("rights"), xml.within("rightsStatement"):
        write_identifier(xml, "rightsStatement", ("UUID", str(uuid5(IDS, name))))
        xml.leaf("rightsBasis", "other")
        with xml.within("otherRightsInformation"):
            xml.leaf("otherRightsBasis", access.told)
        for identifier in access.objects:
            write_identifier(xml, "linkingObject", identifier)
