"""Stores alone tell, as far as rows that no head names do, that a newer head of a register is missing."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from services.catalog.models import Fonds
from shared.register.gaps import Gaps, gaps_around
from shared.register.reading import newest
from shared.register.writing import Register
from shared.storage.port import StoreUnavailable
from tests.grounds import Ground
from tests.service.conftest import in_one_mode
from tests.service.restoring_desk import RestoringDesk
from tests.service.test_registers import BOTH, Breaking, fonds, register_of


@pytest.fixture
async def catalog(ground: Ground) -> AsyncIterator[Register]:
    async with register_of(ground, "catalog") as made:
        yield made


async def add(register: Register, row: Fonds) -> None:
    """Enter a fonds as its service would: the audit tells of it."""
    async with register.database.writing() as uow:
        uow.session.add(row)
        uow.record("fonds.created", row.id)


async def looked(register: Register) -> Gaps:
    found = await newest(register.stores, register.service)
    assert found.head is not None
    return await gaps_around(register.stores, found.head)


async def test_a_newest_head_that_is_gone_is_noticed_by_the_acts_that_only_it_told(
    catalog: Register, ground: Ground
) -> None:
    await add(catalog, fonds("P01"))
    first = await catalog.write()
    await add(catalog, fonds("P02"))
    second = await catalog.write()
    assert await looked(catalog) == Gaps()
    assert second is not None
    await ground.store("archive").remove(second)
    assert await looked(catalog) == Gaps(), "the other store has it"
    await ground.store("reserve").remove(second)
    found = await newest(catalog.stores, "catalog")
    assert found.key == first
    gaps = await looked(catalog)
    assert found.head is not None
    assert gaps.later is not None
    assert gaps.later > found.head.written_at
    third = await catalog.write()
    assert third is not None
    assert await looked(catalog) == Gaps(gone=[second]), "what the service wrote since tells all of it"


async def test_an_earlier_head_that_is_gone_is_named_and_takes_nothing_away(catalog: Register, ground: Ground) -> None:
    await add(catalog, fonds("P01"))
    first = await catalog.write()
    await add(catalog, fonds("P02"))
    await catalog.write()
    assert first is not None
    for name in BOTH:
        await ground.store(name).remove(first)
    assert await looked(catalog) == Gaps(gone=[first])


async def test_what_a_writing_that_was_cut_off_left_is_told_until_the_next_head(catalog: Register) -> None:
    await add(catalog, fonds("P01"))
    await catalog.write()
    await add(catalog, fonds("P02"))
    whole = catalog.stores
    catalog.stores = [whole[0], Breaking(whole[1], 1)]  # type: ignore[list-item]
    with pytest.raises(StoreUnavailable):
        await catalog.write()
    catalog.stores = whole
    assert (await looked(catalog)).later is not None
    await catalog.write()
    assert await looked(catalog) == Gaps()


@in_one_mode
async def test_a_restore_from_a_store_whose_newest_head_is_gone_does_not_agree(
    ground: Ground, made_pages: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SAOLUU_LANGUAGE", "en")
    desk = RestoringDesk(ground, made_pages[:2], tmp_path / "new")
    await desk.lived(("H49.2001.001",))
    await desk.lived(("H49.2001.002",))
    heads = sorted(key for key in await desk.keys() if key.startswith("registers/handover/heads/"))
    assert len(heads) > 1
    await ground.store("archive").remove(heads[-1])
    protocol = await desk.restore("archive")
    (told,) = protocol.differences
    assert told.startswith("register of handover: there are rows up to ")
    assert "the newest head is missing, or its writing was cut off" in told
