"""`saoluu copy` as its operator meets it: kills, a full disk, two at once, a foreign folder."""

import asyncio
import json
import os
import random
import signal
import subprocess
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from cli.copies.inventory import Inventory
from cli.copies.offline_set import alone_in
from tests.grounds import Ground
from tests.service.conftest import in_one_mode
from tests.service.copies_desk import SAOLUU, CopiesDesk, copies_desk, only, run

pytestmark = in_one_mode


@pytest.fixture
async def desk(ground: Ground, tmp_path: Path) -> AsyncIterator[CopiesDesk]:
    await asyncio.to_thread(ground.database_url, "identity")  # the sign of a data folder
    async with copies_desk(ground, tmp_path / "set") as made:
        yield made


async def test_killed_at_any_moment_it_goes_on_and_counts_nothing_twice(desk: CopiesDesk) -> None:
    for _ in range(6):
        await desk.preserved()
    words = ["copy", "--data", str(desk.ground.folder), "--to", str(desk.to)]
    began = time.monotonic()
    assert run(*words[:-1], str(desk.to.with_name("other"))).returncode == 0
    whole = time.monotonic() - began
    dice, cut_off = random.Random(4), killed_once_there(desk.to, words)
    for _ in range(8):
        cut_off += killed_after(whole * dice.uniform(0.5, 1.0), words)
        if (desk.to / "inventory.sha256").exists():
            known = Inventory.read(desk.to, with_part=True).digests
            assert known.keys() <= desk.objects().keys(), "what is counted is there"
    assert cut_off
    (desk.to / "inventory.part").write_bytes(b"0123456789")  # what a power cut leaves of a line
    done = run(*words, "--json")
    assert done.returncode == 0, done.stderr
    assert desk.objects() == await desk.everything()
    desk.demand_true()
    assert list((desk.to / "objects" / ".unfinished").iterdir()) == []


def killed_once_there(folder: Path, words: list[str]) -> int:
    with subprocess.Popen([SAOLUU, *words], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        while not folder.exists() and process.poll() is None:
            time.sleep(0.01)
        process.send_signal(signal.SIGKILL)
        return process.wait() == -signal.SIGKILL


def killed_after(seconds: float, words: list[str]) -> bool:
    with subprocess.Popen([SAOLUU, *words], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        time.sleep(seconds)
        process.send_signal(signal.SIGKILL)
        return process.wait() == -signal.SIGKILL


async def test_a_full_disk_is_told_with_its_code_and_nothing_is_half_counted(desk: CopiesDesk) -> None:
    await desk.preserved()
    everything = await desk.everything()
    largest = max(map(len, everything.values()))
    words = ["copy", "--data", str(desk.ground.folder), "--to", str(desk.to)]
    done = run(*words, limit=f"ulimit -f {max(1, largest // 512 - 1)};")
    assert done.returncode == 3, done.stdout
    assert done.stderr.startswith("storage_full: ")
    known = Inventory.read(desk.to, with_part=True).digests
    assert known.keys() <= desk.objects().keys()
    assert run(*words).returncode == 0
    desk.demand_true()


async def test_too_little_room_is_found_before_anything_is_copied(
    desk: CopiesDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    await desk.preserved()
    real = os.statvfs(desk.ground.folder)
    monkeypatch.setattr("os.statvfs", lambda _path: os.statvfs_result((*real[:4], 10, *real[5:])))
    with pytest.raises(Exception, match="are to be copied") as refused:
        await desk.copy()
    assert refused.value.code == "storage_full"  # type: ignore[attr-defined]
    assert desk.objects() == {}


async def test_two_at_once_do_not_meet(desk: CopiesDesk) -> None:
    await desk.preserved()
    with alone_in(desk.to):
        done = run("copy", "--data", str(desk.ground.folder), "--to", str(desk.to))
    assert done.returncode == 3
    assert done.stderr.startswith("copies.set_busy: ")


async def test_a_foreign_inventory_and_a_folder_without_a_system_are_refused(desk: CopiesDesk, tmp_path: Path) -> None:
    await desk.preserved()
    desk.to.mkdir()
    (desk.to / "inventory.sha256").write_text("not ours\n")
    done = run("copy", "--data", str(desk.ground.folder), "--to", str(desk.to))
    assert (done.returncode, done.stderr.split(":")[0]) == (2, "copies.inventory_malformed")
    done = run("copy", "--data", str(tmp_path / "nothing"), "--to", str(desk.to))
    assert (done.returncode, done.stderr.split(":")[0]) == (2, "copies.no_system")
    done = run("copy", "--to", str(desk.to), INGEST_DATABASE_URL="")
    assert done.returncode == 2
    assert "INGEST_DATABASE_URL" in done.stderr


async def test_the_exit_code_says_what_the_report_says(desk: CopiesDesk) -> None:
    await desk.preserved()
    page = only(await desk.everything(), "0001.jpg")
    for name in ("archive", "reserve"):
        await desk.store(name).remove(page)
    done = run("copy", "--data", str(desk.ground.folder), "--to", str(desk.to), "--json")
    assert done.returncode == 1
    told = json.loads(done.stdout.strip().splitlines()[-1])
    assert (told["good"], told["lost"], told["named"]) == (False, 1, {"lost": [page]})
    assert f"GOOD IN NO STORE: {page}" in done.stderr


async def test_a_set_within_the_system_or_around_it_is_refused(desk: CopiesDesk, tmp_path: Path) -> None:
    data, link = desk.ground.folder, tmp_path / "by-another-name"
    link.symlink_to(data, target_is_directory=True)
    for to in (data, data / "set", data / "stores" / "archive" / "set", link / "set", data.parent):
        before = sorted(to.iterdir()) if to.exists() else None
        done = run("copy", "--data", str(data), "--to", str(to))
        assert (done.returncode, done.stderr.partition(":")[0]) == (2, "copies.not_apart"), to
        assert (sorted(to.iterdir()) if to.exists() else None) == before
