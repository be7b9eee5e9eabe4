"""Damage in one copy is found by its kind and put right from the other; damage in both is quarantined."""

from collections.abc import AsyncIterator, Awaitable, Callable

import pytest

from services.ingest.domain.fixity import CopyState
from tests.grounds import Ground
from tests.raw_stores import RawStore, damage
from tests.service.scrubbing_desk import OTHER_STORE, ScrubbingDesk, mark, page_key, scrubbing_desk
from tests.service.sweeping_desk import THIRD
from tests.service.test_ingest_pages import JPEG, OTHER

Damage = Callable[[RawStore, list[str]], Awaitable[dict[str, int]]]
WHOLE, QUARANTINED = {CopyState.WHOLE}, CopyState.QUARANTINED


@pytest.fixture
async def desk(ground: Ground) -> AsyncIterator[ScrubbingDesk]:
    async with scrubbing_desk(ground) as made:
        yield made


async def flip_a_bit(store: RawStore, keys: list[str]) -> dict[str, int]:
    await damage(store, page_key(keys, 1))
    return {"damaged": 1}


async def cut_short(store: RawStore, keys: list[str]) -> dict[str, int]:
    await store.lay(page_key(keys, 1), (await store.take(page_key(keys, 1)))[:-1])
    return {"truncated": 1}


async def empty(store: RawStore, keys: list[str]) -> dict[str, int]:
    await store.lay(page_key(keys, 2), b"")
    return {"truncated": 1}


async def append(store: RawStore, keys: list[str]) -> dict[str, int]:
    await store.lay(page_key(keys, 1), await store.take(page_key(keys, 1)) + b"x")
    return {"overlong": 1}


async def swap_two(store: RawStore, keys: list[str]) -> dict[str, int]:
    first, second = page_key(keys, 1), page_key(keys, 2)
    one, two = await store.take(first), await store.take(second)
    await store.lay(first, two)
    await store.lay(second, one)
    return {"swapped": 2}


async def lose_one(store: RawStore, keys: list[str]) -> dict[str, int]:
    await store.remove(page_key(keys, 1))
    return {"missing": 1}


async def rename_one(store: RawStore, keys: list[str]) -> dict[str, int]:
    key = page_key(keys, 1)
    await store.lay(key.replace("0001", "0009"), await store.take(key))
    await store.remove(key)
    return {"missing": 1, "extra": 1}


async def spoil_the_mets(store: RawStore, keys: list[str]) -> dict[str, int]:
    for key in keys:
        if key.endswith("/METS.xml"):
            await damage(store, key)
    return {"damaged": sum(key.endswith("/METS.xml") for key in keys)}


async def spoil_the_manifest(store: RawStore, keys: list[str]) -> dict[str, int]:
    await damage(store, next(key for key in keys if key.endswith(".manifest.json")))
    return {"damaged": 1}


async def lose_the_manifest(store: RawStore, keys: list[str]) -> dict[str, int]:
    await store.remove(next(key for key in keys if key.endswith(".manifest.json")))
    return {"missing": 1}


async def lose_everything(store: RawStore, keys: list[str]) -> dict[str, int]:
    for key in keys:
        await store.remove(key)
    return {"missing": len(keys)}


KINDS = [
    flip_a_bit, cut_short, empty, append, swap_two, lose_one, rename_one, spoil_the_mets, spoil_the_manifest,
    lose_the_manifest, lose_everything,
]  # fmt: skip


@pytest.mark.parametrize("store", ["archive", "reserve"])
@pytest.mark.parametrize("kind", KINDS)
async def test_each_kind_of_damage_is_found_and_repaired(desk: ScrubbingDesk, kind: Damage, store: str) -> None:
    dossier = await desk.preserved([JPEG, OTHER])
    right, raw = await desk.everything(store), desk.store(store)
    before = await desk.copies(dossier)
    found = await kind(raw, list(right))
    lying = {key: body for key, body in (await desk.everything(store)).items() if right.get(key) != body}
    assert await desk.scrub(dossier) == WHOLE
    assert await desk.findings(dossier, store) == found
    assert await desk.findings(dossier, OTHER_STORE[store]) == {}
    extra = {key: body for key, body in lying.items() if key not in right}
    assert await desk.everything(store) == right | extra, "what should not be there is told of and stays"
    assert await desk.everything(OTHER_STORE[store]) == right
    wrong = {key: body for key, body in lying.items() if key in right}
    assert await desk.aside(store) == {f"damaged/{mark(body)}/{key}": body for key, body in wrong.items()}
    assert await desk.aside(OTHER_STORE[store]) == {}
    repaired = sum(found.values()) - found.get("extra", 0)
    assert len(await desk.facts("copy.damaged")) == len(await desk.facts("copy.repaired")) == repaired
    assert {row.outcome for row in await desk.checks(dossier) if row.store == store} <= {"whole", "repaired"}
    after = await desk.copies(dossier)
    assert all(after[each].verified_at > row.verified_at for each, row in before.items())
    assert await desk.scrub(dossier) == WHOLE
    assert await desk.findings(dossier, store) == ({"extra": 1} if extra else {})
    assert len(await desk.facts("copy.repaired")) == repaired


