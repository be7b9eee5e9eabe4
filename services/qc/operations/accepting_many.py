"""Accept many pages at once: only those that the machine passed, nobody drew, and the inspector has seen."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement
from sqlmodel import col, select

from services.qc.domain.holds import is_held_by_another
from services.qc.domain.inspection import Verdict
from services.qc.errors import KeyReused
from services.qc.models import EmptyAcceptance, GivenVerdict, InspectedDossier, InspectedPage, PageSeen
from services.qc.operations.desk import Desk, lay_out
from services.qc.operations.giving import Said, enter
from services.qc.operations.holding import ORDER, closed_to, is_free_for
from services.qc.operations.locking import account_of, demand_not_locked
from services.qc.operations.publishing import tell_verdict
from services.qc.operations.scopes import Scope, open_scope
from shared.clock import now
from shared.ids import DossierId, new_id
from shared.uow import UnitOfWork
from shared.yielding import insert_into

AT_ONCE = 500


async def accept_many(uow: UnitOfWork, scope_id: UUID, key: UUID) -> Sequence[GivenVerdict]:
    """Accept the first pages of a scope that may be accepted many at once; the same key again gives the same answer.

    Raises NotFound, DossierConcluded, ScopeLocked, KeyReused.
    """
    known = await accepted_by(uow, key)
    if known:  # also when the scope has been concluded or locked since
        return known_to(uow, known, scope_id)
    if await was_empty(uow, key, scope_id):
        return ()
    moment = now()
    scope = await open_scope(uow.session, scope_id)
    await demand_not_locked(uow, scope, moment)
    asked = select(InspectedPage.page_id).where(scope.pages, *conditions(scope, account_of(uow.caller), moment))
    found = (await uow.session.exec(asked.order_by(*ORDER).limit(AT_ONCE))).all()
    desk = await lay_out(uow, keys=(), pages=found, undone=())
    if known := await accepted_by(uow, key):  # by the same request, sent twice at once
        return known_to(uow, known, scope_id)
    rows = [accept(uow, desk, desk.pages[page_id], key) for page_id in found if is_still_free(desk, page_id)]
    if not rows:
        await note_empty(uow, key, scope_id)
    uow.record("pages.accepted", scope_id, key=key, count=len(rows))
    return sorted(rows, key=by_id)


async def accepted_by(uow: UnitOfWork, key: UUID) -> Sequence[GivenVerdict]:
    """Give what was accepted under a key."""
    return (await uow.session.exec(select(GivenVerdict).where(GivenVerdict.bulk == key))).all()


async def was_empty(uow: UnitOfWork, key: UUID, scope_id: UUID) -> bool:
    """Say whether there was nothing to accept under a key. Raises KeyReused for another's key or scope."""
    known = await uow.session.get(EmptyAcceptance, key)
    if known is not None and (known.account_id, known.scope_id) != (account_of(uow.caller), scope_id):
        raise KeyReused
    return known is not None


async def note_empty(uow: UnitOfWork, key: UUID, scope_id: UUID) -> None:
    """Remember that there was nothing to accept under a key; the same request may do so at the same moment."""
    row = {"key": key, "scope_id": scope_id, "account_id": account_of(uow.caller), "at": now()}
    await uow.session.exec(insert_into(uow.session, EmptyAcceptance).values(row).on_conflict_do_nothing())


def known_to(uow: UnitOfWork, known: Sequence[GivenVerdict], scope_id: UUID) -> Sequence[GivenVerdict]:
    """Give what is known under a key to whoever gave it, of the scope it was given for. Raises KeyReused."""
    account = account_of(uow.caller)
    if any(row.account_id != account or scope_id not in (row.dossier_id, row.lot_id) for row in known):
        raise KeyReused
    return sorted(known, key=by_id)


def by_id(row: GivenVerdict) -> UUID:
    """Give what the verdicts of an act are sorted by."""
    return row.id


def conditions(scope: Scope, account: UUID, moment: datetime) -> Sequence[ColumnElement[bool]]:
    """Give what must hold of a page: unflagged, never rescanned, left out by a sample that is drawn, and seen."""
    undrawn = select(InspectedDossier.dossier_id).where(scope.dossiers, col(InspectedDossier.seed).is_(None))
    seen = select(PageSeen.page_id).where(
        PageSeen.account_id == account,
        PageSeen.page_id == InspectedPage.page_id,
        PageSeen.version == InspectedPage.version,
    )
    return (
        col(InspectedPage.verdict).is_(None),
        col(InspectedPage.judgement) == "pass",
        col(InspectedPage.is_readable).is_(True),
        ~col(InspectedPage.is_sampled),
        col(InspectedPage.dossier_id).not_in(undrawn),
        col(InspectedPage.dossier_id).not_in(closed_to(scope, account, moment)),
        is_free_for(account, moment),
        seen.exists(),
    )


def is_still_free(desk: Desk, page_id: UUID) -> bool:
    """Say whether nothing happened to a page before it was locked."""
    page = desk.pages[page_id]
    is_held = is_held_by_another(page.held_by, page.held_until, desk.account, desk.moment)
    return page.verdict is None and page.judgement == "pass" and not page.is_sampled and not is_held


def accept(uow: UnitOfWork, desk: Desk, page: InspectedPage, key: UUID) -> GivenVerdict:
    """Accept one of many pages."""
    row = enter(uow, desk, page, Said(new_id(), page.page_id, page.sha256, Verdict.ACCEPTED))
    row.bulk = key
    uow.session.add(row)
    tell_verdict(uow, row, DossierId(page.dossier_id), page.number)
    return row
