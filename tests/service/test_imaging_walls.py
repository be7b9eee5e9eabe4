"""The walls round the process that decodes: each is climbed at, and the parent trusts nothing that lies behind them."""

import asyncio
import json
import os
import signal
import subprocess
import sys
import tempfile
import textwrap
import time
from pathlib import Path

import pytest
from pydantic import ValidationError

from shared.imaging.confinement import WALLS
from shared.imaging.keeper import seen_of
from shared.imaging.measurement import Question
from shared.imaging.sandbox import Sandbox
from shared.imaging.spool import PAGE, READING_COPY, Fill, NotAPicture, Spool, sweep_orphans
from tests.hostile import empty_png, page, saved, slow_page

ROOT = Path(__file__).parents[2]
GOOD = saved(page(), "JPEG")
GIBIBYTE = 1 << 30

CLIMBS = """
    import json, os, resource, socket, sys, sysconfig
    from pathlib import Path
    from shared.imaging.confinement import confine

    spool, outside = Path(sys.argv[1]), sys.argv[2]
    sysconfig.get_paths()  # read before the library belongs to somebody else
    if len(sys.argv) > 3:
        os.setgroups([]), os.setgid(65534), os.setuid(65534)
    walls = confine(spool, 1 << 30)
    attempts = {
        "memory": lambda: bytearray(2 << 30),
        "read": lambda: open(outside).read(),
        "write": lambda: open(outside, "w"),
        "truncate": lambda: os.truncate(outside, 0),
        "make": lambda: open(outside + ".new", "w"),
        "link": lambda: (spool / "link").symlink_to(outside),
        "pipe": lambda: os.mkfifo(spool / "pipe"),
        "socket": lambda: socket.socket(),
        "fork": lambda: os.fork() or os._exit(0),
        "program": lambda: os.execv("/bin/true", ["true"]),
        "kill": lambda: os.kill(os.getppid(), 0),
        "more": lambda: resource.setrlimit(resource.RLIMIT_AS, (-1, -1)),
        "become": lambda: os.setuid(12345),
        "large": lambda: (spool / "large").write_bytes(bytes(65 << 20)),
    }
    climbed = []
    for name, attempt in attempts.items():
        try:
            attempt()
        except (OSError, MemoryError, ValueError):
            continue
        climbed.append(name)
    (spool / "work").write_bytes(b"fine")
    print(json.dumps([walls, climbed]))
"""
STANDS_AGAINST = {
    "files": {"read", "write", "truncate", "make", "link", "pipe"},
    "calls": {"socket", "fork", "program", "kill"},
    "privileges": {"more", "become"},
    "memory": {"memory", "large"},
}


def whole(content: bytes) -> Fill:
    """Write bytes at once."""

    async def fill(descriptor: int) -> None:
        os.write(descriptor, content)

    return fill


def script(text: str, *arguments: object) -> subprocess.CompletedProcess[str]:
    """Run a script in the project and give what it said."""
    command = [sys.executable, "-c", textwrap.dedent(text), *map(str, arguments)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60)


@pytest.mark.parametrize("as_nobody", [False, True])
def test_what_each_wall_stands_against_cannot_be_done(as_nobody: bool, tmp_path: Path) -> None:
    if as_nobody and os.geteuid() != 0:
        pytest.skip("only root can become nobody")
    spool, outside = Path(tempfile.mkdtemp()), tmp_path / "outside"
    outside.write_text("precious")
    if as_nobody:
        os.chown(spool, 65534, 65534)
    ran = script(CLIMBS, spool, outside, *(["nobody"] if as_nobody else []))
    assert ran.returncode == 0, ran.stderr
    walls, climbed = json.loads(ran.stdout)
    refused = set().union(*(STANDS_AGAINST.get(wall, set()) for wall in walls))
    assert not refused & set(climbed)
    assert outside.read_text() == "precious"


async def test_the_sandbox_says_which_walls_stand() -> None:
    async with Sandbox(1) as sandbox:
        assert sandbox.walls == ()
        await sandbox.look_at(whole(GOOD))
        assert {"memory", "processor"} <= set(sandbox.walls) <= set(WALLS)


def is_apart() -> bool:
    """Say whether our one worker (servers may be children too) lives in another network than we."""
    children = Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()
    (worker,) = [each for each in children if b"shared.imaging.worker" in Path(f"/proc/{each}/cmdline").read_bytes()]
    return Path(f"/proc/{worker}/ns/net").readlink() != Path("/proc/self/ns/net").readlink()


@pytest.mark.skipif(not Path("/proc/self/ns/net").exists(), reason="the system has no network namespaces")
async def test_the_process_has_a_network_of_its_own_or_says_that_it_has_not() -> None:
    async with Sandbox(1) as sandbox:
        await sandbox.look_at(whole(GOOD))
        assert is_apart() == ("network" in sandbox.walls)