async def test_sound_copies_are_found_whole_and_nothing_is_changed(desk: ScrubbingDesk) -> None:
    dossier, other = await desk.preserved([JPEG, OTHER]), await desk.preserved([THIRD])
    right = await desk.everything("archive"), await desk.everything("reserve")
    before = await desk.copies(other)
    assert await desk.scrub(dossier) == WHOLE
    assert (await desk.everything("archive"), await desk.everything("reserve")) == right
    checks = await desk.checks(dossier)
    assert [check.outcome for check in checks] == ["whole"] * 4
    assert sum(check.object_count for check in checks if check.store == "archive") + await objects_of(
        desk, other
    ) == len(right[0])
    assert await desk.copies(other) == before
    acts = await desk.acts()
    assert not [act for act in acts if act.startswith("copy.")]


async def objects_of(desk: ScrubbingDesk, dossier: object) -> int:
    rows = await desk.copies(dossier)  # type: ignore[arg-type]
    return sum(row.file_count for (_, store), row in rows.items() if store == "archive") + 1  # the manifest


async def test_each_copy_is_mended_from_the_other_where_each_lost_something_else(desk: ScrubbingDesk) -> None:
    dossier = await desk.preserved([JPEG, OTHER])
    right = await desk.everything("archive")
    await damage(desk.store("archive"), page_key(right, 1))
    await desk.store("reserve").remove(page_key(right, 2))
    assert await desk.scrub(dossier) == WHOLE
    assert await desk.everything("archive") == await desk.everything("reserve") == right


async def test_what_is_good_in_neither_copy_is_quarantined_until_a_person_restores_it(desk: ScrubbingDesk) -> None:
    dossier = await desk.preserved([JPEG, OTHER])
    right = await desk.everything("archive")
    key, mendable = page_key(right, 1), page_key(right, 2)
    await damage(desk.store("archive"), key)
    await damage(desk.store("archive"), mendable)
    await desk.store("reserve").remove(key)
    before = await desk.copies(dossier)
    masters: set[tuple[str, str]] = set()
    for _ in range(2):
        assert QUARANTINED in await desk.scrub(dossier)
        masters = {each for each, row in (await desk.copies(dossier)).items() if row.state == QUARANTINED}
        assert len(masters) == 2
        assert len({objid for objid, _ in masters}) == 1, "its AIP is sound"
        assert len(await desk.said("ingest.package.quarantined.v1")) == 1
        assert await desk.facts("package.quarantined") == [{"objid": min(masters)[0], "objects": [key]}]
    after = await desk.copies(dossier)
    assert all((after[each].verified_at == before[each].verified_at) == (each in masters) for each in before)
    assert (await desk.everything("archive"))[mendable] == OTHER, "what can be mended is mended all the same"
    assert (await desk.everything("archive"))[key] != JPEG
    assert await desk.said("ingest.package.restored.v1") == []
    await desk.store("reserve").lay(key, JPEG)
    assert await desk.scrub(dossier) == WHOLE
    assert await desk.everything("archive") == await desk.everything("reserve") == right
    assert len(await desk.said("ingest.package.restored.v1")) == 1
    assert all(row.verified_at > before[each].verified_at for each, row in (await desk.copies(dossier)).items())


async def test_without_a_manifest_in_either_store_the_whole_dossier_is_quarantined(desk: ScrubbingDesk) -> None:
    dossier = await desk.preserved([JPEG])
    key = next(key for key in await desk.everything("archive") if key.endswith(".manifest.json"))
    right = await desk.store("archive").take(key)
    await damage(desk.store("archive"), key)
    await damage(desk.store("reserve"), key)
    assert await desk.scrub(dossier) == {QUARANTINED}
    assert len(await desk.said("ingest.package.quarantined.v1")) == 2
    await desk.store("reserve").lay(key, right)
    assert await desk.scrub(dossier) == WHOLE
    assert await desk.store("archive").take(key) == right


async def test_a_dossier_that_is_not_preserved_has_nothing_to_scrub(desk: ScrubbingDesk) -> None:
    dossier, _ = await desk.scanned([JPEG])
    assert await desk.scrub(dossier) == set()
    assert await desk.checks(dossier) == []
