"""The first start: a one-time link makes the first administrator, and no password comes with the program."""

from datetime import timedelta

from sqlmodel import col, delete, select

from services.identity.domain.duties import Kind
from services.identity.errors import SetupOver
from services.identity.models import Account, SetupToken, has_role
from services.identity.operations.accounts import create
from services.identity.operations.secrets import digest_of, new_secret
from shared.auth.roles import Role
from shared.clock import now
from shared.database import Database
from shared.uow import UnitOfWork

LINK_LIVES = timedelta(minutes=30)
AN_ADMIN = select(Account.id).where(has_role(Role.ADMIN), col(Account.is_disabled).is_(False)).limit(1)


async def has_admin(database: Database) -> bool:
    """Say whether somebody can let others in."""
    async with database.reading() as session:
        return (await session.exec(AN_ADMIN)).first() is not None


async def make_setup_token(database: Database) -> str:
    """Make the one-time token of the setup link, good for half an hour; tokens made before are worth nothing."""
    token = new_secret()
    async with database.writing() as uow:
        await uow.session.exec(delete(SetupToken))
        uow.session.add(SetupToken(sha256=digest_of(token)))
        uow.record("setup.offered", None)
    return token


async def set_up(uow: UnitOfWork, token: str, name: str, password: str | None) -> tuple[Account, str]:
    """Make the first administrator; gives the account and its credential's secret.

    Raises SetupOver when the token is not the one that was printed, is too old, or was used: whoever comes second
    waits for the rows that the first one locks, and then finds them gone.
    """
    offers = (await uow.session.exec(select(SetupToken).order_by(col(SetupToken.sha256)).with_for_update())).all()
    mine = next((each for each in offers if each.sha256 == digest_of(token)), None)
    if mine is None or now() - mine.made_at > LINK_LIVES or (await uow.session.exec(AN_ADMIN)).first() is not None:
        raise SetupOver
    await uow.session.exec(delete(SetupToken))
    return await create(uow, name, Kind.PERSON, frozenset({Role.ADMIN}), password)
