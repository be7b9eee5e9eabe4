"""A package that many ask for at once is taken off the database once, and its generated files a few at a time."""

import asyncio
from uuid import uuid4

import pytest

from services.handover.domain.layout import Layout
from services.handover.shelf import REMEMBERED, Shelf, Taken

EMPTY = Taken(Layout([]), {})


async def test_a_package_is_fetched_once_however_many_wait_for_it() -> None:
    shelf, fetched = Shelf(), []

    async def fetch(package_id: object) -> Taken:
        fetched.append(package_id)
        await asyncio.sleep(0.01)
        return EMPTY

    one, other = uuid4(), uuid4()
    await asyncio.gather(*(shelf.take(each, fetch) for each in (one, other) * 8))
    assert sorted(map(str, fetched)) == sorted(map(str, (one, other)))


async def test_a_fetch_that_fails_or_is_given_up_is_tried_again_by_who_waits() -> None:
    shelf, turns = Shelf(), 0

    async def fetch(_package_id: object) -> Taken:
        nonlocal turns
        turns += 1
        if turns == 1:
            await asyncio.sleep(60)
        if turns == 2:
            raise OSError("no answer")
        return EMPTY

    package = uuid4()
    first, second, third = (asyncio.create_task(shelf.take(package, fetch)) for _ in range(3))
    await asyncio.sleep(0)
    first.cancel()
    with pytest.raises(OSError, match="no answer"):
        await second
    assert await third is EMPTY
    assert turns == 3


async def test_the_shelf_has_room_for_the_packages_lately_asked_for() -> None:
    shelf, fetched = Shelf(), []

    async def fetch(package_id: object) -> Taken:
        fetched.append(package_id)
        return EMPTY

    packages = [uuid4() for _ in range(REMEMBERED + 1)]
    for each in (*packages, packages[-1], packages[0]):
        await shelf.take(each, fetch)
    assert fetched == [*packages, packages[0]]
