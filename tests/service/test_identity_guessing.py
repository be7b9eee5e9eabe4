"""Guessing passwords: it is slow, it locks nobody out, and it leaves nothing behind."""

import asyncio
import time
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from sqlmodel import select, update

from services.identity.domain.patience import LONGEST_PAUSE, SLOW_FROM, SLOWNESS
from services.identity.models import Attempt
from services.identity.operations.secrets import digest_of
from shared.auth.roles import Role
from shared.clock import now
from tests.grounds import Ground
from tests.service.front_desk import PASSWORD, FrontDesk, front_desk, sign_in

WRONG = "không phải mật khẩu này"


@pytest.fixture
async def desk(ground: Ground) -> AsyncIterator[FrontDesk]:
    async with front_desk(ground) as made:
        yield made


async def test_after_ten_failures_the_right_password_must_wait_too(desk: FrontDesk) -> None:
    await desk.somebody(Role.ARCHIVIST, name="Lan", password=PASSWORD)
    await desk.somebody(Role.INSPECTOR, name="Minh", password=PASSWORD)
    for _ in range(10):
        assert (await sign_in(desk.client(), "Lan", WRONG)).status_code == 401
    answer = await sign_in(desk.client(), "lan", PASSWORD)
    assert (answer.status_code, answer.json()["code"]) == (429, "identity.too_many_attempts")
    assert "Retry-After" in answer.headers
    assert (await sign_in(desk.client(), "Minh", PASSWORD)).status_code == 204
    async with desk.database.writing() as uow:
        await uow.session.exec(update(Attempt).values(at=now() - timedelta(minutes=11)))
    assert (await sign_in(desk.client(), "Lan", PASSWORD)).status_code == 204


async def test_a_stranger_cannot_lock_a_person_out(desk: FrontDesk) -> None:
    await desk.somebody(Role.ADMIN, name="root", password=PASSWORD)
    stranger = desk.client(source="203.0.113.7")
    heard = [(await sign_in(stranger, "root", WRONG)).status_code for _ in range(12)]
    assert heard == [401] * 10 + [429] * 2
    assert (await sign_in(desk.client(source="203.0.113.8"), "root", PASSWORD)).status_code == 204
    assert (await sign_in(stranger, "root", WRONG)).status_code == 429, "another's success is no help to him"


async def test_many_addresses_of_one_network_are_one_place(desk: FrontDesk) -> None:
    await desk.somebody(Role.ADMIN, name="root", password=PASSWORD)
    heard = [(await sign_in(desk.client(source=f"2001:db8::{n}"), "root", WRONG)).status_code for n in range(1, 12)]
    assert heard == [401] * 10 + [429]
    assert (await sign_in(desk.client(source="2001:db8:0:1::1"), "root", PASSWORD)).status_code == 204


async def test_from_the_same_place_too_the_right_password_gets_through_after_a_pause(desk: FrontDesk) -> None:
    await desk.somebody(Role.ARCHIVIST, name="Lan", password=PASSWORD)
    for _ in range(11):
        await sign_in(desk.client(), "Lan", WRONG)
    async with desk.database.writing() as uow:
        await uow.session.exec(update(Attempt).values(at=now() - LONGEST_PAUSE))
    assert (await sign_in(desk.client(), "Lan", PASSWORD)).status_code == 204


async def test_guesses_from_everywhere_are_looked_at_slowly_and_lock_nobody_out(desk: FrontDesk) -> None:
    await desk.somebody(Role.ARCHIVIST, name="Lan", password=PASSWORD)
    async with desk.database.writing() as uow:
        for n in range(SLOW_FROM):
            uow.session.add(Attempt(subject=digest_of("lan"), source=digest_of(f"203.0.113.{n}")))
    started = time.monotonic()
    assert (await sign_in(desk.client(), "Lan", PASSWORD)).status_code == 204
    assert time.monotonic() - started >= SLOWNESS.total_seconds()


async def test_refused_and_old_attempts_are_not_kept(desk: FrontDesk) -> None:
    for _ in range(30):
        await sign_in(desk.client(), "nobody", WRONG)
    async with desk.database.writing() as uow:
        assert len((await uow.session.exec(select(Attempt))).all()) == 10
        await uow.session.exec(update(Attempt).values(at=now() - timedelta(minutes=11)))
    await sign_in(desk.client(), "somebody", WRONG)
    async with desk.database.reading() as session:
        assert len((await session.exec(select(Attempt))).all()) == 1


async def test_a_name_that_does_not_exist_is_locked_just_the_same(desk: FrontDesk) -> None:
    heard = [(await sign_in(desk.client(), "nobody", WRONG)).status_code for _ in range(11)]
    assert heard == [401] * 10 + [429]


async def test_signing_in_forgets_the_failures_before_it(desk: FrontDesk) -> None:
    await desk.somebody(Role.ARCHIVIST, name="Lan", password=PASSWORD)
    for _ in range(2):
        for _ in range(9):
            assert (await sign_in(desk.client(), "Lan", WRONG)).status_code == 401
        assert (await sign_in(desk.client(), "Lan", PASSWORD)).status_code == 204


async def test_of_thirty_guesses_at_once_at_most_ten_are_looked_at(ground: Ground) -> None:
    async with front_desk(ground) as desk:
        await desk.somebody(Role.ARCHIVIST, name="Lan", password=PASSWORD)
        answers = await asyncio.gather(*(sign_in(desk.client(), "Lan", f"{WRONG} {n}") for n in range(30)))
        assert {answer.status_code for answer in answers} <= {401, 429}
        assert (await desk.acts()).count("sign_in.refused") == sum(each.status_code == 401 for each in answers) <= 10