def asked(
    content: bytes, tmp_path: Path, *, memory: int = GIBIBYTE, seconds: float = 60, patch: str = "pass"
) -> object:
    """Ask a worker directly, perhaps with a part of its guard taken out; gives its answer or what it ended with."""
    (tmp_path / PAGE).write_bytes(content)
    start = f"import shared.imaging.decoding as decoding, shared.imaging.worker as worker; {patch}; worker.main()"
    worker = subprocess.Popen(
        [sys.executable, "-c", start, str(tmp_path), str(memory), str(seconds), str(os.getpid())],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    said, _none = worker.communicate(f"{Question().model_dump_json()}\n".encode(), timeout=60)
    answers = said.splitlines()
    return json.loads(answers[1]) if len(answers) > 1 else worker.returncode


def test_a_bomb_is_refused_by_its_header_before_a_row_is_decoded(tmp_path: Path) -> None:
    before = time.monotonic()
    answer = asked(empty_png(40_000, 40_000, 1, 1), tmp_path)
    assert answer == {"measures": None, "printed": None, "fault": "too_large", "detail": "40000 × 40000 pixels"}  # noqa: RUF001
    assert time.monotonic() - before < 10


def test_without_the_look_at_the_header_the_memory_limit_still_holds_a_bomb(tmp_path: Path) -> None:
    answer = asked(empty_png(40_000, 40_000, 1, 1), tmp_path, patch="decoding.demand_room = lambda *_: None")
    assert isinstance(answer, dict)
    assert answer["fault"] == "too_large"
    assert "memory" in answer["detail"]


def test_a_page_that_computes_too_long_is_killed_by_the_kernel_with_no_parent_watching(tmp_path: Path) -> None:
    assert asked(slow_page(), tmp_path, memory=2 * GIBIBYTE, seconds=0.5) == -signal.SIGXCPU


def test_an_a3_page_at_300_dpi_in_colour_fits_the_memory_limit(tmp_path: Path) -> None:
    answer = asked(saved(page(3508, 4961), "JPEG", quality=60), tmp_path)
    assert isinstance(answer, dict)
    assert answer["fault"] is None


def test_the_process_dies_with_its_parent_even_when_it_cannot_notice(tmp_path: Path) -> None:
    parent = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(PARENT)],
        cwd=ROOT,
        env={**os.environ, "TMPDIR": str(tmp_path)},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert parent.stdout
    worker = int(parent.stdout.readline())
    os.kill(worker, signal.SIGSTOP)  # now it cannot see that its standard input ends
    parent.kill()
    parent.wait()
    parent.stdout.close()
    deadline = time.monotonic() + 5
    while state_of(worker) not in ("", "Z") and time.monotonic() < deadline:
        time.sleep(0.05)
    left = state_of(worker)
    if left not in ("", "Z"):
        os.kill(worker, signal.SIGKILL)
    assert left in ("", "Z")


PARENT = """
    import asyncio, os
    from pathlib import Path
    from shared.imaging.sandbox import Sandbox

    async def nothing(descriptor):
        os.write(descriptor, b"nothing")

    async def main():
        async with Sandbox(1) as sandbox:
            await sandbox.look_at(nothing)
            print(Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()[0], flush=True)
            await asyncio.sleep(60)

    asyncio.run(main())
"""


def state_of(process: int) -> str:
    """Give the letter of a process's state, or nothing when it is gone."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return ""


def test_a_worker_whose_parent_died_before_it_could_be_tied_to_it_ends_at_once(tmp_path: Path) -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "shared.imaging.worker", str(tmp_path), str(GIBIBYTE), "60", "1"],
        cwd=ROOT,
        input=b"",
        capture_output=True,
        timeout=60,
    )
    assert b"the parent is gone" in ran.stderr


async def test_folders_of_killed_services_are_swept_and_those_in_use_are_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    orphan = tmp_path / "saoluu-page-orphan"
    orphan.mkdir()
    (orphan / PAGE).write_bytes(GOOD)
    spool = Spool()
    for folder in (orphan, spool.folder):
        os.utime(folder, (1, 1))
    await asyncio.to_thread(sweep_orphans)
    assert not orphan.exists()
    assert spool.folder.exists()
    spool.remove()


async def test_a_link_left_in_the_spool_is_not_written_through(tmp_path: Path) -> None:
    precious = tmp_path / "precious"
    precious.write_text("precious")
    spool = Spool()
    (spool.folder / PAGE).symlink_to(precious)
    (spool.folder / "folder").mkdir()
    await spool.receive(whole(GOOD))
    assert precious.read_text() == "precious"
    assert [left.name for left in spool.folder.iterdir()] == [PAGE]
    spool.remove()


def link(path: Path, precious: Path) -> None:
    path.symlink_to(precious)


def second_name(path: Path, precious: Path) -> None:
    path.hardlink_to(precious)


def pipe(path: Path, _precious: Path) -> None:
    os.mkfifo(path)


def other_bytes(path: Path, _precious: Path) -> None:
    path.write_bytes(b"root:x:0:0")


def too_much(path: Path, _precious: Path) -> None:
    with path.open("wb") as file:
        file.write(GOOD)
        file.truncate(20 << 20)


@pytest.mark.parametrize("plant", [link, second_name, pipe, other_bytes, too_much])
def test_only_a_plain_small_jpeg_is_taken_for_a_picture(plant: object, tmp_path: Path) -> None:
    precious = tmp_path / "precious.jpg"
    precious.write_bytes(GOOD)
    spool = Spool()
    assert callable(plant)
    plant(spool.folder / READING_COPY, precious)
    with pytest.raises((NotAPicture, OSError)):
        spool.picture(READING_COPY)
    spool.remove()


@pytest.mark.parametrize("answer", [b"", b"[]\n", b'{"measures": {"width": 1}}\n', b"\xff\n", b'{"fault": "none"}\n'])
def test_an_answer_that_is_none_is_not_believed(answer: bytes) -> None:
    spool = Spool()
    with pytest.raises(ValidationError):
        seen_of(answer, spool, Question())
    spool.remove()
