"""Yearly lists: begun, discarded or frozen with a number, marked as sent; a newer one names what it replaces."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import delete, exists, or_
from sqlalchemy.orm import aliased
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel.sql.expression import SelectOfScalar

from services.catalog.domain.yearly import FIXED, YearlyState, advance, overlaps
from services.catalog.domain.yearly_errors import (
    SendingWrong,
    YearlyListEmpty,
    YearlyListOverlaps,
    YearlyListReplaces,
    YearlyListStateWrong,
    YearlyListUnknown,
)
from services.catalog.domain.yearly_rule import YearlyRule
from services.catalog.models.yearly import ReserveCopy, YearlyLine, YearlyList
from services.catalog.operations.confirming_rule import confirmation_of
from services.catalog.operations.gathering import GATHER
from services.catalog.operations.holding import given_fonds
from services.catalog.operations.keeping_past import demand_seen, keep_after, keep_past
from shared.clock import day_in_vietnam, now
from shared.events.ingest import DossierPreserved
from shared.uow import UnitOfWork

ENOUGH_COPIES = 2  # the archive's and the reserve's


async def remember_copy(uow: UnitOfWork, event: DossierPreserved) -> None:
    """Know that a dossier has its reserve copy."""
    if event.verified_copies >= ENOUGH_COPIES and await uow.session.get(ReserveCopy, event.dossier_id) is None:
        made = ReserveCopy(
            dossier_id=event.dossier_id, verified_copies=event.verified_copies, preserved_at=event.occurred_at
        )
        uow.session.add(made)


async def begin_list(
    uow: UnitOfWork, year: int, fonds_id: UUID | None, replaces_id: UUID | None, rule: YearlyRule
) -> YearlyList:
    """Begin a list; it is gathered in the background.

    Raises NotFound, YearlyListUnknown, YearlyListReplaces, YearlyListOverlaps.
    """
    if fonds_id is not None:
        await given_fonds(uow, fonds_id)
    if replaces_id is not None:
        before = await given_list(uow.session, replaces_id)
        if before.state not in FIXED or (before.year, before.fonds_id) != (year, fonds_id):
            raise YearlyListReplaces(str(replaces_id), current=str(replaces_id))
    fixed = select(YearlyList).where(YearlyList.year == year, col(YearlyList.state).in_(FIXED))
    demand_apart((await uow.session.exec(fixed)).all(), fonds_id, replaces_id)
    made = YearlyList(
        year=year, fonds_id=fonds_id, replaces_id=replaces_id, rule=rule.model_dump(),
        confirmation=await confirmation_of(uow.session, rule), made_by=uow.caller.name,
    )  # fmt: skip
    uow.session.add(made)
    uow.record("yearly_list.begun", made.id, year=year, fonds_id=str(fonds_id or ""), replaces=str(replaces_id or ""))
    await uow.enqueue(GATHER, made.id)
    return made


async def freeze_list(uow: UnitOfWork, list_id: UUID, expected: int) -> YearlyList:
    """Freeze a gathered list under the next number of its year; from now on nothing of it changes.

    Raises YearlyListUnknown, YearlyListStateWrong, YearlyListEmpty, YearlyListReplaces, YearlyListOverlaps,
    ChangedMeanwhile.
    """
    year = (await given_list(uow.session, list_id)).year
    asked = select(YearlyList).where(YearlyList.year == year).order_by(col(YearlyList.id)).with_for_update()
    of_year = (await uow.session.exec(asked.execution_options(populate_existing=True))).all()  # so that numbers differ
    made = next(each for each in of_year if each.id == list_id)
    if made.state in FIXED:
        return made
    state = advance(made.state, YearlyState.FROZEN)
    if not made.dossier_count:
        raise YearlyListEmpty
    fixed = [each for each in of_year if each.state in FIXED]
    replaced = {each.replaces_id for each in fixed}
    current = next((each.id for each in fixed if each.fonds_id == made.fonds_id and each.id not in replaced), None)
    if current != made.replaces_id:
        raise YearlyListReplaces(str(current or ""), current=current and str(current))
    demand_apart(fixed, made.fonds_id, made.replaces_id)
    demand_seen(made, expected)
    kept = keep_past(uow, made, "yearly_list.frozen", list=made)
    made.state, made.number = state, 1 + max((each.number or 0 for each in fixed), default=0)
    made.frozen_by, made.frozen_at = uow.caller.name, now()
    made.confirmation = await confirmation_of(uow.session, YearlyRule.model_validate(made.rule))
    keep_after(kept, list=made)
    uow.record("yearly_list.frozen", list_id, number=made.number, sha256=made.sha256, dossiers=made.dossier_count)
    return made


async def send_list(
    uow: UnitOfWork, list_id: UUID, sent_to: str, sent_on: date, letter_number: str, expected: int
) -> YearlyList:
    """Write down to whom a frozen list was sent, when, and by which letter; the same again changes nothing.

    Raises YearlyListUnknown, YearlyListStateWrong, SendingWrong, ChangedMeanwhile.
    """
    made = await uow.session.get(YearlyList, list_id, with_for_update=True, populate_existing=True)
    if made is None:
        raise YearlyListUnknown
    if (made.sent_to, made.sent_on, made.letter_number) == (sent_to, sent_on, letter_number):
        return made
    state = advance(made.state, YearlyState.SENT)
    frozen_on = day_in_vietnam(made.frozen_at or now())
    if not frozen_on <= sent_on <= day_in_vietnam(now()):
        raise SendingWrong(str(sent_on), frozen_on=str(frozen_on))
    demand_seen(made, expected)
    kept = keep_past(uow, made, "yearly_list.sent", list=made)
    made.state, made.sent_to, made.sent_on, made.letter_number = state, sent_to, sent_on, letter_number
    made.sent_by, made.sent_at = uow.caller.name, now()
    keep_after(kept, list=made)
    uow.record("yearly_list.sent", list_id, sent_to=sent_to, sent_on=str(sent_on), letter_number=letter_number)
    return made


async def discard_list(uow: UnitOfWork, list_id: UUID, reason: str, expected: int) -> YearlyList:
    """Give a draft up, with the reason; one that is still being gathered, or never will be, keeps no dossiers.

    The same again changes nothing. Raises YearlyListUnknown, YearlyListStateWrong, ChangedMeanwhile.
    """
    made = await uow.session.get(YearlyList, list_id, with_for_update=True, populate_existing=True)
    if made is None:
        raise YearlyListUnknown
    if (made.state, made.discard_reason) == (YearlyState.DISCARDED, reason):
        return made
    state = advance(made.state, YearlyState.DISCARDED)
    demand_seen(made, expected)
    kept = keep_past(uow, made, "yearly_list.discarded", list=made)
    if made.gathered_at is None:
        await uow.session.exec(delete(YearlyLine).where(col(YearlyLine.list_id) == list_id))
    made.state, made.discard_reason = state, reason
    made.discarded_by, made.discarded_at = uow.caller.name, now()
    keep_after(kept, list=made)
    uow.record("yearly_list.discarded", list_id, reason=reason)
    return made


def demand_apart(fixed: Sequence[YearlyList], fonds_id: UUID | None, replaces_id: UUID | None) -> None:
    """Raise YearlyListOverlaps where a first list names the fonds of others that stand; a newer edition adds none."""
    replaced = {each.replaces_id for each in fixed}
    found = [str(each.id) for each in fixed if each.id not in replaced and overlaps(fonds_id, each.fonds_id)]
    if found and replaces_id is None:
        raise YearlyListOverlaps(", ".join(found), lists=found)


async def given_list(session: AsyncSession, list_id: UUID) -> YearlyList:
    """Give a yearly list. Raises YearlyListUnknown."""
    found = await session.get(YearlyList, list_id)
    if found is None:
        raise YearlyListUnknown
    return found


def demand_gathered(made: YearlyList) -> None:
    """Raise YearlyListStateWrong for a list that is still being gathered, or was discarded before it was."""
    if made.state == YearlyState.GATHERING or (made.state == YearlyState.DISCARDED and made.gathered_at is None):
        raise YearlyListStateWrong(made.state, state=made.state)


def differing_lines(made: YearlyList) -> SelectOfScalar[YearlyLine]:
    """Ask for one line of each dossier that is said otherwise than in the list replaced.

    It is the new line where a dossier came or changed, the old one where it went.
    """
    other = aliased(YearlyLine)
    same_dossier = col(other.dossier_id) == col(YearlyLine.dossier_id)
    is_as_before = exists().where(
        same_dossier, col(other.list_id) == made.replaces_id, col(other.sha256) == col(YearlyLine.sha256)
    )
    is_still_there = exists().where(same_dossier, col(other.list_id) == made.id)
    return select(YearlyLine).where(
        or_(
            (col(YearlyLine.list_id) == made.id) & ~is_as_before,
            (col(YearlyLine.list_id) == made.replaces_id) & ~is_still_there,
        )
    )
