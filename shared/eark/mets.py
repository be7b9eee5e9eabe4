"""METS 1.12 as E-ARK CSIP 2 uses it, written as a stream; ids follow from OBJID and path, so nothing is random.

The order of sections is that of the schema: metsHdr, dmdSec, fileSec, structMap. References are relative URLs.
"""

import io
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version
from typing import Any
from urllib.parse import quote
from uuid import NAMESPACE_URL, uuid5

from lxml import etree

from shared.clock import VIETNAM
from shared.eark.package import PackageFile, PackageHead

NS = "http://www.loc.gov/METS/"
XLINK = "http://www.w3.org/1999/xlink"
CSIP = "https://DILCIS.eu/XML/METS/CSIPExtensionMETS"
PROFILE = "https://earkcsip.dilcis.eu/profile/E-ARK-CSIP.xml"
NAMESPACES: dict[str | None, str] = {None: NS, "xlink": XLINK, "csip": CSIP}


@dataclass(frozen=True, slots=True)
class FileGroup:
    """Files of one use, and the label of their place in the structure."""

    use: str
    files: Sequence[PackageFile]
    is_pointer: bool = False


class MetsWriter:
    """Writes one METS file of a package. `root` is the folder that its references are relative to ('' or 'a/b')."""

    def __init__(self, head: PackageHead, objid: str, root: str = "") -> None:
        self._head = head
        self._objid = objid
        self._prefix = f"{root}/" if root else ""
        self._created = told(head.created_at)

    def write(self, descriptions: Sequence[PackageFile], groups: Sequence[FileGroup]) -> bytes:
        """Give the bytes of the METS file."""
        out = io.BytesIO()
        with etree.xmlfile(out, encoding="utf-8") as xml:
            xml.write_declaration()
            root = {
                "OBJID": self._objid,
                "LABEL": self._head.label,
                "TYPE": "Mixed",
                "PROFILE": PROFILE,
                f"{{{CSIP}}}CONTENTINFORMATIONTYPE": "MIXED",
            }
            with element(xml, "mets", root, nsmap=NAMESPACES):
                self._header(xml)
                for file in descriptions:
                    with element(xml, "dmdSec", {"ID": self._id("dmd", file.path), "CREATED": self._created}):
                        xml.write(self._reference("mdRef", file, {"MDTYPE": "OTHER", "OTHERMDTYPE": "JSON"}))
                self._files(xml, groups)
                self._structure(xml, descriptions, groups)
        return out.getvalue()

    def _header(self, xml: Any) -> None:  # noqa: ANN401 - lxml's incremental writer has no public type
        header = {"CREATEDATE": self._created, "RECORDSTATUS": "NEW"}
        header[f"{{{CSIP}}}OAISPACKAGETYPE"] = self._head.package_type
        with element(xml, "metsHdr", header):
            xml.write(agent("CREATOR", "OTHER", "Saoluu", "SOFTWARE VERSION", version("saoluu")))
            xml.write(
                agent("ARCHIVIST", "ORGANIZATION", self._head.fonds_code, "IDENTIFICATIONCODE", self._head.fonds_code)
            )
            if self._head.submission_agreement:
                xml.write(leaf("altRecordID", {"TYPE": "SUBMISSIONAGREEMENT"}, self._head.submission_agreement))

    def _files(self, xml: Any, groups: Sequence[FileGroup]) -> None:  # noqa: ANN401
        if not groups:
            return
        with element(xml, "fileSec", {"ID": self._id("fileSec")}):
            for group in groups:
                with element(xml, "fileGrp", {"ID": self._id("grp", group.use), "USE": group.use}):
                    for file in group.files:
                        attributes = {"ID": self._id("file", file.path), **self._sums(file)}
                        with element(xml, "file", attributes):
                            xml.write(leaf("FLocat", self._location(file.path)))

    def _structure(self, xml: Any, descriptions: Sequence[PackageFile], groups: Sequence[FileGroup]) -> None:  # noqa: ANN401
        with (
            element(xml, "structMap", {"ID": self._id("map"), "TYPE": "PHYSICAL", "LABEL": "CSIP"}),
            element(xml, "div", {"ID": self._id("div"), "LABEL": self._objid}),
        ):
            if descriptions:
                ids = " ".join(self._id("dmd", file.path) for file in descriptions)
                xml.write(leaf("div", {"ID": self._id("div", "Metadata"), "LABEL": "Metadata", "DMDID": ids}))
            if self._head.belongs_to and not self._prefix:
                with element(xml, "div", {"ID": self._id("div", "Belongs"), "LABEL": "Belongs to"}):
                    urn = {"LOCTYPE": "URN", f"{{{XLINK}}}type": "simple", f"{{{XLINK}}}href": self._head.belongs_to}
                    xml.write(leaf("mptr", urn))
            for group in groups:
                with element(xml, "div", {"ID": self._id("div", group.use), "LABEL": group.use}):
                    if group.is_pointer:
                        title = {f"{{{XLINK}}}title": self._id("grp", group.use)}
                        xml.write(leaf("mptr", {**self._location(group.files[0].path), **title}))
                    else:
                        xml.write(leaf("fptr", {"FILEID": self._id("grp", group.use)}))

    def _reference(self, tag: str, file: PackageFile, further: dict[str, str]) -> etree._Element:
        attributes = {"ID": self._id("ref", file.path), **self._location(file.path), **further, **self._sums(file)}
        return leaf(tag, attributes)

    def _sums(self, file: PackageFile) -> dict[str, str]:
        return {
            "MIMETYPE": file.media_type,
            "SIZE": str(file.size),
            "CREATED": self._created,
            "CHECKSUM": file.sha256,
            "CHECKSUMTYPE": "SHA-256",
        }

    def _location(self, path: str) -> dict[str, str]:
        href = quote(path.removeprefix(self._prefix))
        return {"LOCTYPE": "URL", f"{{{XLINK}}}type": "simple", f"{{{XLINK}}}href": href}

    def _id(self, *parts: str) -> str:
        name = "/".join((self._head.objid, self._prefix, *parts))
        return f"uuid-{str(uuid5(NAMESPACE_URL, name)).upper()}"


