"""The first start of identity: closed until the person who started it follows the link."""

import asyncio
import json
import re
import stat
from base64 import b64encode
from collections.abc import AsyncIterator
from datetime import timedelta
from hashlib import sha256
from html.parser import HTMLParser
from urllib.parse import urlsplit

import pytest
from sqlmodel import select, update

from services.identity.domain.duties import Kind
from services.identity.keys import KeyRing
from services.identity.models import Account, SetupToken, SigningKey
from services.identity.operations.accounts import add_on_host
from services.identity.operations.setup import has_admin, make_setup_token
from shared.auth.roles import Role
from shared.clock import now
from shared.uow import Caller
from tests.grounds import Ground
from tests.service.front_desk import PASSWORD, FrontDesk, front_desk, show_credential, sign_in


@pytest.fixture
async def desk(ground: Ground) -> AsyncIterator[FrontDesk]:
    async with front_desk(ground) as made:
        yield made


async def test_the_first_start_prints_a_link_whose_token_makes_the_first_administrator(
    ground: Ground, capsys: pytest.CaptureFixture[str]
) -> None:
    async with front_desk(ground) as desk:
        lines = capsys.readouterr().err.splitlines()
        found = [re.fullmatch(r"setup link: (http://saoluu\.test/identity/setup)#token=(\S{20,})", x) for x in lines]
        link = next(each for each in found if each)
        path, token = urlsplit(link[1]).path, link[2]
        answer = await desk.client().post(path, json={"token": token, "name": "Lan", "password": PASSWORD})
        assert answer.status_code == 201
        account, credential = answer.json()["account"], answer.json()["credential"]
        assert (account["name"], account["kind"], account["roles"]) == ("Lan", "person", ["admin"])
        assert (await show_credential(desk.client(), **credential)).status_code == 200
        assert (await sign_in(desk.client(), "Lan", PASSWORD)).status_code == 204
        assert await has_admin(desk.database)
        assert (await desk.acts())[-4:] == ["setup.offered", "account.created", "token.granted", "session.begun"]
    async with front_desk(ground):
        assert "setup link" not in capsys.readouterr().err


async def test_a_link_works_once(desk: FrontDesk) -> None:
    token = await make_setup_token(desk.database)
    first = await desk.client().post("/identity/setup", json={"token": token, "name": "Lan"})
    second = await desk.client().post("/identity/setup", json={"token": token, "name": "Minh"})
    assert (first.status_code, second.status_code) == (201, 403)
    assert second.json()["code"] == "identity.setup_over"


async def test_a_link_that_is_not_ours_or_was_replaced_makes_nobody(desk: FrontDesk) -> None:
    replaced = await make_setup_token(desk.database)
    await make_setup_token(desk.database)
    for token in ("guessed", replaced):
        answer = await desk.client().post("/identity/setup", json={"token": token, "name": "Lan"})
        assert (answer.status_code, answer.json()["code"]) == (403, "identity.setup_over")
    assert not await has_admin(desk.database)


@pytest.mark.parametrize(("minutes", "status"), [(29, 201), (31, 403)])
async def test_a_link_lives_for_half_an_hour(desk: FrontDesk, minutes: int, status: int) -> None:
    token = await make_setup_token(desk.database)
    async with desk.database.writing() as uow:
        await uow.session.exec(update(SetupToken).values(made_at=now() - timedelta(minutes=minutes)))
    answer = await desk.client().post("/identity/setup", json={"token": token, "name": "Lan"})
    assert answer.status_code == status


async def test_a_link_that_was_left_lying_makes_no_second_administrator(desk: FrontDesk) -> None:
    token = await make_setup_token(desk.database)
    await desk.somebody(Role.ADMIN)
    answer = await desk.client().post("/identity/setup", json={"token": token, "name": "Lan"})
    assert answer.status_code == 403


async def test_a_used_link_stays_used_when_the_administrator_becomes_something_else(desk: FrontDesk) -> None:
    token = await make_setup_token(desk.database)
    told = {"token": token, "name": "Lan"}
    assert (await desk.client().post("/identity/setup", json=told)).status_code == 201
    async with desk.database.writing(Caller("host")) as uow:
        await add_on_host(uow, "Lan", Kind.PERSON, frozenset({Role.ARCHIVIST}))
    assert (await desk.client().post("/identity/setup", json={**told, "name": "Minh"})).status_code == 403


async def test_of_eight_who_use_the_link_at_once_one_wins(ground: Ground) -> None:
    async with front_desk(ground) as desk:
        token = await make_setup_token(desk.database)
        answers = await asyncio.gather(
            *(desk.client().post("/identity/setup", json={"token": token, "name": f"racer {n}"}) for n in range(8))
        )
        assert sorted(answer.status_code for answer in answers) == [201] + [403] * 7
        async with desk.database.reading() as session:
            assert len((await session.exec(select(Account))).all()) == 1


