"""Read the acts that a package's PREMIS tells: what, when, in which words, and what came out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from lxml import etree

from shared.eark.errors import RecordUnreadable

EVENT = "{http://www.loc.gov/premis/v3}event"


@dataclass(frozen=True, slots=True)
class ToldEvent:
    """An act as it was told; `objects` are the values of the identifiers that it is linked to."""

    kind: str
    at: datetime
    detail: str
    objects: tuple[str, ...]


def told_events(body: bytes) -> Sequence[ToldEvent]:
    """Give the acts of a PREMIS file in their order. Raises RecordUnreadable."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        return [told_event(each) for each in etree.fromstring(body, parser).iter(EVENT)]
    except (etree.XMLSyntaxError, ValueError) as wrong:
        raise RecordUnreadable(f"PREMIS: {wrong}") from wrong


def told_event(event: etree._Element) -> ToldEvent:
    """Read one act. Raises ValueError for a moment that is none."""
    return ToldEvent(
        str(event.findtext("{*}eventType")),
        datetime.fromisoformat(str(event.findtext("{*}eventDateTime"))),
        event.findtext(".//{*}eventDetail") or "",
        tuple(str(each.text) for each in event.iter("{*}linkingObjectIdentifierValue")),
    )