def told(moment: datetime) -> str:
    """Write a moment as the circular does: Vietnam time with milliseconds."""
    return moment.astimezone(VIETNAM).isoformat(timespec="milliseconds")


def element(
    xml: Any,  # noqa: ANN401 - see above
    tag: str,
    attributes: dict[str, str],
    nsmap: dict[str | None, str] | None = None,
) -> AbstractContextManager[None]:
    """Open an element of METS for as long as a block lasts."""
    opened: AbstractContextManager[None] = xml.element(f"{{{NS}}}{tag}", attributes, nsmap=nsmap)
    return opened


def leaf(tag: str, attributes: dict[str, str], text: str | None = None) -> etree._Element:
    """Make an element of METS without children."""
    made = etree.Element(f"{{{NS}}}{tag}", attributes, nsmap=NAMESPACES)  # type: ignore[arg-type] # the stubs know no default namespace
    made.text = text
    return made


def agent(role: str, kind: str, name: str, note_type: str, note: str) -> etree._Element:
    """Make an agent with one name and one note."""
    made = leaf("agent", {"ROLE": role, "TYPE": kind, **({"OTHERTYPE": "SOFTWARE"} if kind == "OTHER" else {})})
    made.append(leaf("name", {}, name))
    made.append(leaf("note", {f"{{{CSIP}}}NOTETYPE": note_type}, note))
    return made


def hrefs(root: etree._Element, tag: str) -> Iterator[tuple[str, etree._Element]]:
    """Give every reference of a kind (`mdRef`, `FLocat`, `mptr`) in a parsed METS file."""
    for found in root.iter(f"{{{NS}}}{tag}"):
        yield str(found.get(f"{{{XLINK}}}href", "")), found
