"""The sections that both METS files share: header, metadata references, file groups."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID, uuid5

from shared.eark import layout
from shared.eark.moment import stamp
from shared.eark.package import Makers, PackageDescription, PackageFile
from shared.eark.profile import AgentForm, PackageForm
from shared.eark.xml_writer import XmlWriter

CSIP = "https://DILCIS.eu/XML/METS/CSIPExtensionMETS"
SIP = "https://DILCIS.eu/XML/METS/SIPExtensionMETS"
XLINK = "http://www.w3.org/1999/xlink"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
METS_PREFIXES: dict[str | None, str] = {
    None: "http://www.loc.gov/METS/",
    "xsi": XSI,
    "xlink": XLINK,
    "csip": CSIP,
    "sip": SIP,
}
IDS = UUID("6f0c9d1e-6f52-5d0b-9c58-0d3d2a6c7a11")  # any fixed value; changing it changes every package
PREMIS_KIND = {"MDTYPE": "PREMIS", "MDTYPEVERSION": "3.0"}
KINDS = {
    layout.EAD: {"MDTYPE": "EAD", "MDTYPEVERSION": "EAD3 1.1"},
    layout.DOSSIER: {"MDTYPE": "OTHER", "OTHERMDTYPE": "SAOLUU-DOSSIER", "MDTYPEVERSION": "1"},
}


@dataclass(frozen=True, slots=True)
class Place:
    """Where a METS file lies: the package, the folder its links are relative to (empty for the root), and its form."""

    objid: str
    folder: str
    form: PackageForm

    def id(self, role: str, prefix: str = "uuid-") -> str:
        """Derive an xs:ID from package, place and role, so that the same package always has the same ids."""
        derived = uuid5(IDS, "\n".join((self.objid, self.folder, role)))
        return f"{prefix}{str(derived).upper()}"

    def file_id(self, file: PackageFile) -> str:
        """Give the ID of a file."""
        return self.id(f"file/{file.path}", "ID-")

    def href(self, file: PackageFile) -> str:
        """Give the link from here to a file."""
        return file.path.removeprefix(self.folder)


def write_header(xml: XmlWriter, description: PackageDescription, agents: Sequence[AgentForm], agreement: str) -> None:
    """Write metsHdr: when, by whom, which kind of package, and what it replaces (CSIP7-16)."""
    made = stamp(description.created_at)
    attributes = {
        "CREATEDATE": made,
        "LASTMODDATE": made,
        "RECORDSTATUS": "REPLACEMENT" if description.predecessor else "NEW",
        f"{{{CSIP}}}OAISPACKAGETYPE": description.package_type,
    }
    with xml.within("metsHdr", attributes):
        for agent in agents:
            write_agent(xml, agent, description.makers)
        if agreement:
            xml.leaf("altRecordID", agreement, {"TYPE": "SUBMISSIONAGREEMENT"})
        if description.predecessor:
            xml.leaf("altRecordID", description.predecessor, {"TYPE": "PREDECESSOR"})


def write_agent(xml: XmlWriter, agent: AgentForm, makers: Makers) -> None:
    """Write an agent; METS knows software only as another type than its own (CSIP12-14)."""
    software = agent.kind == "SOFTWARE"
    attributes = {
        "ROLE": agent.role,
        "TYPE": "OTHER" if software else agent.kind,
        "OTHERTYPE": "SOFTWARE" if software else agent.other_kind,
    }
    with xml.within("agent", attributes):
        xml.leaf("name", makers.fill(agent.name))
        xml.leaf("note", makers.fill(agent.note), {f"{{{CSIP}}}NOTETYPE": agent.note_type})


def write_descriptive(xml: XmlWriter, place: Place, files: Sequence[PackageFile]) -> None:
    """Write one dmdSec for each descriptive file (CSIP17-30)."""
    for file in files:
        role = f"dmdSec/{file.path}"
        attributes = {"ID": place.id(role), "CREATED": stamp(file.created_at), "STATUS": "CURRENT"}
        with xml.within("dmdSec", attributes):
            write_reference(xml, place, file, descriptive_kind(place.form, file))


def descriptive_kind(form: PackageForm, file: PackageFile) -> dict[str, str | None]:
    """Say what a description is: the circular's by the profile, ours by its name."""
    told = form.dossier_metadata if file.path == layout.EAD else form.document_metadata
    if told is None or file.path == layout.DOSSIER:
        return {**KINDS.get(file.path, {"MDTYPE": "OTHER"})}
    return {"MDTYPE": told.type, "OTHERMDTYPE": told.other_type, "MDTYPEVERSION": told.version}


def write_preserved(xml: XmlWriter, place: Place, files: Sequence[PackageFile]) -> None:
    """Write the amdSec with one digiprovMD for each PREMIS file; without one none, or empty (CSIP31-44)."""
    if not files and place.form.empty_amd_sec:
        xml.leaf("amdSec", attributes={"ID": place.id("amdSec")})
    if not files:
        return
    with xml.within("amdSec", {"ID": place.id("amdSec")}):
        for file in files:
            role = f"digiprovMD/{file.path}"
            attributes = {"ID": place.id(role), "CREATED": stamp(file.created_at), "STATUS": "CURRENT"}
            with xml.within("digiprovMD", attributes):
                write_reference(xml, place, file, {**PREMIS_KIND})


def write_reference(xml: XmlWriter, place: Place, file: PackageFile, kind: Mapping[str, str | None]) -> None:
    """Write an mdRef with everything needed to find and prove the file (CSIP21-30)."""
    identity = {"ID": place.id(f"mdRef/{file.path}")}
    xml.leaf("mdRef", attributes={**identity, **link(place, file), **kind, **sums(place, file)})


def write_files(xml: XmlWriter, place: Place, groups: Mapping[str, Iterable[PackageFile]]) -> None:
    """Write the fileSec, one fileGrp for each use (CSIP58-79); none without files."""
    if not groups:
        return
    with xml.within("fileSec", {"ID": place.id("fileSec")}):
        for use, files in groups.items():
            with xml.within("fileGrp", {"ID": place.id(f"fileGrp/{use}"), "USE": use}):
                for file in files:
                    with xml.within("file", {"ID": place.file_id(file), **sums(place, file)}):
                        xml.leaf("FLocat", attributes=link(place, file))


def link(place: Place, file: PackageFile) -> dict[str, str | None]:
    """Give the attributes that find a file."""
    return {"LOCTYPE": "URL", f"{{{XLINK}}}type": "simple", f"{{{XLINK}}}href": place.href(file)}


def sums(place: Place, file: PackageFile) -> dict[str, str | None]:
    """Give the attributes that prove a file."""
    return {
        "MIMETYPE": file.media_type,
        "SIZE": str(file.size),
        "CREATED": stamp(file.created_at),
        "CHECKSUM": file.sha256.upper() if place.form.digest_case == "upper" else file.sha256,
        "CHECKSUMTYPE": "SHA-256",
    }
