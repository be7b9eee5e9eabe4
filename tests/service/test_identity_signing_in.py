"""Signing in: who gets a session or a token, who does not, and what nobody can learn from the difference."""

import unicodedata
from collections.abc import AsyncIterator
from datetime import timedelta
from uuid import UUID

import httpx
import pytest
from sqlmodel import select

from services.identity.errors import SignInRefused
from services.identity.models import Account, Session
from services.identity.operations.accounts import disable, enable
from services.identity.operations.signing_in import begin_session
from shared.auth.roles import Role
from shared.ids import new_id
from tests.grounds import Ground
from tests.service.front_desk import PASSWORD, FrontDesk, front_desk, show_credential, sign_in, take_token

WRONG = "không phải mật khẩu này"


@pytest.fixture
async def desk(ground: Ground) -> AsyncIterator[FrontDesk]:
    async with front_desk(ground) as made:
        yield made


def said(answer: httpx.Response) -> tuple[int, dict[str, object]]:
    """Give all that an answer tells, but for the request's own id."""
    return answer.status_code, {**answer.json(), "request_id": ""}


async def set_back(desk: FrontDesk, **minutes: int) -> None:
    """Make every session older than it is."""
    async with desk.database.writing() as uow:
        for session in await uow.session.exec(select(Session)):
            for column, by in minutes.items():
                setattr(session, column, getattr(session, column) - timedelta(minutes=by))


async def test_a_person_gets_a_cookie_and_for_it_a_token(desk: FrontDesk) -> None:
    lan = await desk.somebody(Role.ARCHIVIST, name="Lan", password=PASSWORD)
    browser = desk.client()
    answer = await sign_in(browser, "Lan", PASSWORD)
    assert (answer.status_code, answer.content) == (204, b"")
    cookie = answer.headers["set-cookie"].lower()
    assert cookie.startswith("saoluu_session=")
    assert {"httponly", "samesite=strict", "path=/"} <= set(cookie.split("; "))
    granted = (await take_token(browser)).json()
    assert (granted["token_type"], granted["expires_in"]) == ("Bearer", 600)
    me = (await desk.client(granted["access_token"]).get("/identity/me")).json()
    assert (me["id"], me["name"], me["roles"]) == (str(lan.id), "Lan", ["archivist"])


async def test_over_tls_the_cookie_is_bound_to_the_host(desk: FrontDesk) -> None:
    await desk.somebody(Role.ARCHIVIST, name="Lan", password=PASSWORD)
    browser = desk.client(scheme="https")
    cookie = (await sign_in(browser, "Lan", PASSWORD)).headers["set-cookie"]
    assert cookie.startswith("__Host-saoluu_session=")
    assert {"Secure", "Path=/"} <= set(cookie.split("; "))
    assert "domain" not in cookie.lower()
    assert (await take_token(browser)).status_code == 200


async def test_over_tls_a_cookie_without_the_prefix_is_worth_nothing(desk: FrontDesk) -> None:
    await desk.somebody(Role.ARCHIVIST, name="Lan", password=PASSWORD)
    value = (await sign_in(desk.client(), "Lan", PASSWORD)).cookies["saoluu_session"]
    browser = desk.client(scheme="https")
    browser.cookies.set("saoluu_session", value)
    assert (await take_token(browser)).status_code == 401


async def test_a_foreign_page_cannot_take_a_token_with_the_cookie(desk: FrontDesk) -> None:
    await desk.somebody(Role.ARCHIVIST, name="Lan", password=PASSWORD)
    browser = desk.client()
    await sign_in(browser, "Lan", PASSWORD)
    answer = await browser.post("/identity/tokens")
    assert (answer.status_code, answer.json()["code"]) == (401, "identity.sign_in_refused")


async def test_without_cookie_and_credential_there_is_no_token(desk: FrontDesk) -> None:
    assert (await take_token(desk.client())).status_code == 401


@pytest.mark.parametrize(
    ("minutes", "status"),
    [
        ({"used_at": 14}, 200),
        ({"used_at": 16}, 401),
        ({"begun_at": 11 * 60 + 59}, 200),
        ({"begun_at": 12 * 60 + 1}, 401),
    ],
)
async def test_a_session_ends_when_idle_and_after_half_a_day(
    desk: FrontDesk, minutes: dict[str, int], status: int
) -> None:
    await desk.somebody(Role.ARCHIVIST, name="Lan", password=PASSWORD)
    browser = desk.client()
    await sign_in(browser, "Lan", PASSWORD)
    await set_back(desk, **minutes)
    assert (await take_token(browser)).status_code == status


