"""Every route of identity against every role, as the table of permissions says."""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from services.identity.api import router
from shared.auth.guard import GuardedRoute
from shared.auth.policy import POLICY, roles_for
from shared.auth.roles import Role
from tests.grounds import Ground
from tests.harness import Issuer, bench
from tests.service.front_desk import FrontDesk, front_desk

ROUTES = [route for route in router.routes if isinstance(route, GuardedRoute)]
GUARDED = [route for route in ROUTES if roles_for("identity", route.name) is not None]


@pytest.fixture
async def desk(ground: Ground) -> AsyncIterator[FrontDesk]:
    async with front_desk(ground) as made:
        yield made


async def call(client: httpx.AsyncClient, route: GuardedRoute) -> httpx.Response:
    """Call a route with a path that leads to nothing and a body that means nothing."""
    path = "/identity" + route.path.replace("{account_id}", "00000000-0000-0000-0000-000000000000")
    method = "".join(route.methods or ())
    return await client.request(method, path, json=None if method == "GET" else {})


def test_the_table_and_the_routes_name_each_other() -> None:
    assert {f"identity.{route.name}" for route in ROUTES} == {name for name in POLICY if name.startswith("identity.")}


async def test_without_a_token_only_what_is_open_to_anyone_answers(desk: FrontDesk) -> None:
    for route in ROUTES:
        answer = await call(desk.client(), route)
        assert ('"unauthenticated"' in answer.text) == (route in GUARDED), route.name


async def test_each_role_may_do_what_the_table_says_and_nothing_else(desk: FrontDesk) -> None:
    for role in Role:
        client = (await desk.somebody(role)).http
        for route in GUARDED:
            answer = await call(client, route)
            allowed = role in (roles_for("identity", route.name) or ())
            assert (answer.status_code == 403) != allowed, (role, route.name, answer.text)
            assert answer.status_code < 500


async def test_a_token_signed_by_anybody_else_opens_nothing(desk: FrontDesk, tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    stranger = Issuer(tmp_path / "other")
    client = desk.client(stranger.token(Role.ADMIN))
    for route in GUARDED:
        answer = await call(client, route)
        assert (answer.status_code, answer.json()["code"]) == (401, "token_refused"), route.name


async def test_the_standing_routes_are_closed_too(desk: FrontDesk) -> None:
    nobody, monitor = desk.client(), (await desk.somebody(Role.MONITOR)).http
    assert (await nobody.get("/identity/livez")).status_code == 200
    for path in ("readyz", "metrics", "openapi.json", "audit", "jobs", "dead-letters"):
        assert (await nobody.get(f"/identity/{path}")).status_code == 401
    assert (await monitor.get("/identity/metrics")).status_code == 200
    assert (await monitor.get("/identity/audit")).status_code == 403


async def test_identity_heeds_tokens_like_every_service(ground: Ground) -> None:
    async with front_desk(ground) as desk:
        service = desk.service
    issuer = Issuer(ground.folder)
    async with bench(issuer, service) as made:
        assert (await made.caller(Role.ADMIN).get("/identity/accounts")).status_code == 200
        assert (await made.caller(Role.ARCHIVIST).get("/identity/accounts")).status_code == 403
        assert (await made.caller().get("/identity/accounts")).status_code == 401