async def test_a_weak_password_leaves_the_link_usable(desk: FrontDesk) -> None:
    token = await make_setup_token(desk.database)
    weak = await desk.client().post("/identity/setup", json={"token": token, "name": "Lan", "password": "ngắn"})
    assert (weak.status_code, weak.json()["code"]) == (422, "identity.password_too_weak")
    again = await desk.client().post("/identity/setup", json={"token": token, "name": "Lan"})
    assert again.status_code == 201


async def test_setup_takes_no_field_it_does_not_know(desk: FrontDesk) -> None:
    token = await make_setup_token(desk.database)
    told = {"token": token, "name": "Lan", "roles": ["archivist"]}
    assert (await desk.client().post("/identity/setup", json=told)).status_code == 422


async def test_the_public_key_is_published_and_the_private_one_is_not(ground: Ground) -> None:
    async with front_desk(ground) as desk:
        answered = (await desk.client().get("/identity/keys")).json()
    file = ground.folder / "keys.json"
    assert json.loads(file.read_text()) == answered
    assert stat.S_IMODE(file.stat().st_mode) == 0o644
    (key,) = answered["keys"]
    assert (key["kty"], key["crv"]) == ("OKP", "Ed25519")
    assert "d" not in key


async def test_the_key_stays_the_same_over_restarts(ground: Ground) -> None:
    async with front_desk(ground) as desk:
        before = (await desk.client().get("/identity/keys")).json()
    async with front_desk(ground) as desk:
        assert (await desk.client().get("/identity/keys")).json() == before


async def test_of_two_processes_that_start_at_once_the_second_takes_the_key_of_the_first(ground: Ground) -> None:
    async with front_desk(ground) as desk:
        async with desk.database.writing() as uow:
            kept = await uow.session.get_one(SigningKey, "tokens")
            await uow.session.delete(kept)
        second = KeyRing("http://elsewhere/identity/keys")
        async with desk.database.writing() as uow:
            uow.session.add(SigningKey(id="tokens", jwk=kept.jwk))
            await uow.session.flush()
            starting = asyncio.create_task(second.open(desk.database))
            await asyncio.sleep(0.5)
        await starting
        assert second.public_keys() == (await desk.client().get("/identity/keys")).json()


class Page(HTMLParser):
    """What a page fetches, and the form that it shows."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]


async def test_the_link_opens_a_page_that_asks_for_name_and_password_twice(desk: FrontDesk) -> None:
    answer = await desk.client().get("/identity/setup")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/html; charset=utf-8")
    page = Page(answer.text)
    assert page.all("html") == [{"lang": "vi"}]
    fields = {field["name"]: field.get("type", "text") for field in page.all("input")}
    assert fields == {"name": "text", "password": "password", "again": "password"}
    labelled = {label["for"] for label in page.all("label")}
    assert labelled == {field["id"] for field in page.all("input")}
    assert [form["method"] for form in page.all("form")] == ["post"]
    assert all(attributes.get("src") is None and attributes.get("action") is None for _, attributes in page.tags)
    assert [each for each in page.all("a") if "href" in each] == page.all("link") == []
    assert "http" not in answer.text, "it fetches nothing from anywhere"


async def test_nothing_runs_in_the_page_but_its_own_script(desk: FrontDesk) -> None:
    answer = await desk.client().get("/identity/setup")
    policy = dict(part.split(" ", 1) for part in answer.headers["content-security-policy"].split("; "))
    for element in ("script", "style"):
        (inside,) = re.findall(f"<{element}>(.*?)</{element}>", answer.text, re.DOTALL)
        digest = b64encode(sha256(inside.encode()).digest()).decode()
        assert policy[f"{element}-src"] == f"'sha256-{digest}'"
    nothing = {"default-src", "form-action", "base-uri", "frame-ancestors"}
    assert {policy[name] for name in nothing} == {"'none'"}
    assert not [name for _, attributes in Page(answer.text).tags for name in attributes if name.startswith("on")]
    assert (answer.headers["referrer-policy"], answer.headers["cache-control"]) == ("no-referrer", "no-store")


async def test_what_the_pages_script_sends_makes_the_administrator(desk: FrontDesk) -> None:
    text = (await desk.client().get("/identity/setup")).text
    sent = re.search(r"JSON\.stringify\(\{ (token, name: \S+, password: \S+) \}\)", text)
    assert sent, "the script sends these three and nothing else"
    assert "fetch(location.pathname, {" in text
    told = {"token": await make_setup_token(desk.database), "name": "Lan", "password": PASSWORD}
    answer = await desk.client().post("/identity/setup", json=told)
    assert answer.status_code == 201
    used = set(re.findall(r"made\.credential\.(\w+)", text))
    assert used == answer.json()["credential"].keys(), "and reads what is answered"
