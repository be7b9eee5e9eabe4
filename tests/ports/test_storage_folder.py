"""What a store in a folder promises of its disk."""

import asyncio
import os
import resource
import sys
import threading
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path

import pytest

from shared.errors import StorageFull
from shared.storage.announced import Announced
from shared.storage.digest import streamed
from shared.storage.folder import FolderStore
from shared.storage.port import MIB, AlreadyStored, NotStored, StoreUnavailable
from shared.storage.tree import Tree
from shared.storage.unfinished import Unfinished


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "stores/incoming"


@pytest.fixture
async def store(root: Path) -> AsyncIterator[FolderStore]:
    store = FolderStore(root, "incoming")
    await store.prepare()
    yield store
    await store.close()


async def put(store: FolderStore, key: str, content: bytes) -> None:
    await store.put_new(key, streamed(content), size=len(content))


def unfinished(root: Path) -> list[str]:
    return names_in(root / ".unfinished")


def names_in(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()]


class DiskDiary:
    """Notes, in their order, what is flushed and named, and by which threads."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, root: Path) -> None:
        self.entries: list[str] = []
        self.threads: set[str] = set()
        self._root = root
        flush, link = os.fsync, os.link

        def fsync(descriptor: int) -> None:
            self._note("flush", Path(f"/proc/self/fd/{descriptor}").readlink())
            flush(descriptor)

        def named(source: Path, target: Path) -> None:
            self._note("name", target)
            link(source, target)

        monkeypatch.setattr(os, "fsync", fsync)
        monkeypatch.setattr(os, "link", named)

    def _note(self, act: str, path: Path) -> None:
        relative = path.relative_to(self._root).as_posix()
        self.entries.append(f"{act} {'temporary' if relative.startswith('.unfinished/') else relative}")
        self.threads.add(threading.current_thread().name)


async def test_the_file_is_on_the_disk_before_it_has_its_name_and_its_folders_after(
    store: FolderStore, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    diary = DiskDiary(monkeypatch, root)
    await put(store, "f/d/1", b"x")
    assert diary.entries == ["flush temporary", "name f/d/1", "flush f/d", "flush f", "flush ."]
    assert threading.main_thread().name not in diary.threads


async def test_a_folder_that_is_known_to_be_on_the_disk_is_not_flushed_from_above_again(
    store: FolderStore, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await put(store, "f/d/1", b"x")
    diary = DiskDiary(monkeypatch, root)
    await put(store, "f/d/2", b"x")
    assert diary.entries == ["flush temporary", "name f/d/2", "flush f/d"]


async def test_a_folder_that_somebody_else_made_is_flushed_from_above(
    store: FolderStore, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (root / "f/d").mkdir(parents=True)
    diary = DiskDiary(monkeypatch, root)
    await put(store, "f/d/1", b"x")
    assert diary.entries[2:] == ["flush f/d", "flush f", "flush ."]


async def test_already_stored_is_only_said_of_what_is_on_the_disk(
    store: FolderStore, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (root / "f").mkdir()
    (root / "f/1").write_bytes(b"x")
    diary = DiskDiary(monkeypatch, root)
    with pytest.raises(AlreadyStored):
        await put(store, "f/1", b"x")
    assert diary.entries[-2:] == ["flush f", "flush ."]


async def test_reading_back_reads_the_disk_and_not_the_cache(store: FolderStore, root: Path) -> None:
    size = 8 * MIB
    await put(store, "a", os.urandom(size))
    if not cache_can_be_passed(root / "a"):
        pytest.skip("the file system of temporary files knows nothing but its cache")
    for _ in range(2):
        before = read_from_disks()
        await store.read_back("a")
        assert read_from_disks() - before >= size


def cache_can_be_passed(path: Path) -> bool:
    before = read_from_disks()
    with path.open("rb") as file:
        os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
        file.read()
    return read_from_disks() > before


def read_from_disks() -> int:
    counters = dict(line.split(": ") for line in Path("/proc/self/io").read_text().splitlines())
    return int(counters["read_bytes"])


async def test_a_changed_byte_on_the_disk_is_seen_when_read_back(store: FolderStore, root: Path) -> None:
    content = os.urandom(2 * MIB)
    kept = await store.put_new("a", streamed(content), size=len(content))
    with (root / "a").open("r+b") as file:
        file.seek(MIB + 7)
        file.write(bytes([content[MIB + 7] ^ 1]))
    seen = await store.read_back("a")
    assert seen.sha256 != kept.sha256
    assert [one == other for one, other in zip(seen.mib_crc32, kept.mib_crc32, strict=True)] == [True, False]


async def test_a_full_disk_says_so_leaves_nothing_and_works_again_once_there_is_room(tmp_path: Path) -> None:
    async with small_disk(tmp_path, 4 * MIB):
        store = FolderStore(tmp_path / "store", "incoming")
        await store.prepare()
        await put(store, "a", bytes(3 * MIB))
        for _ in range(3):
            with pytest.raises(StorageFull):
                await put(store, "b", bytes(3 * MIB))
        assert unfinished(tmp_path / "store") == []
        await store.delete("a")
        await put(store, "b", bytes(3 * MIB))
        await store.close()


@asynccontextmanager
async def small_disk(folder: Path, size: int) -> AsyncIterator[None]:
    if os.geteuid() != 0:
        pytest.skip("only root can mount a small disk")
    mounting = await asyncio.create_subprocess_exec("mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", folder)
    if await mounting.wait():
        pytest.skip("no disk can be mounted here")
    try:
        yield
    finally:
        assert await (await asyncio.create_subprocess_exec("umount", folder)).wait() == 0


async def test_a_file_size_limit_counts_as_no_room(store: FolderStore, root: Path) -> None:
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (2 * MIB, limits[1]))
    try:
        with pytest.raises(StorageFull):
            await put(store, "a", bytes(3 * MIB))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert unfinished(root) == []


WRITER = """
import asyncio, sys
from pathlib import Path
from shared.storage.folder import FolderStore

