"""Sign-ins that fail: counted for an account and where they came from, and answered ever more slowly.

What is kept is bounded: an attempt costs a look at a password, refused ones leave no row, and old rows are deleted.
"""

import asyncio
from uuid import UUID

from sqlalchemy import func
from sqlmodel import col, delete, select

from services.identity.domain.patience import SLOW_FROM, SLOWNESS, WINDOW, may_try
from services.identity.errors import TooManyAttempts
from services.identity.models import Attempt
from services.identity.operations.secrets import digest_of
from shared.clock import now
from shared.database import Database
from shared.ids import new_id
from shared.uow import UnitOfWork


async def begin(database: Database, subject: str, source: str) -> None:
    """Count an attempt before its outcome is known. Raises TooManyAttempts.

    It is committed between two looks, so that a hundred attempts made at once see each other; whoever is refused at
    the first look leaves no row, so that a flood fills nothing. Guesses from many addresses make every look at the
    account slow, but lock nobody out.
    """
    await demand_patience(database, subject, source)
    mine = Attempt(id=new_id(), subject=digest_of(subject), source=digest_of(source))
    mine_id = mine.id
    async with database.writing() as uow:
        await uow.session.exec(delete(Attempt).where(col(Attempt.at) < now() - WINDOW))
        uow.session.add(mine)
    await demand_patience(database, subject, source, besides=mine_id)
    if await is_beset(database, subject):
        await asyncio.sleep(SLOWNESS.total_seconds())


async def demand_patience(database: Database, subject: str, source: str, besides: UUID | None = None) -> None:
    """Raise TooManyAttempts when the latest failures from a source are too many for how fresh they are."""
    moment = now()
    counted = select(func.count(), func.max(Attempt.at)).where(
        Attempt.subject == digest_of(subject),
        Attempt.source == digest_of(source),
        col(Attempt.at) > moment - WINDOW,
        col(Attempt.id) != besides if besides else True,
    )
    async with database.reading() as session:
        failures, latest = (await session.exec(counted)).one()
    if not may_try(failures, latest, moment):
        raise TooManyAttempts


async def is_beset(database: Database, subject: str) -> bool:
    """Say whether an account is being guessed at from everywhere."""
    counted = select(func.count()).where(Attempt.subject == digest_of(subject), col(Attempt.at) > now() - WINDOW)
    async with database.reading() as session:
        return (await session.exec(counted)).one() > SLOW_FROM


async def forget(uow: UnitOfWork, subject: str, source: str | None = None) -> None:
    """Forget the attempts of a subject that has signed in after all, from there or from anywhere."""
    gone = delete(Attempt).where(col(Attempt.subject) == digest_of(subject))
    await uow.session.exec(gone.where(col(Attempt.source) == digest_of(source)) if source is not None else gone)
