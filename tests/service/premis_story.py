"""A PREMIS file as tests read it: its objects, its events and its agents, by name."""

from dataclasses import dataclass

from lxml import etree

from shared.eark.premis import NAMESPACE

NAMES = {"p": NAMESPACE}


@dataclass(frozen=True)
class Told:
    """An event as it is told."""

    kind: str
    at: str
    detail: str
    outcome: str
    note: str
    agents: tuple[str, ...]
    objects: tuple[str, ...]


class Story:
    """What a PREMIS file tells."""

    def __init__(self, body: bytes) -> None:
        self.root = etree.fromstring(body)
        self.events = [told(each) for each in self.root.iterfind("p:event", NAMES)]
        self.objects = [text(each, "p:objectIdentifier/p:objectIdentifierValue") for each in self.all("object")]
        self.agents = {
            text(each, "p:agentIdentifier/p:agentIdentifierValue"): text(each, "p:agentType")
            for each in self.all("agent")
        }

    def all(self, tag: str) -> list[etree._Element]:
        """Give the elements of a kind."""
        return self.root.findall(f"p:{tag}", NAMES)

    def of(self, target: str) -> list[Told]:
        """Give what happened to one object, in the order it is told."""
        return [each for each in self.events if target in each.objects]


def text(element: etree._Element, path: str) -> str:
    """Give the text at a path, empty where there is nothing."""
    return element.findtext(path, "", NAMES)


def told(event: etree._Element) -> Told:
    """Read an event."""
    agents = event.iterfind("p:linkingAgentIdentifier/p:linkingAgentIdentifierValue", NAMES)
    objects = event.iterfind("p:linkingObjectIdentifier/p:linkingObjectIdentifierValue", NAMES)
    outcome = "p:eventOutcomeInformation"
    return Told(
        text(event, "p:eventType"),
        text(event, "p:eventDateTime"),
        text(event, "p:eventDetailInformation/p:eventDetail"),
        text(event, f"{outcome}/p:eventOutcome"),
        text(event, f"{outcome}/p:eventOutcomeDetail/p:eventOutcomeDetailNote"),
        tuple(each.text or "" for each in agents),
        tuple(each.text or "" for each in objects),
    )