async def test_each_token_keeps_the_session_alive(desk: FrontDesk) -> None:
    await desk.somebody(Role.ARCHIVIST, name="Lan", password=PASSWORD)
    browser = desk.client()
    await sign_in(browser, "Lan", PASSWORD)
    for _ in range(3):
        await set_back(desk, used_at=14)
        assert (await take_token(browser)).status_code == 200


async def test_signing_out_ends_the_session_and_doing_it_twice_is_fine(desk: FrontDesk) -> None:
    await desk.somebody(Role.ARCHIVIST, name="Lan", password=PASSWORD)
    browser, thief = desk.client(), desk.client()
    await sign_in(browser, "Lan", PASSWORD)
    thief.cookies.set("saoluu_session", browser.cookies["saoluu_session"])
    for _ in range(2):
        assert (await browser.delete("/identity/sessions/current")).status_code == 204
    assert "saoluu_session" not in browser.cookies
    assert (await take_token(thief)).status_code == 401


async def test_all_who_may_not_sign_in_hear_the_same(desk: FrontDesk) -> None:
    await desk.somebody(Role.ARCHIVIST, name="Lan", password=PASSWORD)
    await desk.somebody(Role.INSPECTOR, name="no password")
    await desk.somebody(Role.STATION, name="station")
    shut_out = await desk.somebody(Role.APPROVER, name="shut out", password=PASSWORD)
    async with desk.database.writing() as uow:
        await disable(uow, shut_out.id)
    tries = [("Lan", WRONG), ("nobody", WRONG), ("no password", WRONG), ("station", WRONG), ("shut out", PASSWORD)]
    heard = [said(await sign_in(desk.client(), *each)) for each in tries]
    assert heard[0][0] == 401
    assert heard == [heard[0]] * len(tries)
    assert (await desk.acts()).count("sign_in.refused") == len(tries)


async def test_an_account_shut_out_while_its_password_is_looked_at_gets_no_session(desk: FrontDesk) -> None:
    lan = await desk.somebody(Role.ARCHIVIST, name="Lan", password=PASSWORD)
    async with desk.database.reading() as session:
        seen = await session.get_one(Account, lan.id)
    async with desk.database.writing() as uow:
        await disable(uow, lan.id)
    with pytest.raises(SignInRefused):
        await begin_session(desk.service.context, seen, "")  # type: ignore[arg-type]


async def test_a_name_in_other_case_and_letters_composed_otherwise_is_the_same_person(desk: FrontDesk) -> None:
    await desk.somebody(Role.ARCHIVIST, name="Trần Thị Lan", password=PASSWORD)
    name, password = (unicodedata.normalize("NFD", text) for text in ("TRẦN thị  lan ", PASSWORD))
    assert (await sign_in(desk.client(), name, password)).status_code == 204


async def test_a_blank_at_the_end_belongs_to_the_password(desk: FrontDesk) -> None:
    await desk.somebody(Role.ARCHIVIST, name="Lan", password=PASSWORD)
    assert (await sign_in(desk.client(), "Lan", PASSWORD + " ")).status_code == 401


@pytest.mark.parametrize("name", ["a\x00b", "\u202elan", "x" * 101])
async def test_a_name_that_nobody_can_have_is_refused_like_any_other(desk: FrontDesk, name: str) -> None:
    answer = await sign_in(desk.client(), name, WRONG)
    assert (answer.status_code, answer.json()["code"]) == (401, "identity.sign_in_refused")


async def test_a_credential_gives_a_token_and_a_wrong_one_does_not(desk: FrontDesk) -> None:
    station = await desk.somebody(Role.STATION)
    granted = await show_credential(desk.client(), station.id, station.secret)
    assert granted.status_code == 200
    assert (await desk.client(granted.json()["access_token"]).get("/identity/me")).json()["kind"] == "machine"
    heard = [
        said(await show_credential(desk.client(), account_id, secret))
        for account_id, secret in ((station.id, "x"), (new_id(), station.secret), (UUID(int=0), "x"))
    ]
    assert heard[0][0] == 401
    assert heard == [heard[0]] * 3


