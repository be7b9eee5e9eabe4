"""The sections that both METS files share: header, metadata references, file groups."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID, uuid5

from shared.eark import layout
from shared.eark.moment import stamp
from shared.eark.package import Agent, PackageDescription, PackageFile
from shared.eark.xml_writer import XmlWriter

CSIP = "https://DILCIS.eu/XML/METS/CSIPExtensionMETS"
XLINK = "http://www.w3.org/1999/xlink"
METS_PREFIXES: dict[str | None, str] = {None: "http://www.loc.gov/METS/", "xlink": XLINK, "csip": CSIP}
IDS = UUID("6f0c9d1e-6f52-5d0b-9c58-0d3d2a6c7a11")  # any fixed value; changing it changes every package
KINDS = {
    layout.EAD: {"MDTYPE": "EAD", "MDTYPEVERSION": "EAD3 1.1"},
    layout.PREMIS: {"MDTYPE": "PREMIS", "MDTYPEVERSION": "3.0"},
    layout.DOSSIER: {"MDTYPE": "OTHER", "OTHERMDTYPE": "SAOLUU-DOSSIER", "MDTYPEVERSION": "1"},
}


@dataclass(frozen=True, slots=True)
class Place:
    """Where a METS file lies: the package, and the folder its links are relative to (empty for the root)."""

    objid: str
    folder: str

    def id(self, role: str, prefix: str = "uuid-") -> str:
        """Derive an xs:ID from package, place and role, so that the same package always has the same ids."""
        derived = uuid5(IDS, "\n".join((self.objid, self.folder, role)))
        return f"{prefix}{str(derived).upper()}"

    def href(self, file: PackageFile) -> str:
        """Give the link from here to a file."""
        return file.path.removeprefix(self.folder)


def write_header(xml: XmlWriter, description: PackageDescription) -> None:
    """Write metsHdr: when, by whom, which kind of package, and what it replaces (CSIP7-16)."""
    made = stamp(description.created_at)
    attributes = {
        "CREATEDATE": made,
        "LASTMODDATE": made,
        "RECORDSTATUS": "REPLACEMENT" if description.predecessor else "NEW",
        f"{{{CSIP}}}OAISPACKAGETYPE": description.package_type,
    }
    with xml.within("metsHdr", attributes):
        for agent in description.agents:
            write_agent(xml, agent)
        if description.predecessor:
            xml.leaf("altRecordID", description.predecessor, {"TYPE": "PREDECESSOR"})


def write_agent(xml: XmlWriter, agent: Agent) -> None:
    """Write an agent; METS knows software only as another type than its own (CSIP12-14)."""
    software = agent.kind == "SOFTWARE"
    attributes = {
        "ROLE": agent.role,
        "TYPE": "OTHER" if software else agent.kind,
        "OTHERTYPE": "SOFTWARE" if software else None,
    }
    with xml.within("agent", attributes):
        xml.leaf("name", agent.name)
        xml.leaf("note", agent.note, {f"{{{CSIP}}}NOTETYPE": agent.note_type})


def write_descriptive(xml: XmlWriter, place: Place, files: Iterable[PackageFile]) -> None:
    """Write one dmdSec for each descriptive file (CSIP17-30)."""
    for file in files:
        role = f"dmdSec/{file.path}"
        attributes = {"ID": place.id(role), "CREATED": stamp(file.created_at), "STATUS": "CURRENT"}
        with xml.within("dmdSec", attributes):
            write_reference(xml, place, file)


def write_preserved(xml: XmlWriter, place: Place, files: Sequence[PackageFile]) -> None:
    """Write the amdSec with one digiprovMD for each PREMIS file; none without (CSIP31-44)."""
    if not files:
        return
    with xml.within("amdSec", {"ID": place.id("amdSec")}):
        for file in files:
            role = f"digiprovMD/{file.path}"
            attributes = {"ID": place.id(role), "CREATED": stamp(file.created_at), "STATUS": "CURRENT"}
            with xml.within("digiprovMD", attributes):
                write_reference(xml, place, file)


def write_reference(xml: XmlWriter, place: Place, file: PackageFile) -> None:
    """Write an mdRef with everything needed to find and prove the file (CSIP21-30)."""
    kind = KINDS.get(file.path, {"MDTYPE": "OTHER"})
    xml.leaf("mdRef", attributes={"ID": place.id(f"mdRef/{file.path}"), **link(place, file), **kind, **sums(file)})


def write_files(xml: XmlWriter, place: Place, groups: Mapping[str, Sequence[PackageFile]]) -> None:
    """Write the fileSec, one fileGrp for each use (CSIP58-79); none without files."""
    if not groups:
        return
    with xml.within("fileSec", {"ID": place.id("fileSec")}):
        for use, files in groups.items():
            with xml.within("fileGrp", {"ID": place.id(f"fileGrp/{use}"), "USE": use}):
                for file in files:
                    with xml.within("file", {"ID": place.id(f"file/{file.path}", "ID-"), **sums(file)}):
                        xml.leaf("FLocat", attributes=link(place, file))


def link(place: Place, file: PackageFile) -> dict[str, str | None]:
    """Give the attributes that find a file."""
    return {"LOCTYPE": "URL", f"{{{XLINK}}}type": "simple", f"{{{XLINK}}}href": place.href(file)}


def sums(file: PackageFile) -> dict[str, str | None]:
    """Give the attributes that prove a file."""
    return {
        "MIMETYPE": file.media_type,
        "SIZE": str(file.size),
        "CREATED": stamp(file.created_at),
        "CHECKSUM": file.sha256,
        "CHECKSUMTYPE": "SHA-256",
    }