async def stuck():
    yield bytes(1 << 20)
    yield bytes(1 << 20)
    print("writing", flush=True)
    await asyncio.Event().wait()

asyncio.run(FolderStore(Path(sys.argv[1]), "incoming").put_new("a/b", stuck(), size=1 << 22))
"""


async def test_what_a_killed_writer_left_is_swept_when_the_next_one_starts(store: FolderStore, root: Path) -> None:
    writer = await asyncio.create_subprocess_exec(sys.executable, "-c", WRITER, root, stdout=asyncio.subprocess.PIPE)
    assert writer.stdout is not None
    assert await writer.stdout.readline() == b"writing\n"
    await start_another(root)
    assert len(unfinished(root)) == 1, "a living writer's file was taken away"
    writer.kill()
    await writer.wait()
    assert len(unfinished(root)) == 1
    await start_another(root)
    assert unfinished(root) == []
    assert [found async for found in store.keys("")] == []


async def start_another(root: Path) -> None:
    await asyncio.sleep(0.05)  # so that the file is older than this start
    store = FolderStore(root, "incoming")
    await store.prepare()
    await store.close()


async def test_bytes_that_reach_an_abandoned_file_late_make_no_new_one(store: FolderStore, root: Path) -> None:
    file = Unfinished(root / ".unfinished")
    file.append(b"x")
    file.abandon()
    file.append(b"y")  # by a thread that was already under way when the write was cancelled
    file.finish(b"z", Announced(3), partial(Tree(root).link, key="a"))
    assert unfinished(root) == []
    assert await store.size("a") is None


async def test_what_is_newer_than_the_start_is_not_swept(root: Path) -> None:
    store = FolderStore(root, "incoming")
    (root / ".unfinished").mkdir(parents=True)
    for name, age in (("older", 60), ("newer", -60)):
        (root / ".unfinished" / name).touch()
        os.utime(root / ".unfinished" / name, (time.time() - age,) * 2)
    await store.prepare()
    assert unfinished(root) == ["newer"]
    await store.close()


async def test_a_disk_that_is_not_plugged_in_is_no_empty_store(store: FolderStore, root: Path) -> None:
    await put(store, "a/b", b"x")
    unplug(root)
    with pytest.raises(StoreUnavailable):
        await store.size("a/b")
    with pytest.raises(StoreUnavailable):
        await store.read_back("a/b")
    with pytest.raises(StoreUnavailable):
        await anext(store.read("a/b"))
    with pytest.raises(StoreUnavailable):
        await put(store, "a/c", b"x")
    with pytest.raises(StoreUnavailable):
        await store.delete("a/b")
    with pytest.raises(StoreUnavailable):
        [found async for found in store.keys("a/")]
    with pytest.raises(StoreUnavailable):
        [found async for found in store.keys("")]
    assert names_in(root) == []


def unplug(root: Path) -> None:
    root.rename(root.with_name("elsewhere"))
    root.mkdir()


async def test_a_key_cannot_lie_above_or_below_another(store: FolderStore) -> None:
    await put(store, "a/b", b"x")
    for key in ("a", "a/b/c", "a/b/c/d"):
        with pytest.raises(AlreadyStored):
            await put(store, key, b"y")
        assert await store.size(key) is None


async def test_emptied_folders_go_and_others_stay(store: FolderStore, root: Path) -> None:
    await put(store, "a/b/c", b"x")
    await put(store, "a/d/e", b"x")
    await store.delete("a/b/c")
    assert sorted(name for _, folders, _ in os.walk(root) for name in folders) == [".unfinished", "a", "d"]


async def test_a_link_that_somebody_laid_into_the_store_is_not_followed(
    store: FolderStore, root: Path, tmp_path: Path
) -> None:
    (tmp_path / "secret").write_bytes(b"secret")
    (root / "link").symlink_to(tmp_path / "secret")
    assert [found async for found in store.keys("")] == []
    assert await store.size("link") is None
    with pytest.raises((NotStored, StoreUnavailable)):
        await anext(store.read("link"))
    with pytest.raises(StoreUnavailable):
        await store.read_back("link")
    with pytest.raises(AlreadyStored):
        await put(store, "link", b"x")
    assert (tmp_path / "secret").read_bytes() == b"secret"
