"""A disabled account is refused by every other service too, although its token still lives."""

import asyncio
import time

from sqlalchemy.orm import registry
from sqlmodel import SQLModel

from shared.auth.disabled import heed_disabled_accounts
from shared.auth.guard import guarded_router
from shared.auth.roles import Role
from shared.database import Database
from shared.events.listeners import EVERY_SERVICE
from shared.inbox import Subscriptions
from shared.metrics import Meter
from shared.plumbing import Plumbing
from shared.service import Context, Service
from tests.grounds import Ground
from tests.service.front_desk import FrontDesk, Somebody, front_desk

WITHIN_SECONDS = 2.0


class Table(SQLModel, registry=registry()):
    """Tables of the neighbour."""


plumbing = Plumbing.under(Table)


async def neighbour(name: str, ground: Ground) -> Service:
    """Make a service with nothing but the standing routes; it listens for accounts as every service does."""
    database = Database(await asyncio.to_thread(ground.empty_database_url, name), plumbing)
    async with database.writing() as uow:
        await (await uow.session.connection()).run_sync(plumbing.metadata.create_all)
    subscriptions = Subscriptions(name)
    heed_disabled_accounts(subscriptions)
    return Service(name, ground.folder, guarded_router(), subscriptions, Context(database), Meter(name))


async def until(monitor: Somebody, status: int, path: str = "/catalog/readyz") -> float:
    """Ask the neighbour, or identity itself, until it answers with a status; gives how many seconds that took."""
    began = time.monotonic()
    while (await monitor.http.get(path)).status_code != status:
        assert time.monotonic() < began + 10
        await asyncio.sleep(0.02)
    return time.monotonic() - began


async def act(desk: FrontDesk, admin: Somebody, monitor: Somebody, what: str) -> None:
    assert (await admin.http.post(f"/identity/accounts/{monitor.id}/{what}")).status_code == 200


async def test_a_disabled_account_is_refused_everywhere_within_two_seconds_and_let_in_again(ground: Ground) -> None:
    neighbours = [await neighbour(name, ground) for name in EVERY_SERVICE if name != "identity"]
    async with front_desk(ground, *neighbours) as desk:
        admin, monitor = await desk.somebody(Role.ADMIN), await desk.somebody(Role.MONITOR)
        assert await until(monitor, 200) < WITHIN_SECONDS
        await act(desk, admin, monitor, "disablement")
        assert await until(monitor, 401) < WITHIN_SECONDS
        assert await until(monitor, 401, "/identity/me") < WITHIN_SECONDS
        assert (await monitor.http.get("/catalog/readyz")).json()["code"] == "account_disabled"
        assert (await monitor.http.get("/identity/me")).json()["code"] == "account_disabled"
        assert (await admin.http.get("/catalog/readyz")).status_code == 200
        await act(desk, admin, monitor, "enablement")
        assert await until(monitor, 200) < WITHIN_SECONDS
