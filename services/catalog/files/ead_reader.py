"""Hears a finding aid from a parser, EAD 2002 or EAD3, and gives its components as rows."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from services.catalog.domain import codes, ead
from services.catalog.domain.ead_access import BREAK, HEAD, INLINE, RESTRICTING, accesses_in, closed_among
from services.catalog.domain.import_errors import WorkbookUnreadable

ROOTS = frozenset({"{http://ead3.archivists.org/schema/}ead", "{urn:isbn:1-931666-22-9}ead", "ead"})
MOST_DEPTH = 64
LONGEST_TEXT = 65_536
DATES = frozenset({"unitdate", "fromdate", "todate", "datesingle"})
IDENTIFYING = DATES | {
    "unitid", "unittitle", "extent", "quantity", "unittype", "language", "container", "repository"
}  # fmt: skip
EXPLAINING = frozenset({"phystech", "scopecontent", *ead.TOLD_IN})
NAMES = frozenset({"subject", "persname", "famname", "corpname", "geogname", "genreform", "function", "occupation"})


@dataclass(slots=True)
class Component:
    """A component while it is read: its level, its cells by what they tell, what is said of who may see it.

    `is_told_from` once a unit within it was given as a row: what is heard of it then comes too late for that one.
    """

    level: str
    depth: int
    cells: dict[str, str] = field(default_factory=dict)
    quantity: str = ""
    accesses: list[str] = field(default_factory=list)
    is_told_from: bool = False

    def tell(self, column: str, text: str) -> None:
        """Take what is told first; of an element that is told twice the first counts."""
        if text:
            self.cells.setdefault(column, text)

    def tell_more(self, column: str, text: str, separator: str) -> None:
        """Take what may be told several times. Raises WorkbookUnreadable."""
        self.cells[column] = f"{self.cells[column]}{separator}{text}" if column in self.cells else text
        if len(self.cells[column]) > LONGEST_TEXT:
            raise WorkbookUnreadable("an endless text", reason="too_much")


class EadReader:
    """Takes tags and text; a component that has ended is a row of its level.

    A document type declaration is refused where it begins, so no entity is ever declared; nothing is kept but the open
    elements and the rows that nobody has fetched.
    """

    def __init__(self) -> None:
        self.rows: list[tuple[str, dict[str, str]]] = []
        self._open: list[str] = []
        self._components: list[Component] = []
        self._heard: list[str] = []
        self._length = 0
        self._told: tuple[int, str, Mapping[str, str]] | None = None

    def doctype(self, name: str, *_identifiers: Any) -> None:  # noqa: ANN401 (lxml's signature)
        """Refuse a document type: hostile files live on them."""
        raise WorkbookUnreadable(f"<!DOCTYPE {name}", reason="dangerous")

    def start(self, tag: str, attributes: Any) -> None:  # noqa: ANN401 (lxml's own mapping)
        """Take an opening tag."""
        if not self._open and tag not in ROOTS:
            raise WorkbookUnreadable("neither a workbook nor a finding aid", reason="damaged")
        if len(self._open) >= MOST_DEPTH:
            raise WorkbookUnreadable("elements within elements without end", reason="too_much")
        name, facts = tag.rpartition("}")[2], dict(attributes)
        self._open.append(name)
        if is_component(name):
            level = facts.get("otherlevel" if facts.get("level") == "otherlevel" else "level", "")
            self._components.append(Component(level, len(self._open)))
        elif self._told is None:
            if self._is_told(name):
                self._told, self._heard, self._length = (len(self._open), name, facts), [], 0
        elif self._told[1] in RESTRICTING and name not in INLINE:
            self.data(BREAK + HEAD if name == "head" else BREAK)

    def data(self, text: str) -> None:
        """Take text of an element that tells something."""
        if self._told is not None:
            self._heard.append(text)
            self._length += len(text)
            if self._length > LONGEST_TEXT:
                raise WorkbookUnreadable("an endless text", reason="too_much")

    def end(self, _tag: str) -> None:
        """Take a closing tag."""
        if self._told is not None and self._told[0] == len(self._open):
            self._take(self._told[1], self._told[2], "".join(self._heard))
            self._told = None
        elif self._told is not None and self._told[1] in RESTRICTING and self._open[-1] not in INLINE:
            self.data(BREAK)
        if self._components and self._components[-1].depth == len(self._open):
            self._end_component(self._components.pop())
        self._open.pop()

    def close(self) -> None:
        """Be told by the parser that the document is over."""

    def _within(self) -> str:
        """Give the element right inside the open component, in which what is heard stands."""
        depth = self._components[-1].depth
        return self._open[depth] if len(self._open) > depth else ""

    def _is_told(self, name: str) -> bool:
        """Say whether an element tells something of the open component."""
        if not self._components:
            return False
        if name in RESTRICTING:
            return True
        within = self._within()
        if within == "did":
            return name in IDENTIFYING
        return (within in EXPLAINING and name == "p") or (within == "controlaccess" and name in NAMES)

    def _take(self, name: str, facts: Mapping[str, str], text: str) -> None:
        """Take an element that tells something."""
        component, within = self._components[-1], self._within()
        plain = " ".join(text.split())
        if name in RESTRICTING:
            self._restrict(component, name, text)
        elif within == "scopecontent":
            component.tell_more("description", text.strip(), "\n")
        elif within in ead.TOLD_IN:
            component.tell_more(ead.TOLD_IN[within], text.strip(), "\n")
        elif within == "phystech":
            component.tell("format", code_or_text(codes.PHYSICAL_CONDITION, plain))
        elif within == "controlaccess":
            component.tell_more("keyword", plain, "; ")
        elif name in DATES:
            take_date(component, name, facts, plain)
        else:
            take_identity(component, name, facts, plain)

    def _restrict(self, component: Component, name: str, text: str) -> None:
        """Take what is said of who may see or use a component. Raises WorkbookUnreadable where that comes too late."""
        told = accesses_in(text)
        closed = closed_among(told)
        if closed and component.is_told_from:
            raise WorkbookUnreadable("restricted after units within it were told", reason="late_restriction")
        component.accesses += told if name == "accessrestrict" else [closed] if closed else []

    def _access_to(self, ended: Component) -> str:
        """Give who may see a component: what closes it or anything around it, else the nearest that is said."""
        around = [each.accesses for each in reversed(self._components)]
        told = [access for accesses in (ended.accesses, *around) for access in accesses]
        return closed_among(told) or next(iter(told), "")

    def _end_component(self, ended: Component) -> None:
        """Make a row of a component that is over; what closes it closes the file that it lies in, too."""
        access = self._access_to(ended)
        if closed_among([access]):
            for around in self._components:
                if around.level == ead.FILE:
                    around.accesses.append(access)
        if (row := self._row_of(ended, access)) is not None:
            self.rows.append(row)
            for around in self._components:
                around.is_told_from = True

    def _row_of(self, ended: Component, access: str) -> tuple[str, dict[str, str]] | None:
        """Give the row of a component, if its level has rows; it belongs to the nearest group around it.

        Of a closed group or whole there is no column to say so: its title, and what else is told of it, is left out.
        """
        if ended.level == ead.FILE:
            around = next((each for each in reversed(self._components) if each.level in ead.GROUPS), None)
            series = {"series": around.cells.get("unitid", "")} if around else {}
            told = {name: text for name, text in ended.cells.items() if name in ead.ELEMENTS}
            return "dossiers", told | series | {"mode": access} | renamed(ended, "fileCode", "title")
        if closed_among([access]):
            ended.cells = {"unitid": ended.cells.get("unitid", "")} | keeper_of(ended)
        if not self._components:
            told = {name: text for name, text in ended.cells.items() if name in ead.OF_FONDS} | {
                "fondsKind": ended.level
            }
            keeper = {"archiveCode": ended.cells.get("repository", "")}
            return "fonds", told | keeper | renamed(ended, "fondsCode", "fondsTitle")
        if ended.level in ead.GROUPS:
            told = {"fondsCode": self._components[0].cells.get("unitid", "")}
            return "series", told | renamed(ended, "seriesCode", "seriesTitle")
        return None


def is_component(name: str) -> bool:
    """Say whether an element describes a unit: the whole, or one within it."""
    return name in ("archdesc", "c") or (len(name) == 3 and name[0] == "c" and name[1:].isdecimal())


def keeper_of(component: Component) -> dict[str, str]:
    """Give who keeps a unit, if that is told."""
    return {name: text for name, text in component.cells.items() if name == "repository"}


def renamed(component: Component, code: str, title: str) -> dict[str, str]:
    """Give the code and title of a component under the names of their columns."""
    return {code: component.cells.get("unitid", ""), title: component.cells.get("unittitle", "")}


def code_or_text(known: Mapping[str, str], text: str) -> str:
    """Give the code of a wording."""
    return ead.code_in(known, text) if text else ""


def take_identity(component: Component, name: str, facts: Mapping[str, str], text: str) -> None:
    """Take an element that identifies a unit, says how much it is, or where it lies."""
    if name in ("unitid", "unittitle", "repository"):
        component.tell(name, text)
    elif name == "language":
        component.tell_more("language", ead.language_in(facts.get("langcode", ""), text), "; ")
    elif name == "container":
        component.tell(str(facts.get("localtype", facts.get("type", ""))).casefold(), text)
    elif name == "quantity":
        component.quantity = text
    else:
        count, unit = (component.quantity, text) if name == "unittype" else (text, facts.get("unit", ""))
        if found := ead.counted(count, unit):
            component.tell(*found)


def take_date(component: Component, name: str, facts: Mapping[str, str], text: str) -> None:
    """Take when something begins, ends, or both; what is not normalised is read as an old date."""
    if "bulk" in (facts.get("type"), facts.get("unitdatetype")):
        return
    normal = facts.get("normal", facts.get("standarddate", ""))
    start, _slash, end = normal.partition("/") if normal else (text, "", "")
    is_one = bool(normal) and "/" not in normal
    side = {"fromdate": "start", "todate": "end"}.get(name, facts.get("datechar", ""))
    if side == "end":
        component.tell("endDate", ead.day_in(start))
        return
    component.tell("startDate", ead.day_in(start))
    if side != "start":
        component.tell("endDate", ead.day_in(start if is_one else end))
