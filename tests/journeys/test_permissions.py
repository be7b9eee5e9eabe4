"""Every role at every route: made from the routes themselves, so that a new one is tested the day it is written."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from fastapi import APIRouter

from services.embedded import SERVICES, embedded_service, embedded_settings, folder_of
from shared.app import create_app
from shared.auth.guard import RouteWithoutPermission, demand_permissions, guarded_router
from shared.auth.policy import ON_EVERY_SERVICE, POLICY, Role, roles_for
from shared.auth.tokens import TokenChecker
from shared.migrating import migrate
from tests.harness import Bench, Issuer, bench

SOME_ID = str(uuid4())


@pytest.fixture
async def system(tmp_path: Path) -> AsyncIterator[Bench]:
    for name in SERVICES:
        await asyncio.to_thread(migrate, folder_of(name), embedded_settings(name, tmp_path)["database_url"])
    services = [embedded_service(name, tmp_path) for name in SERVICES]
    async with bench(Issuer(tmp_path), *services) as made:
        yield made


def routes(system: Bench) -> Iterator[tuple[str, str, str, frozenset[Role] | None]]:
    """Give service, method, path and roles of every route there is."""
    for name, service in system.services.items():
        app = create_app(service, TokenChecker(system.issuer.url))
        for route in app.router.routes:
            path = f"/{name}{route.path}"  # type: ignore[attr-defined]
            for part in ("dossier_id", "page_id", "list_id", "fonds_id", "account_id", "package_id", "delivery_id",
                         "job_id", "event_id", "import_id", "upload_id", "rescan_order_id"):  # fmt: skip
                path = path.replace(f"{{{part}}}", SOME_ID)
            path = path.replace("{number}", "1").replace("{year}", "2026")
            assert "{" not in path, f"a new kind of path: {path}"
            for method in route.methods - {"HEAD"}:  # type: ignore[attr-defined]
                yield name, method, path, roles_for(name, route.name)  # type: ignore[attr-defined]


async def test_nobody_passes_without_a_token_but_where_anyone_may(system: Bench) -> None:
    stranger = system.caller()
    for _, method, path, roles in routes(system):
        answer = await stranger.request(method, path)
        if roles is not None:
            assert (answer.status_code, answer.json()["code"]) == (401, "unauthenticated"), (method, path)
        else:
            assert answer.status_code != 403, (method, path)
            assert '"unauthenticated"' not in answer.text, (method, path)


@pytest.mark.parametrize("role", list(Role))
async def test_a_role_passes_where_the_table_says_and_nowhere_else(system: Bench, role: Role) -> None:
    caller = system.caller(role)
    for _, method, path, roles in routes(system):
        if roles is None:
            continue
        answer = await caller.request(method, path)
        is_refused = answer.status_code == 403 and answer.json()["code"] == "forbidden"
        assert is_refused == (role not in roles), (role, method, path, answer.status_code)
        assert answer.status_code < 500, (role, method, path, answer.text)


async def test_the_table_names_no_route_that_is_not_there(system: Bench) -> None:
    there = set()
    for name, service in system.services.items():
        app = create_app(service, TokenChecker(system.issuer.url))
        there |= {f"{name}.{route.name}" for route in app.router.routes}  # type: ignore[attr-defined]
    standing = {f"{name}.{route}" for name in system.services for route in ON_EVERY_SERVICE}
    assert there == set(POLICY) | standing


def test_a_route_that_is_not_in_the_table_keeps_its_service_from_starting() -> None:
    router = guarded_router()

    @router.get("/backdoor")
    async def backdoor() -> None:
        """Let anybody in."""

    with pytest.raises(RouteWithoutPermission, match=r"catalog\.backdoor is not in the table"):
        demand_permissions("catalog", router)


def test_a_route_without_a_guard_keeps_its_service_from_starting() -> None:
    router = APIRouter()

    @router.get("/livez")
    async def livez() -> None:
        """Look harmless."""

    with pytest.raises(RouteWithoutPermission, match="has no guard"):
        demand_permissions("catalog", router)
