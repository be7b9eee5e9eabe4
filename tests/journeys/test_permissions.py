"""Every role at every route: made from the descriptions (OpenAPI), so that a new one is tested at once."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from fastapi import APIRouter
from fastapi.routing import APIRoute

from services.embedded import SERVICES, embedded_service, embedded_settings, folder_of
from shared.app import create_app
from shared.auth.guard import RouteWithoutPermission, demand_permissions, guarded_router
from shared.auth.policy import ON_EVERY_SERVICE, POLICY, roles_for
from shared.auth.roles import Role
from shared.auth.tokens import TokenChecker
from shared.migrating import migrate
from tests.harness import Bench, Issuer, bench
from tests.routes import routes_of


@pytest.fixture
async def system(tmp_path: Path) -> AsyncIterator[Bench]:
    for name in SERVICES:
        await asyncio.to_thread(migrate, folder_of(name), embedded_settings(name, tmp_path)["database_url"])
    services = [embedded_service(name, tmp_path) for name in SERVICES]
    async with bench(Issuer(tmp_path), *services) as made:
        yield made


def code_of(answer: httpx.Response, without_body: str) -> str:
    """Give the code of a problem; an answer to HEAD has no body to say it in."""
    return without_body if answer.request.method == "HEAD" else str(answer.json()["code"])


async def test_nobody_passes_without_a_token_but_where_anyone_may(system: Bench) -> None:
    stranger = system.caller()
    for route in routes_of(system):
        answer = await stranger.request(route.method, route.path())
        if route.told["x-roles"] != ["anyone"]:
            assert (answer.status_code, code_of(answer, "unauthenticated")) == (401, "unauthenticated"), route
        else:
            assert answer.status_code != 403, route
            assert '"unauthenticated"' not in answer.text, route


@pytest.mark.parametrize("role", list(Role))
async def test_a_role_passes_where_the_table_says_and_nowhere_else(system: Bench, role: Role) -> None:
    caller = system.caller(role)
    for route in routes_of(system):
        roles = route.told["x-roles"]
        if roles == ["anyone"]:
            continue
        answer = await caller.request(route.method, route.path())
        is_refused = answer.status_code == 403 and code_of(answer, "forbidden") == "forbidden"
        assert is_refused == (role not in roles), (role, route, answer.status_code)
        assert answer.status_code < 500, (role, route, answer.text)


async def test_the_descriptions_tell_of_every_route_and_of_its_roles_as_the_table_has_them(system: Bench) -> None:
    described = {(route.service, route.method, route.template): route.told["x-roles"] for route in routes_of(system)}
    there = {}
    for name, service in system.services.items():
        for route in create_app(service, TokenChecker(system.issuer.url)).router.routes:
            assert isinstance(route, APIRoute)
            roles = roles_for(name, route.name)
            for method in route.methods or ():
                there[name, method, route.path_format] = ["anyone"] if roles is None else sorted(roles)
    assert described == there


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
