"""A scrub that is killed anywhere, in the middle of a repair too, is done again and comes to the same."""

import asyncio
import signal
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from services.ingest.domain.fixity import CopyState
from shared.errors import StorageFull
from shared.storage.digest import streamed
from shared.storage.folder import FolderStore
from shared.storage.port import DigestMismatch, StoreUnavailable
from tests.grounds import Ground
from tests.ports.kept import gathered
from tests.raw_stores import damage
from tests.service.conftest import in_one_mode
from tests.service.scrubbing_desk import ScrubbingDesk, mark, page_key, scrubbing_desk
from tests.service.test_ingest_pages import JPEG, OTHER

WHOLE = {CopyState.WHOLE}


class Killed(BaseException):
    """Stands in for the end of the process."""


@pytest.fixture
async def desk(ground: Ground) -> AsyncIterator[ScrubbingDesk]:
    async with scrubbing_desk(ground) as made:
        yield made


class Clock:
    """Ends the process before or after its nth act."""

    def __init__(self, end_at: int) -> None:
        self.acts, self._end_at = 0, end_at

    def ends(self) -> None:
        self.acts += 1
        if self.acts == self._end_at:
            raise Killed

    def around(self, act: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
        async def watched(*args: Any, **told: Any) -> Any:  # noqa: ANN401 - any act
            self.ends()
            done = await act(*args, **told)
            self.ends()
            return done

        return watched


async def test_a_scrub_killed_before_or_after_any_act_of_a_repair_comes_to_the_same(
    desk: ScrubbingDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    dossier = await desk.preserved([JPEG, OTHER])
    right = await desk.everything("archive")
    key, lost = page_key(right, 1), page_key(right, 2)
    kills = 0
    for end_at in range(1, 100):
        await damage(desk.store("archive"), key)
        await desk.store("reserve").remove(lost)
        wrong, clock = await desk.store("archive").take(key), Clock(end_at)
        with monkeypatch.context() as meanwhile:
            for store in desk.scrubber.stores:
                meanwhile.setattr(store, "replace_damaged", clock.around(store.replace_damaged))
            for name in ("tell", "examined"):
                path = f"services.ingest.operations.mending.{name}"
                act = getattr(sys.modules["services.ingest.operations.mending"], name)
                meanwhile.setattr(path, clock.around(act))
            meanwhile.setattr("services.ingest.operations.scrubbing.note", clock.around(note()))
            try:
                await desk.scrub(dossier)
            except Killed:
                kills += 1
        assert await desk.scrub(dossier) == WHOLE
        assert await desk.everything("archive") == await desk.everything("reserve") == right
        assert await desk.aside("archive") == {f"damaged/{mark(wrong)}/{key}": wrong}
        if clock.acts < end_at:
            break
    assert kills >= 20
    told = await desk.facts("copy.damaged")
    assert {(each["store"], each["finding"]) for each in told} == {("archive", "damaged"), ("reserve", "missing")}


def note() -> Callable[..., Awaitable[Any]]:
    found: Callable[..., Awaitable[Any]] = vars(sys.modules["services.ingest.operations.scrubbing"])["note"]
    return found


HALF = """
import asyncio, sys
from pathlib import Path
from shared.storage.folder import FolderStore

async def main():
    store = FolderStore(Path(sys.argv[1]), "archive")
    await store.prepare()

    async def slow():
        for _ in range(3):
            yield bytes(1 << 20)
        print("half", flush=True)
        await asyncio.sleep(60)
        yield bytes(1 << 20)

    await store.replace_damaged("a/b", slow(), size=4 << 20, sha256="0" * 64, aside="damaged/x/a/b")

asyncio.run(main())
"""


async def test_a_process_killed_while_it_writes_leaves_the_damaged_object_and_nothing_else(tmp_path: Path) -> None:
    store = FolderStore(tmp_path, "archive")
    await store.prepare()
    await store.put_new("a/b", streamed(b"damaged"), size=7)
    killed = await asyncio.create_subprocess_exec(
        sys.executable, "-c", HALF, str(tmp_path), stdout=asyncio.subprocess.PIPE, cwd=Path(__file__).parents[2]
    )
    assert killed.stdout is not None
    assert await asyncio.wait_for(killed.stdout.readline(), 60) == b"half\n"
    killed.send_signal(signal.SIGKILL)
    await killed.wait()
    assert len(list((tmp_path / ".unfinished").iterdir())) == 1
    await store.close()
    again = FolderStore(tmp_path, "archive")
    await again.prepare()
    assert list((tmp_path / ".unfinished").iterdir()) == [], "the leftover is swept"
    assert await gathered(again.read("a/b")) == b"damaged"
    await again.close()


@in_one_mode
async def test_a_store_that_is_away_is_no_damage(desk: ScrubbingDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    dossier = await desk.preserved([JPEG])
    before = await desk.copies(dossier)
    (desk.ground.folder / "stores" / "reserve").rename(desk.ground.folder / "unplugged")
    with pytest.raises(StoreUnavailable):
        await desk.scrub(dossier)
    assert (await desk.checks(dossier), await desk.copies(dossier)) == ([], before)
    (desk.ground.folder / "unplugged").rename(desk.ground.folder / "stores" / "reserve")
    assert await desk.scrub(dossier) == WHOLE


@in_one_mode
@pytest.mark.parametrize("refusal", [StorageFull("archive"), DigestMismatch("lost on its way")])
async def test_a_copy_that_cannot_be_mended_stays_damaged_and_is_never_called_verified(
    desk: ScrubbingDesk, monkeypatch: pytest.MonkeyPatch, refusal: Exception
) -> None:
    dossier = await desk.preserved([JPEG])
    key = page_key(await desk.everything("archive"), 1)
    await damage(desk.store("archive"), key)
    before = await desk.copies(dossier)

    async def refused(*_: object, **__: object) -> None:
        raise refusal

    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(desk.scrubber.archive, "replace_damaged", refused)
        assert await desk.scrub(dossier) == {CopyState.WHOLE, CopyState.DAMAGED}
    after = await desk.copies(dossier)
    damaged = [each for each, row in after.items() if row.state == CopyState.DAMAGED]
    assert [store for _, store in damaged] == ["archive"]
    assert after[damaged[0]].verified_at == before[damaged[0]].verified_at < after[damaged[0]].checked_at
    assert await desk.said("ingest.package.quarantined.v1") == [], "its other copy is good"
    assert await desk.scrub(dossier) == WHOLE


@in_one_mode
async def test_a_good_copy_that_goes_bad_meanwhile_replaces_nothing(
    desk: ScrubbingDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    dossier = await desk.preserved([JPEG])
    key = page_key(await desk.everything("archive"), 1)
    await damage(desk.store("archive"), key)
    wrong, mend = await desk.store("archive").take(key), desk.scrubber.archive.replace_damaged

    async def rotten_by_then(*args: Any, **told: Any) -> Any:  # noqa: ANN401 - passed on
        await damage(desk.store("reserve"), key)
        return await mend(*args, **told)

    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(desk.scrubber.archive, "replace_damaged", rotten_by_then)
        assert CopyState.QUARANTINED in await desk.scrub(dossier)
    assert await desk.store("archive").take(key) == wrong
    assert await desk.aside("archive") == {}


async def test_two_scrubs_at_once_mend_an_object_once_and_lose_nothing(desk: ScrubbingDesk) -> None:
    dossier = await desk.preserved([JPEG, OTHER])
    right = await desk.everything("archive")
    await damage(desk.store("archive"), page_key(right, 1))
    wrong = await desk.store("archive").take(page_key(right, 1))
    await asyncio.gather(*(desk.scrub(dossier) for _ in range(3)))
    assert await desk.scrub(dossier) == WHOLE
    assert await desk.everything("archive") == await desk.everything("reserve") == right
    assert wrong in (await desk.aside("archive")).values()


@in_one_mode
async def test_a_check_that_began_earlier_does_not_overrule_a_later_one(
    desk: ScrubbingDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    dossier = await desk.preserved([JPEG])
    key, written = page_key(await desk.everything("archive"), 1), note()
    for store in ("archive", "reserve"):
        await damage(desk.store(store), key)
    late: list[Any] = []

    async def dawdle(*told: Any) -> set[CopyState]:  # noqa: ANN401 - passed on
        late.extend(told)
        return set()

    with monkeypatch.context() as meanwhile:
        meanwhile.setattr("services.ingest.operations.scrubbing.note", dawdle)
        await desk.scrub(dossier)
    await desk.store("archive").lay(key, JPEG)
    assert await desk.scrub(dossier) == WHOLE
    await written(*late)
    assert {copy.state for copy in (await desk.copies(dossier)).values()} == WHOLE
    assert await desk.said("ingest.package.quarantined.v1") == []
    assert len(await desk.checks(dossier)) == 8, "the log has both"
