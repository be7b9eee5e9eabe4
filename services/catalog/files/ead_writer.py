"""Writes a finding aid in EAD 2002 or EAD3 as a stream: a fonds, its series, their dossiers."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO

from services.catalog.domain import codes, ead
from services.catalog.domain.description import Description
from services.catalog.files.ead_holding import Holding
from shared.clock import now
from shared.eark.xml_writer import XmlWriter, document

TEXTS = (
    ("accessrestrict", "access_level", codes.ACCESS_LEVEL),
    ("phystech", "physical_condition", codes.PHYSICAL_CONDITION),
)
COUNTS = {"totalDoc": "document_count", "numberOfPaper": "sheet_count", "numberOfPage": "page_count"}
CONTAINERS = ("box", "shelf")


@dataclass(frozen=True, slots=True)
class Form:
    """A form of EAD: its namespace, and whether it is EAD3."""

    namespace: str
    is_3: bool


EAD_2002 = Form("urn:isbn:1-931666-22-9", is_3=False)
EAD_3 = Form("http://ead3.archivists.org/schema/", is_3=True)


class FindingAid:
    """A finding aid while it is written; components go into the series that is open, or beside it."""

    def __init__(self, out: XmlWriter, form: Form) -> None:
        self._out, self._form = out, form
        self._depth = 0

    @contextmanager
    def series(self, code: str, title: str) -> Iterator[None]:
        """Open a series for the dossiers that are written inside the block."""
        with self._component("series"):
            with self._out.within("did"):
                self._out.leaf("unitid", code)
                self._out.leaf("unittitle", title)
            yield

    def add(self, dossiers: Iterable[Description]) -> None:
        """Write dossiers."""
        for told in dossiers:
            with self._component(ead.FILE):
                with self._out.within("did"):
                    self._identify(told)
                self._explain(told)

    @contextmanager
    def _component(self, level: str) -> Iterator[None]:
        """Open a component: `c` in EAD3, `c01` and `c02` in EAD 2002."""
        self._depth += 1
        with self._out.within("c" if self._form.is_3 else f"c{self._depth:02}", {"level": level}):
            yield
        self._depth -= 1

    def _identify(self, told: Description) -> None:
        """Write what identifies a dossier, what it is made of and where it lies."""
        self._out.leaf("unitid", told.file_code)
        self._out.leaf("unittitle", told.title)
        self._date(told.starts_on, told.ends_on)
        for column, field in COUNTS.items():
            self._extent(getattr(told, field), ead.UNITS[column])
        self._languages(told.languages)
        for name in CONTAINERS:
            if text := getattr(told, name):
                self._out.leaf("container", text, {"localtype" if self._form.is_3 else "type": name})

    def measure(self, holding: Holding) -> None:
        """Write of the holding itself when it begins and ends, how much it is, and in which languages."""
        self._date(holding.starts_on, holding.ends_on)
        for column, name in COUNTS.items():
            self._extent(holding.counts.get(name) or None, ead.UNITS[column])
        self._languages(holding.languages)

    def explain(self, holding: Holding) -> None:
        """Write what else is told of the holding itself."""
        for element, text in holding.paragraphs.items():
            self._paragraphs(element, text)

    def _paragraphs(self, element: str, text: str) -> None:
        """Write a longer text, a paragraph a line."""
        with self._out.within(element):
            for line in text.split("\n"):
                self._out.leaf("p", line)

    def _languages(self, languages: Iterable[str]) -> None:
        """Write languages, if any are told."""
        told = list(languages)
        if told:
            with self._out.within("langmaterial"):
                for code in told:
                    self._out.leaf("language", codes.LANGUAGE.get(code, code), {"langcode": ead.LANGCODES.get(code)})

    def _date(self, start: str | None, end: str | None) -> None:
        """Write when a dossier begins and ends; of EAD 2002 an open end has a `datechar`, for `normal` knows none."""
        if not start and not end:
            return
        if self._form.is_3:
            with self._out.within("unitdatestructured"), self._out.within("daterange"):
                for tag, day in (("fromdate", start), ("todate", end)):
                    if day:
                        self._out.leaf(tag, day, {"standarddate": day})
        elif start and end:
            self._out.leaf("unitdate", f"{start}/{end}", {"type": "inclusive", "normal": f"{start}/{end}"})
        else:
            day = start or end or ""
            self._out.leaf("unitdate", day, {"datechar": "start" if start else "end", "normal": day})

    def _extent(self, count: int | None, unit: str) -> None:
        """Write how many of something there are."""
        if count is None:
            return
        if self._form.is_3:
            told = {"physdescstructuredtype": "materialtype", "coverage": "whole"}
            with self._out.within("physdescstructured", told):
                self._out.leaf("quantity", str(count))
                self._out.leaf("unittype", unit)
        else:
            with self._out.within("physdesc"):
                self._out.leaf("extent", str(count), {"unit": unit})

    def _explain(self, told: Description) -> None:
        """Write what a dossier is about, what state it is in, and who may see it."""
        for tag, field, known in TEXTS:
            if code := getattr(told, field):
                with self._out.within(tag):
                    self._out.leaf("p", known.get(code, code))
        if told.keywords:
            with self._out.within("controlaccess"):
                for keyword in ead.keywords_of(told.keywords):
                    self._subject(keyword)
        if told.note:
            self._paragraphs("scopecontent", told.note)

    def _subject(self, keyword: str) -> None:
        """Write a keyword; in EAD3 it has parts."""
        if self._form.is_3:
            with self._out.within("subject"):
                self._out.leaf("part", keyword)
        else:
            self._out.leaf("subject", keyword)


@contextmanager
def finding_aid(file: IO[bytes], form: Form, holding: Holding, *, is_empty: bool) -> Iterator[FindingAid]:
    """Write the finding aid of a holding, whose components are written inside the block."""
    with document(file, "ead", {None: form.namespace}, {}) as out:
        write_control(out, form, holding)
        aid = FindingAid(out, form)
        with out.within("archdesc", holding.level):
            with out.within("did"):
                out.leaf("unitid", holding.code)
                out.leaf("unittitle", holding.title)
                with out.within("repository"):
                    name(out, form, "corpname", holding.archive_code)
                aid.measure(holding)
            aid.explain(holding)
            if is_empty:
                yield aid
            else:
                with out.within("dsc", {"dsctype" if form.is_3 else "type": "combined"}):
                    yield aid


def name(out: XmlWriter, form: Form, tag: str, text: str) -> None:
    """Write a name; in EAD3 it has parts."""
    if form.is_3:
        with out.within(tag):
            out.leaf("part", text)
    else:
        out.leaf(tag, text)


def write_control(out: XmlWriter, form: Form, holding: Holding) -> None:
    """Write what is told of the finding aid itself."""
    attributes: Mapping[str, str] = {"countrycode": "VN"}
    if not form.is_3:
        with out.within("eadheader"):
            out.leaf("eadid", holding.code, attributes)
            write_title(out, holding)
        return
    with out.within("control"):
        out.leaf("recordid", holding.code)
        write_title(out, holding)
        out.leaf("maintenancestatus", attributes={"value": "derived"})
        with out.within("maintenanceagency", attributes):
            out.leaf("agencyname", holding.archive_code)
        with out.within("maintenancehistory"), out.within("maintenanceevent"):
            out.leaf("eventtype", attributes={"value": "derived"})
            out.leaf("eventdatetime", now().isoformat(timespec="seconds"))
            out.leaf("agenttype", attributes={"value": "machine"})
            out.leaf("agent", "Saoluu")


def write_title(out: XmlWriter, holding: Holding) -> None:
    """Write what the finding aid is called."""
    with out.within("filedesc"), out.within("titlestmt"):
        out.leaf("titleproper", f"Mục lục hồ sơ: {holding.title}")
