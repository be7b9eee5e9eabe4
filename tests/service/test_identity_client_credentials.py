"""A program that speaks OAuth 2 only gets its tokens too, and hears refusals in its own words."""

import base64
from collections.abc import AsyncIterator
from urllib.parse import quote_plus

import httpx
import pytest

from shared.auth.roles import Role
from tests.grounds import Ground
from tests.service.front_desk import FrontDesk, front_desk

GRANT = {"grant_type": "client_credentials"}


@pytest.fixture
async def desk(ground: Ground) -> AsyncIterator[FrontDesk]:
    async with front_desk(ground) as made:
        yield made


async def ask(desk: FrontDesk, form: dict[str, str], basic: tuple[str, str] | None = None) -> httpx.Response:
    """Ask as RFC 6749 says: a form, and the client in the header (each part encoded) or in the form."""
    told = ":".join(quote_plus(part) for part in basic or ())
    headers = {"Authorization": f"Basic {base64.b64encode(told.encode()).decode()}"} if basic else {}
    return await desk.client().post("/identity/oauth/token", data=form, headers=headers)


async def test_name_and_secret_give_a_token_that_reads_the_metrics(desk: FrontDesk) -> None:
    monitor = await desk.somebody(Role.MONITOR, name="Giám sát 1")
    for answer in (
        await ask(desk, GRANT, ("giám sát 1", monitor.secret)),
        await ask(desk, GRANT, (str(monitor.id), monitor.secret)),
        await ask(desk, {**GRANT, "client_id": "Giám sát 1", "client_secret": monitor.secret}),
    ):
        granted = answer.json()
        assert (answer.status_code, granted["token_type"], granted["expires_in"]) == (200, "Bearer", 600)
        assert answer.headers["cache-control"] == "no-store"
        metrics = await desk.client(granted["access_token"]).get("/identity/metrics")
        assert (metrics.status_code, "saoluu_" in metrics.text) == (200, True)


@pytest.mark.parametrize("client", ["Giám sát", "nobody", "", "x" * 101, "00000000-0000-0000-0000-000000000000"])
async def test_whoever_is_not_the_client_is_told_so(desk: FrontDesk, client: str) -> None:
    await desk.somebody(Role.MONITOR, name="Giám sát")
    answer = await ask(desk, GRANT, (client, "guess"))
    assert (answer.status_code, answer.json()) == (401, {"error": "invalid_client"})
    assert answer.headers["www-authenticate"].startswith("Basic ")


async def test_guessing_is_slowed_down_here_too(desk: FrontDesk) -> None:
    monitor = await desk.somebody(Role.MONITOR, name="Giám sát")
    for client in ("Giám sát", "nobody"):
        heard = [(await ask(desk, GRANT, (client, "guess"))).status_code for _ in range(11)]
        assert heard == [401] * 10 + [429]
    assert (await ask(desk, GRANT, ("Giám sát", monitor.secret))).status_code == 200, "the right secret is never locked"


@pytest.mark.parametrize("form", [{}, {"grant_type": "password", "username": "Lan"}])
async def test_other_grants_are_not_known(desk: FrontDesk, form: dict[str, str]) -> None:
    answer = await ask(desk, form)
    assert (answer.status_code, answer.json()) == (400, {"error": "unsupported_grant_type"})


async def test_a_header_that_is_no_basic_authentication_names_nobody(desk: FrontDesk) -> None:
    answer = await desk.client().post("/identity/oauth/token", data=GRANT, headers={"Authorization": "Basic %"})
    assert (answer.status_code, answer.json()) == (401, {"error": "invalid_client"})
