"""Sign-ins that fail: ten for one account in ten minutes, and then nobody may try for a while."""

from datetime import timedelta

from sqlalchemy import func
from sqlmodel import col, delete, select

from services.identity.errors import TooManyAttempts
from services.identity.models import Attempt
from services.identity.operations.secrets import digest_of
from shared.clock import now
from shared.database import Database
from shared.uow import UnitOfWork

MOST = 10
WINDOW = timedelta(minutes=10)


async def begin(database: Database, subject: str) -> None:
    """Count an attempt before its outcome is known. Raises TooManyAttempts.

    It is committed first and counted after, so that a hundred attempts made at once see each other; whoever is
    refused at the first look leaves no row, so that a flood fills nothing.
    """
    await demand_fewer(database, subject, MOST)
    async with database.writing() as uow:
        await uow.session.exec(delete(Attempt).where(col(Attempt.at) < now() - WINDOW))
        uow.session.add(Attempt(subject=digest_of(subject)))
    await demand_fewer(database, subject, MOST + 1)


async def demand_fewer(database: Database, subject: str, limit: int) -> None:
    """Raise TooManyAttempts unless a subject has fewer than `limit` attempts of late."""
    of_late = col(Attempt.at) > now() - WINDOW
    async with database.reading() as session:
        counted = select(func.count()).where(Attempt.subject == digest_of(subject), of_late)
        if (await session.exec(counted)).one() >= limit:
            raise TooManyAttempts


async def forget(uow: UnitOfWork, *subjects: str) -> None:
    """Forget the attempts of subjects that have signed in after all."""
    tried = [digest_of(subject) for subject in subjects]
    await uow.session.exec(delete(Attempt).where(col(Attempt.subject).in_(tried)))
