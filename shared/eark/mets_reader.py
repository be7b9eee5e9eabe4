"""What a METS file lists, read as a stream by a parser that fetches nothing and expands nothing."""

import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from lxml import etree

from shared.eark.fault import Damaged, Fault
from shared.eark.seal import SealCheck
from shared.eark.source import MOST_FILES, is_safe

METS = "{http://www.loc.gov/METS/}"
HREF = "{http://www.w3.org/1999/xlink}href"
PACKAGE_TYPE = "{https://DILCIS.eu/XML/METS/CSIPExtensionMETS}OAISPACKAGETYPE"
SIZE = re.compile(r"[0-9]{1,18}\Z")
SHA256 = re.compile(r"[0-9A-Fa-f]{64}\Z")
LARGEST = 1 << 28
OURS, LINK = "Saoluu", "MetadataLink/"


@dataclass(frozen=True, slots=True)
class Listed:
    """A file as METS lists it; `path` is relative to the package folder, `sha256` lower-case hex."""

    path: str
    size: int
    sha256: str
    media_type: str


class MetsReader:
    """Takes a METS file in portions; afterwards it says what is listed and what is pointed to.

    `folder` is where the file lies, empty or ending in `/`. A document type declaration is refused where it begins, so
    no entity is ever declared; lxml's limits on depth and length stay on; nothing is kept but the lists.
    """

    def __init__(self, path: str) -> None:
        self.path = path
        self.objid = self.package_type = ""
        self.listed: list[Listed] = []
        self.pointers: list[str] = []
        self.parts: list[str] = []
        self.preserved: list[str] = []
        self.faults: list[Fault] = []
        self.program = ""
        self._places: dict[str, str] = {}
        self._links: list[tuple[str, str]] = []
        self._folder = path.rpartition("/")[0] + "/" if "/" in path else ""
        self._open: list[tuple[str, dict[str, str]]] = []
        self._seal = SealCheck()
        self._length = 0
        target: Any = self  # hears of tags and document types only; the stubs ask for more
        self._parser = etree.XMLParser(
            target=target, resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, recover=False
        )

    def feed(self, chunk: bytes) -> None:
        """Read on. Raises Damaged."""
        self._length += len(chunk)
        if self._length > LARGEST or len(self.listed) > MOST_FILES:
            raise Damaged("too_many_files", self.path, f"> {LARGEST} B")
        self._seal.update(chunk)
        try:
            self._parser.feed(chunk)
        except etree.XMLSyntaxError as wrong:
            raise Damaged("mets_unreadable", self.path, str(wrong)) from wrong

    def finish(self) -> None:
        """Judge the whole. Raises Damaged when it ended too early or is no METS."""
        try:
            self._parser.close()
        except etree.XMLSyntaxError as wrong:
            raise Damaged("mets_unreadable", self.path, str(wrong)) from wrong
        if self.is_ours and not self._seal.whole:
            self.faults.append(Fault.of("seal_broken", self.path))
        if not self.objid or self.package_type not in {"AIP", "SIP", "DIP"}:
            self.faults.append(Fault.of("mets_incomplete", self.path, "OBJID, OAISPACKAGETYPE"))

    def doctype(self, name: str, *_identifiers: Any) -> None:  # noqa: ANN401 (lxml's signature)
        """Refuse a document type: METS needs none, and hostile files live on them."""
        raise Damaged("mets_unreadable", self.path, f"<!DOCTYPE {name}")

    def start(self, tag: str, attributes: Any) -> None:  # noqa: ANN401 (lxml's own mapping)
        """Take an opening tag."""
        facts = dict(attributes)
        if not self._open and tag != f"{METS}mets":
            raise Damaged("mets_unreadable", self.path, tag)
        take = TAKERS.get(tag)
        if take is not None:
            take(self, facts)
        self._open.append((tag, facts))

    def data(self, text: str) -> None:
        """Take text: the name of the program that made the package."""
        if len(self._open) > 1 and self._open[-1][0] == f"{METS}name":
            agent = self._open[-2][1]
            if agent.get("ROLE") == "CREATOR" and agent.get("OTHERTYPE") == "SOFTWARE":
                self.program += text

    def end(self, _tag: str) -> None:
        """Take a closing tag."""
        self._open.pop()

    @property
    def is_ours(self) -> bool:
        """Say whether our program made it, as it says itself, or nobody says."""
        return self.program in ("", OURS) or self._seal.is_there

    @property
    def links(self) -> list[tuple[str, str]]:
        """Give data files with the descriptions tied to them, as paths; empty for what is not listed."""
        return [(self._places.get(file, ""), self._places.get(told, "")) for file, told in self._links]

    def close(self) -> None:
        """Be told by the parser that the document is over."""

    def _take_root(self, facts: dict[str, str]) -> None:
        self.objid = facts.get("OBJID", "")

    def _take_header(self, facts: dict[str, str]) -> None:
        self.package_type = facts.get(PACKAGE_TYPE, "")

    def _take_reference(self, facts: dict[str, str]) -> None:
        """Take an mdRef, which lists a file by itself; its section's ID is what a div links to."""
        path = self._list(facts, facts)
        if path is not None and self._open:
            self._places[self._open[-1][1].get("ID", "")] = path
            if facts.get("MDTYPE") == "PREMIS":
                self.preserved.append(path)

    def _take_location(self, facts: dict[str, str]) -> None:
        """Take an FLocat, which lists a file together with the `file` around it."""
        around = self._open[-1][1] if self._open else {}
        path = self._list(facts, around)
        if path is not None:
            self._places[around.get("ID", "")] = path

    def _take_file_pointer(self, facts: dict[str, str]) -> None:
        """Take an fptr of a div that ties a document to its description."""
        around = self._open[-1][1] if self._open else {}
        if around.get("LABEL", "").startswith(LINK):
            self._links.append((facts.get("FILEID", ""), around.get("DMDID", "")))

    def _take_pointer(self, facts: dict[str, str]) -> None:
        """Take an mptr: to another METS of this package, or by OBJID to a package that is part of it."""
        if facts.get("LOCTYPE") == "URL":
            if (path := self._resolve(facts)) is not None:
                self.pointers.append(path)
        elif self._open and self._open[-1][1].get("LABEL") == "child IP":
            self.parts.append(facts.get(HREF, ""))

    def _list(self, place: dict[str, str], facts: dict[str, str]) -> str | None:
        """Enter a file, if it is said where it is and what it must be; gives its path."""
        if place.get("LOCTYPE") != "URL":
            self.faults.append(Fault.of("href_unsafe", self.path, f"LOCTYPE {place.get('LOCTYPE', '')}"))
            return None
        path = self._resolve(place)
        if path is None:
            return None
        size, digest, media_type = facts.get("SIZE", ""), facts.get("CHECKSUM", ""), facts.get("MIMETYPE", "")
        provable = SIZE.match(size) and SHA256.match(digest) and facts.get("CHECKSUMTYPE") == "SHA-256"
        if provable and media_type:
            self.listed.append(Listed(path, int(size), digest.lower(), media_type))
        else:
            self.faults.append(Fault.of("listing_incomplete", path))
        return path

    def _resolve(self, place: dict[str, str]) -> str | None:
        """Turn a link into a path inside the package; a link elsewhere is a fault."""
        href = place.get(HREF, "")
        path = self._folder + unquote(href)
        if is_safe(path):
            return path
        self.faults.append(Fault.of("href_unsafe", self.path, href))
        return None


TAKERS = {
    f"{METS}mets": MetsReader._take_root,
    f"{METS}metsHdr": MetsReader._take_header,
    f"{METS}mdRef": MetsReader._take_reference,
    f"{METS}FLocat": MetsReader._take_location,
    f"{METS}mptr": MetsReader._take_pointer,
    f"{METS}fptr": MetsReader._take_file_pointer,
}
