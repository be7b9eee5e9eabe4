"""Events published by qc."""

from collections.abc import Iterable
from hashlib import sha256
from typing import ClassVar

from shared.events.base import Event, Fact
from shared.ids import DossierId, PageId, RescanOrderId, VerdictId


class CheckOutcome(Fact):
    """What one check of a page came to: pass, review or fail."""

    check: str
    outcome: str


class PageChecked(Event):
    """The machine has decoded and measured a version of a page, and judged it: pass, review or fail.

    It is judged by itself. What comparing it with the other pages of its dossier finds comes later, is told to the
    inspectors only, and is in what they accept: the event is not sent again. `checks` are those that were done, in
    their order, `program` is the version that did them.
    """

    name: ClassVar[str] = "qc.page.checked.v1"
    subject: ClassVar[str] = "page_id"

    page_id: PageId
    dossier_id: DossierId
    page_number: int
    judgement: str
    findings: tuple[str, ...] = ()
    profile: str
    width: int | None = None
    height: int | None = None
    a4_equivalents: int = 1
    checks: tuple[CheckOutcome, ...] = ()
    program: str = ""


class VerdictGiven(Event):
    """An inspector says of a version of a page: accepted, with reservation, to be scanned again, or rejected.

    `reason` is a code, `explanation` is what it says with the inspector's note, in words. `is_bulk` says that the page
    was accepted together with others.
    """

    name: ClassVar[str] = "qc.verdict.given.v1"
    subject: ClassVar[str] = "verdict_id"

    verdict_id: VerdictId
    page_id: PageId
    dossier_id: DossierId
    page_number: int
    page_version: int
    verdict: str
    reason: str = ""
    explanation: str = ""
    is_bulk: bool = False


class VerdictUndone(Event):
    """An inspector takes a verdict back; `undoes` names it, `verdict_id` is of this act itself."""

    name: ClassVar[str] = "qc.verdict.undone.v1"
    subject: ClassVar[str] = "verdict_id"

    verdict_id: VerdictId
    undoes: VerdictId
    page_id: PageId
    dossier_id: DossierId
    page_number: int
    page_version: int


class RescanOrdered(Event):
    """An inspector asks the station for a new image of one page; the old one stays."""

    name: ClassVar[str] = "qc.rescan.ordered.v1"
    subject: ClassVar[str] = "rescan_order_id"

    rescan_order_id: RescanOrderId
    page_id: PageId
    dossier_id: DossierId
    page_number: int
    page_version: int
    reason: str


class RescanWithdrawn(Event):
    """An inspector takes a rescan order back: no new image of the page is wanted after all."""

    name: ClassVar[str] = "qc.rescan.withdrawn.v1"
    subject: ClassVar[str] = "rescan_order_id"

    rescan_order_id: RescanOrderId
    page_id: PageId
    dossier_id: DossierId
    page_number: int
    page_version: int


class RejectedPage(Fact):
    """A page that stayed unreadable and is left out of the package, with the reason in words."""

    page_id: PageId
    page_number: int
    explanation: str


class DossierAccepted(Event):
    """An inspector accepts a dossier as it stands.

    `pages_sha256` is the digest that `pages_digest` makes of the accepted pages: sealing computes it again, so that
    what is sealed is what was accepted. `note` is what the inspector said of the dossier as a whole. `told_count` is
    how many checks and verdicts of its pages were published before: whoever tells of them can wait until all are heard.
    """

    name: ClassVar[str] = "qc.dossier.accepted.v1"
    subject: ClassVar[str] = "dossier_id"

    dossier_id: DossierId
    accepted_count: int
    reserved_count: int
    rejected: tuple[RejectedPage, ...] = ()
    pages_sha256: str
    note: str = ""
    told_count: int | None = None


class DossierRejected(Event):
    """No page of a dossier could be accepted; it is set aside with an explanation."""

    name: ClassVar[str] = "qc.dossier.rejected.v1"
    subject: ClassVar[str] = "dossier_id"

    dossier_id: DossierId
    page_count: int
    explanation: str


def pages_digest(pages: Iterable[tuple[int, int, str]]) -> str:
    """Give the SHA-256 over one line `number version sha256` (single spaces, LF) per page, in order of number."""
    lines = "".join(f"{number} {version} {digest}\n" for number, version, digest in sorted(pages))
    return sha256(lines.encode()).hexdigest()
