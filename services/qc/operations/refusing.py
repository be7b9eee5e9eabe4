"""Remember which keys were refused for what had happened before: sent again, each gets the same answer.

Otherwise a queue that is sent again would do, after its own undoings, what it was refused before them.
"""

import json
from collections.abc import Iterable, Sequence
from datetime import timedelta
from hashlib import sha256
from uuid import UUID

from sqlalchemy import delete
from sqlmodel import col, select

from services.qc.errors import (
    AlreadyJudged,
    DossierConcluded,
    ImageStale,
    KeyReused,
    RescanFulfilled,
    RescanOpen,
    VerdictSuperseded,
)
from services.qc.models import RefusedVerdict
from services.qc.operations.desk import Desk
from shared.errors import ArchiveError
from shared.uow import UnitOfWork
from shared.yielding import insert_into

# Not those that pass by themselves (held, locked, not checked yet), nor those that the content alone brings about.
LASTING: dict[str, type[ArchiveError]] = {
    each.code: each
    for each in (AlreadyJudged, DossierConcluded, ImageStale, RescanFulfilled, RescanOpen, VerdictSuperseded)
}
KEPT = timedelta(days=90)  # no client holds a queue back for longer
FORGOTTEN_AT_ONCE = 1000


def demand_not_refused(desk: Desk, key: UUID, content: Sequence[str]) -> None:
    """Raise what a key was refused with before, or KeyReused when it came with something else or from another."""
    earlier = desk.refused.get(key)
    if earlier is None:
        return
    if (earlier.account_id, earlier.content_sha256) != (desk.account, digest_of(content)):
        raise KeyReused
    raise LASTING[earlier.code](earlier.detail, **earlier.facts)


def note_refusal(desk: Desk, key: UUID, content: Sequence[str], refusal: ArchiveError) -> RefusedVerdict | None:
    """Give what is to be remembered of a refusal, for the rest of its queue too; None when there is nothing new."""
    if refusal.code not in LASTING or key in desk.refused:
        return None
    desk.refused[key] = RefusedVerdict(
        key=key,
        account_id=desk.account,
        content_sha256=digest_of(content),
        code=refusal.code,
        detail=refusal.detail,
        facts=refusal.facts,
        at=desk.moment,
    )
    return desk.refused[key]


async def remember(uow: UnitOfWork, desk: Desk, refused: Iterable[RefusedVerdict]) -> None:
    """Write refusals down, and forget some of those that are too old to come again."""
    rows = [row.model_dump() for row in refused]
    if not rows:
        return
    await uow.session.exec(insert_into(uow.session, RefusedVerdict).values(rows).on_conflict_do_nothing())
    old = (
        select(RefusedVerdict.key)
        .where(col(RefusedVerdict.at) < desk.moment - KEPT)
        .limit(FORGOTTEN_AT_ONCE)
        .with_for_update(skip_locked=True)
    )
    await uow.session.exec(delete(RefusedVerdict).where(col(RefusedVerdict.key).in_(old)))


def digest_of(content: Sequence[str]) -> str:
    """Give the digest of what a verdict or an undoing says."""
    return sha256(json.dumps(list(content)).encode()).hexdigest()