async def test_nobody_can_lock_a_station_out_by_guessing_in_its_name(desk: FrontDesk) -> None:
    station = await desk.somebody(Role.STATION)
    heard = [(await show_credential(desk.client(), station.id, "guess")).status_code for _ in range(12)]
    assert heard == [401] * 10 + [429] * 2
    assert (await show_credential(desk.client(), station.id, station.secret)).status_code == 200


async def test_a_disabled_account_gets_no_token_in_any_way(desk: FrontDesk) -> None:
    lan = await desk.somebody(Role.ARCHIVIST, name="Lan", password=PASSWORD)
    browser = desk.client()
    await sign_in(browser, "Lan", PASSWORD)
    async with desk.database.writing() as uow:
        await disable(uow, lan.id)
    assert (await take_token(browser)).status_code == 401
    assert (await show_credential(desk.client(), lan.id, lan.secret)).status_code == 401
    async with desk.database.writing() as uow:
        await enable(uow, lan.id)
    assert (await take_token(browser)).status_code == 401  # the session ended with the disabling
    assert (await show_credential(desk.client(), lan.id, lan.secret)).status_code == 200


async def test_no_secret_lies_in_the_database_as_it_is(ground: Ground) -> None:
    async with front_desk(ground) as desk:
        lan = await desk.somebody(Role.ARCHIVIST, name="Lan", password=PASSWORD)
        browser = desk.client()
        await sign_in(browser, "Lan", PASSWORD)
        token = (await take_token(browser)).json()["access_token"]
        secrets = [PASSWORD, lan.secret, browser.cookies["saoluu_session"], token]
    assert ground.files_with("Lan")
    assert [secret for secret in secrets if ground.files_with(secret)] == []


async def test_a_password_is_changed_by_whoever_knows_the_present_one(desk: FrontDesk) -> None:
    lan = await desk.somebody(Role.ARCHIVIST, name="Lan", password=PASSWORD)
    browser = desk.client()
    await sign_in(browser, "Lan", PASSWORD)
    wanted = "gió thổi qua cánh đồng"
    for present in (None, WRONG):
        answer = await lan.http.post("/identity/me/password", json={"present": present, "wanted": wanted})
        assert (answer.status_code, answer.json()["code"]) == (401, "identity.sign_in_refused")
    answer = await lan.http.post("/identity/me/password", json={"present": PASSWORD, "wanted": wanted})
    assert answer.status_code == 204
    assert (await take_token(browser)).status_code == 401
    assert (await sign_in(desk.client(), "Lan", PASSWORD)).status_code == 401
    assert (await sign_in(desk.client(), "Lan", wanted)).status_code == 204


async def test_a_stolen_token_does_not_help_to_guess_the_password(desk: FrontDesk) -> None:
    lan = await desk.somebody(Role.ARCHIVIST, name="Lan", password=PASSWORD)
    told = {"present": WRONG, "wanted": "gió thổi qua cánh đồng"}
    heard = [(await lan.http.post("/identity/me/password", json=told)).status_code for _ in range(11)]
    assert heard == [401] * 10 + [429]


async def test_a_first_password_needs_no_present_one_but_must_be_strong(desk: FrontDesk) -> None:
    lan = await desk.somebody(Role.ARCHIVIST, name="Lan")
    weak = await lan.http.post("/identity/me/password", json={"wanted": "aaaaaaaaaaaa"})
    assert (weak.status_code, weak.json()["code"]) == (422, "identity.password_too_weak")
    assert (await lan.http.post("/identity/me/password", json={"wanted": PASSWORD})).status_code == 204
    assert (await sign_in(desk.client(), "Lan", PASSWORD)).status_code == 204


async def test_a_machine_has_no_password(desk: FrontDesk) -> None:
    station = await desk.somebody(Role.STATION)
    answer = await station.http.post("/identity/me/password", json={"wanted": PASSWORD})
    assert (answer.status_code, answer.json()["code"]) == (422, "identity.password_misplaced")


@pytest.mark.parametrize(
    "body",
    [
        {"name": "Lan"},
        {"name": 12, "password": PASSWORD},
        {"name": "Lan", "password": PASSWORD, "remember": True},
        ["Lan", PASSWORD],
    ],
)
async def test_a_sign_in_of_another_shape_is_refused(desk: FrontDesk, body: object) -> None:
    answer = await desk.client().post("/identity/sessions", json=body)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_request")
