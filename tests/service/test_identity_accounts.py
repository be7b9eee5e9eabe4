"""Accounts: made with fitting roles, shut out and let in, never without an administrator."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from sqlmodel import col, select

from services.identity.domain.duties import Kind
from services.identity.operations.accounts import add_on_host, disable
from shared.auth.roles import Role
from shared.auth.tokens import sign_token
from shared.events.identity import AccountGranted
from shared.ids import new_id
from tests.grounds import Ground
from tests.service.front_desk import PASSWORD, FrontDesk, Somebody, front_desk, show_credential, sign_in, take_token

GRANTED = "identity.account.granted.v1"


@pytest.fixture
async def desk(ground: Ground) -> AsyncIterator[FrontDesk]:
    async with front_desk(ground) as made:
        yield made


@pytest.fixture
async def admin(desk: FrontDesk) -> Somebody:
    return await desk.somebody(Role.ADMIN, name="administrator")


async def test_an_administrator_makes_accounts_that_can_act_at_once(desk: FrontDesk, admin: Somebody) -> None:
    told = {"name": "Trạm quét 1", "kind": "machine", "roles": ["station"]}
    answer = await admin.http.post("/identity/accounts", json=told)
    assert answer.status_code == 201
    account, credential = answer.json()["account"], answer.json()["credential"]
    assert told.items() <= account.items()
    assert (account["is_disabled"], account["id"]) == (False, credential["account_id"])
    assert (await show_credential(desk.client(), **credential)).status_code == 200
    assert "account.created" in await desk.acts()


async def test_a_person_may_start_with_a_password(desk: FrontDesk, admin: Somebody) -> None:
    told = {"name": "Lan", "kind": "person", "roles": ["archivist", "operator"], "password": PASSWORD}
    assert (await admin.http.post("/identity/accounts", json=told)).status_code == 201
    assert (await sign_in(desk.client(), "Lan", PASSWORD)).status_code == 204


@pytest.mark.parametrize(
    ("told", "code"),
    [
        ({"roles": []}, "identity.roles_clash"),
        ({"roles": ["admin", "archivist"]}, "identity.roles_clash"),
        ({"roles": ["auditor", "inspector"]}, "identity.roles_clash"),
        ({"roles": ["station"]}, "identity.roles_clash"),
        ({"kind": "machine"}, "identity.roles_clash"),
        ({"kind": "machine", "roles": ["station", "monitor"]}, "identity.roles_clash"),
        ({"kind": "machine", "roles": ["station"], "password": PASSWORD}, "identity.password_misplaced"),
        ({"password": "ngắn quá"}, "identity.password_too_weak"),
        ({"name": "a\tb"}, "identity.malformed_name"),
        ({"name": "x" * 101}, "identity.malformed_name"),
        ({"name": "  "}, "invalid_request"),
        ({"name": 12}, "invalid_request"),
        ({"roles": ["king"]}, "invalid_request"),
        ({"roles": "archivist"}, "invalid_request"),
        ({"kind": "robot"}, "invalid_request"),
        ({"is_disabled": False}, "invalid_request"),
    ],
)
async def test_an_account_that_cannot_be_is_refused_and_not_made(
    desk: FrontDesk, admin: Somebody, told: dict[str, object], code: str
) -> None:
    whole = {"name": "Lan", "kind": "person", "roles": ["archivist"], **told}
    answer = await admin.http.post("/identity/accounts", json=whole)
    assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert len((await admin.http.get("/identity/accounts")).json()["items"]) == 1


async def test_a_name_that_looks_the_same_is_taken(desk: FrontDesk, admin: Somebody) -> None:
    told = {"name": "Lan", "kind": "person", "roles": ["archivist"]}
    await admin.http.post("/identity/accounts", json=told)
    for name in ("Lan", "lan", "Ｌａｎ"):  # noqa: RUF001 - the wide letters are the point
        answer = await admin.http.post("/identity/accounts", json={**told, "name": name})
        assert (answer.status_code, answer.json()["code"]) == (409, "identity.name_taken")


async def test_of_eight_who_want_one_name_at_once_one_gets_it(ground: Ground) -> None:
    async with front_desk(ground) as desk:
        admin = await desk.somebody(Role.ADMIN)
        told = {"name": "Lan", "kind": "person", "roles": ["archivist"]}
        answers = await asyncio.gather(*(admin.http.post("/identity/accounts", json=told) for _ in range(8)))
        assert sorted(answer.status_code for answer in answers) == [201] + [409] * 7


async def test_accounts_are_listed_in_portions_without_any_secret(desk: FrontDesk, admin: Somebody) -> None:
    for number in range(4):
        await desk.somebody(Role.ARCHIVIST, name=f"person {number}", password=PASSWORD)
    seen, cursor = [], None
    while True:
        portion = (await admin.http.get("/identity/accounts", params={"limit": 2, "cursor": cursor or ""})).json()
        seen += portion["items"]
        cursor = portion["next"]
        if cursor is None:
            break
    assert sorted(each["name"] for each in seen) == ["administrator", *(f"person {number}" for number in range(4))]
    assert set(seen[0]) == {"id", "name", "kind", "roles", "is_disabled", "created_at"}


@pytest.mark.parametrize("cursor", ["x", "W10", "WyJ4Il0", "ezF9"])
async def test_a_cursor_that_we_never_gave_is_refused(admin: Somebody, cursor: str) -> None:
    answer = await admin.http.get("/identity/accounts", params={"cursor": cursor})
    assert (answer.status_code, answer.json()["code"]) == (400, "cursor_malformed")


async def test_receivers_are_listed_by_name_only_and_without_those_shut_out(desk: FrontDesk) -> None:
    officer = await desk.somebody(Role.HANDOVER_OFFICER)
    archives = await desk.somebody(Role.RECEIVER, name="Cục Văn thư và Lưu trữ")
    gone = await desk.somebody(Role.RECEIVER, name="gone")
    async with desk.database.writing() as uow:
        await disable(uow, gone.id)
    listed = (await officer.http.get("/identity/receivers")).json()["items"]
    assert listed == [{"id": str(archives.id), "name": "Cục Văn thư và Lưu trữ"}]


async def test_disabling_and_enabling_are_told_once_however_often_they_are_asked(
    desk: FrontDesk, admin: Somebody
) -> None:
    lan = await desk.somebody(Role.ARCHIVIST)
    for _ in range(2):
        answer = await admin.http.post(f"/identity/accounts/{lan.id}/disablement")
        assert (answer.status_code, answer.json()["is_disabled"]) == (200, True)
    for _ in range(2):
        answer = await admin.http.post(f"/identity/accounts/{lan.id}/enablement")
        assert (answer.status_code, answer.json()["is_disabled"]) == (200, False)
    assert (await desk.events())[-2:] == ["identity.account.disabled.v1", "identity.account.enabled.v1"]
    assert set((await desk.events())[:-2]) == {GRANTED}
    assert (await desk.acts())[-2:] == ["account.disabled", "account.enabled"]


async def test_an_act_that_is_refused_tells_nobody(desk: FrontDesk, admin: Somebody) -> None:
    answer = await admin.http.post(f"/identity/accounts/{admin.id}/disablement")
    assert (answer.status_code, answer.json()["code"]) == (409, "identity.last_admin")
    assert await desk.events() == [GRANTED], "which told of the administrator himself"


async def test_nobody_shuts_himself_out_even_beside_another_administrator(desk: FrontDesk, admin: Somebody) -> None:
    other = await desk.somebody(Role.ADMIN, name="other")
    assert (await admin.http.post(f"/identity/accounts/{admin.id}/disablement")).status_code == 409
    assert (await admin.http.post(f"/identity/accounts/{other.id}/disablement")).status_code == 200


async def test_two_administrators_who_shut_out_each_other_do_not_both_succeed(ground: Ground) -> None:
    async with front_desk(ground) as desk:
        one, other = [await desk.somebody(Role.ADMIN, name=name) for name in ("one", "other")]
        answers = await asyncio.gather(
            one.http.post(f"/identity/accounts/{other.id}/disablement"),
            other.http.post(f"/identity/accounts/{one.id}/disablement"),
        )
        assert sorted(answer.status_code for answer in answers) == [200, 409]


@pytest.mark.parametrize("act", ["disablement", "enablement", "credential"])
async def test_nothing_can_be_done_to_an_account_that_is_not_there(admin: Somebody, act: str) -> None:
    answer = await admin.http.post(f"/identity/accounts/{new_id()}/{act}")
    assert (answer.status_code, answer.json()["code"]) == (404, "identity.account_unknown")


async def test_renewing_ends_everything_the_account_could_sign_in_with(desk: FrontDesk, admin: Somebody) -> None:
    lan = await desk.somebody(Role.ARCHIVIST, name="Lan", password=PASSWORD)
    browser = desk.client()
    await sign_in(browser, "Lan", PASSWORD)
    renewed = (await admin.http.post(f"/identity/accounts/{lan.id}/credential")).json()
    assert renewed["account_id"] == str(lan.id)
    assert (await show_credential(desk.client(), lan.id, lan.secret)).status_code == 401
    assert (await take_token(browser)).status_code == 401
    assert (await sign_in(desk.client(), "Lan", PASSWORD)).status_code == 401
    assert (await show_credential(desk.client(), **renewed)).status_code == 200


async def test_renewing_opens_a_locked_account(desk: FrontDesk, admin: Somebody) -> None:
    lan = await desk.somebody(Role.ARCHIVIST, name="Lan", password=PASSWORD)
    for _ in range(10):
        await sign_in(desk.client(), "Lan", "không phải mật khẩu này")
    assert (await sign_in(desk.client(), "Lan", PASSWORD)).status_code == 429
    await admin.http.post(f"/identity/accounts/{lan.id}/credential")
    assert (await sign_in(desk.client(), "Lan", PASSWORD)).status_code == 401


async def test_an_account_sees_itself_and_a_token_of_nobody_sees_nothing(desk: FrontDesk, admin: Somebody) -> None:
    assert (await admin.http.get("/identity/me")).json()["id"] == str(admin.id)
    stranger = sign_token(desk.service.context.keys.key, new_id(), "stranger", frozenset({Role.ARCHIVIST}))  # type: ignore[attr-defined]
    assert (await desk.client(stranger).get("/identity/me")).status_code == 404


async def test_a_new_account_is_told_to_the_services_with_its_roles(desk: FrontDesk, admin: Somebody) -> None:
    told = {"name": "Cục", "kind": "machine", "roles": ["receiver"]}
    made = (await admin.http.post("/identity/accounts", json=told)).json()["account"]
    outbox = desk.database.plumbing.outbox
    async with desk.database.reading() as session:
        bodies = (await session.exec(select(outbox.body).order_by(col(outbox.position)))).all()
    event = AccountGranted.model_validate_json(bodies[-1])
    assert (str(event.account_id), event.account_name, event.kind, event.roles) == (
        made["id"],
        "Cục",
        "machine",
        ("receiver",),
    )


async def test_an_account_given_anew_on_the_host_is_told_with_its_new_roles(desk: FrontDesk) -> None:
    lan = await desk.somebody(Role.ARCHIVIST, name="Lan")
    async with desk.database.writing() as uow:
        account, _secret = await add_on_host(uow, "Lan", Kind.PERSON, frozenset({Role.INSPECTOR}))
    assert account.id == lan.id
    outbox = desk.database.plumbing.outbox
    async with desk.database.reading() as session:
        bodies = (await session.exec(select(outbox.body).where(outbox.name == GRANTED))).all()
    assert [AccountGranted.model_validate_json(body).roles for body in bodies] == [("archivist",), ("inspector",)]
