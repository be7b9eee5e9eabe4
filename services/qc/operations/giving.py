"""Write down what inspectors say of pages, one verdict or a queue of them, each once however often it is sent."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy.exc import IntegrityError

from services.qc.domain.finding import Finding
from services.qc.domain.inspection import Verdict, demand_sayable
from services.qc.domain.reasons import told
from services.qc.domain.wording import reason_in_words
from services.qc.errors import AlreadyJudged, ImageStale, KeyReused, RescanOpen
from services.qc.models import GivenVerdict, InspectedPage, RefusedVerdict, RescanOrder
from services.qc.operations.desk import Desk, lay_out
from services.qc.operations.publishing import tell_verdict
from services.qc.operations.refusing import demand_not_refused, note_refusal, remember
from services.qc.operations.undoing import TakenBack, take_back
from shared.errors import ArchiveError
from shared.events.qc import RescanOrdered
from shared.ids import DossierId, PageId, RescanOrderId
from shared.uow import UnitOfWork


@dataclass(frozen=True, slots=True)
class Said:
    """What an inspector says of the page with this image, under a key of the client's choice."""

    key: UUID
    page_id: UUID
    sha256: str
    verdict: Verdict
    reason: str = ""
    note: str = ""

    @property
    def content(self) -> tuple[str, ...]:
        """Give what is said, without the key."""
        return (str(self.page_id), self.sha256, self.verdict, self.reason, self.note)

    def is_told_by(self, row: GivenVerdict) -> bool:
        """Say whether a row tells the same."""
        same = (row.page_id, row.sha256, row.verdict, row.reason, row.note, row.undoes, row.bulk)
        return same == (self.page_id, self.sha256, self.verdict, self.reason, self.note, None, None)


Act = Said | TakenBack


async def give_verdicts(uow: UnitOfWork, acts: Sequence[Act]) -> list[GivenVerdict | ArchiveError]:
    """Do the acts of a queue in their order; gives for each what is written down, or why it was refused.

    An act that was done or refused before is answered as it was then. Raises KeyReused when another request used a key
    at the same moment.
    """
    desk = await lay_out(
        uow,
        keys={act.key for act in acts},
        pages={act.page_id for act in acts if isinstance(act, Said)},
        undone={act.undoes for act in acts if isinstance(act, TakenBack)},
    )
    answers: list[GivenVerdict | ArchiveError] = []
    refused: list[RefusedVerdict] = []
    for place, act in enumerate(acts):
        try:
            answers.append(do(uow, desk, act, place))
        except ArchiveError as refusal:  # raised before anything was changed
            answers.append(refusal)
            if (noted := note_refusal(desk, act.key, act.content, refusal)) is not None:
                refused.append(noted)
    try:
        await uow.session.flush()
    except IntegrityError as taken:
        raise KeyReused from taken
    await remember(uow, desk, refused)
    return answers


def do(uow: UnitOfWork, desk: Desk, act: Act, place: int) -> GivenVerdict:
    """Do one act, unless it was done or refused before. Raises KeyReused, and what forbids it."""
    known = desk.given.get(act.key)
    if known is not None:
        if known.account_id != desk.account or not act.is_told_by(known):
            raise KeyReused
        return known
    demand_not_refused(desk, act.key, act.content)
    row = give(uow, desk, act) if isinstance(act, Said) else take_back(uow, desk, act)
    row.at = desk.moment + timedelta(microseconds=place)  # in the order of the queue
    uow.session.add(row)
    desk.given[row.id] = row
    page = desk.pages[row.page_id]
    tell_verdict(uow, row, DossierId(page.dossier_id), page.number)
    return row


def give(uow: UnitOfWork, desk: Desk, said: Said) -> GivenVerdict:
    """Write down what a person says of the newest version of a page.

    Raises NotFound, DossierConcluded, ImageStale, PageNotChecked, PageUnreadable, ReasonMissing, ReasonUnknown,
    ReasonUnexpected, NoteMissing, RescanOpen, AlreadyJudged, PageHeld, ScopeLocked.
    """
    page = desk.page(said.page_id)
    if page.sha256 != said.sha256:
        raise ImageStale(f"version {page.version} is the newest", version=page.version, sha256=page.sha256)
    demand_sayable(said.verdict, said.reason, said.note, page.judgement, page.is_readable)
    if page.verdict is not None:
        raise RescanOpen if page.verdict == Verdict.RESCAN else AlreadyJudged
    desk.demand_free(page)
    return enter(uow, desk, page, said)


def enter(uow: UnitOfWork, desk: Desk, page: InspectedPage, said: Said) -> GivenVerdict:
    """Let a verdict stand for a page."""
    row = GivenVerdict(
        id=said.key,
        page_id=page.page_id,
        dossier_id=page.dossier_id,
        lot_id=page.lot_id,
        version=page.version,
        sha256=page.sha256,
        verdict=said.verdict,
        reason=said.reason,
        note=said.note,
        account_id=desk.account,
        inspector=uow.caller.name,
        at=desk.moment,
    )
    page.verdict, page.reason, page.note, page.verdict_id = said.verdict, said.reason, said.note, row.id
    page.held_by = page.held_until = None
    facts = {"version": page.version, "verdict": said.verdict, "reason": said.reason, "note": said.note}
    uow.record("verdict.given", page.page_id, **facts)
    if said.verdict == Verdict.RESCAN:
        desk.orders[row.id] = order_rescan(uow, page, row)
    return row


def order_rescan(uow: UnitOfWork, page: InspectedPage, verdict: GivenVerdict) -> RescanOrder:
    """Ask the station for a new image of a page, telling it also what the machine found."""
    found = [Finding.of(each) for each in page.findings]
    order = RescanOrder(
        page_id=page.page_id,
        dossier_id=page.dossier_id,
        page_version=page.version,
        verdict_id=verdict.id,
        reason=reason_in_words(told(verdict.reason, verdict.note), found),
        ordered_by=uow.caller.name,
        ordered_at=verdict.at,
    )
    uow.session.add(order)
    uow.publish(
        RescanOrdered(
            rescan_order_id=RescanOrderId(order.id),
            page_id=PageId(page.page_id),
            dossier_id=DossierId(page.dossier_id),
            page_number=page.number,
            page_version=page.version,
            reason=order.reason,
        )
    )
    return order
