"""Enter with what and by whom a station scans: one row, however many pages and stations tell of it at once."""

from dataclasses import asdict
from uuid import UUID

from services.ingest.domain.capture import Setup
from services.ingest.models import ScanSetup
from shared.uow import UnitOfWork
from shared.yielding import insert_into


async def enter_setup(uow: UnitOfWork, setup: Setup) -> UUID | None:
    """Give the id of a setup, None when nothing is known of it."""
    if not setup.is_told:
        return None
    if await uow.session.get(ScanSetup, setup.id) is None:
        row = {"id": setup.id, **asdict(setup)}
        await uow.session.exec(insert_into(uow.session, ScanSetup).values(row).on_conflict_do_nothing())
    return setup.id
