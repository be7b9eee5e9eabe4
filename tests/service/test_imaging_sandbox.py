"""The sandbox: whatever comes in, a measurement comes out, and nothing else happens to the machine."""

import asyncio
import io
import os
import signal
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from PIL import Image

from shared.imaging.sandbox import MEMORY, Sandbox
from shared.imaging.spool import Fill
from tests.hostile import Hostile, empty_png, hostile_files, page, saved, slow_page

ROOT = Path(__file__).parents[2]
SAMPLES = ROOT.parent / "shared" / "samples"  # outside the repository; tests that use it make their own without it
GOOD = saved(page(), "JPEG", dpi=(300, 300))


def whole(content: bytes) -> Fill:
    """Write bytes as a store would."""

    async def fill(descriptor: int) -> None:
        await asyncio.to_thread(write_all, descriptor, content)

    return fill


def write_all(descriptor: int, content: bytes) -> None:
    with os.fdopen(os.dup(descriptor), "wb") as file:
        file.write(content)


def children(parent: int) -> set[int]:
    """Give the living children of a process."""
    return {
        int(child) for file in Path(f"/proc/{parent}/task").glob("*/children") for child in file.read_text().split()
    }


def is_alive(process: int) -> bool:
    """Say whether a process runs; one that ended and was not yet buried does not."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


async def gone(process: int) -> bool:
    """Wait up to 5 seconds for a process to end."""
    for _moment in range(100):
        if not is_alive(process):
            return True
        await asyncio.sleep(0.05)
    return False


@asynccontextmanager
async def started(sandbox: Sandbox) -> AsyncIterator[int]:
    """Open a sandbox of one worker and give the process it decodes in."""
    before = children(os.getpid())
    async with sandbox:
        assert (await sandbox.look_at(whole(GOOD))).measurement.measures
        (worker,) = children(os.getpid()) - before
        yield worker


def has_filter(process: int) -> bool:
    """Say whether the last of a process's walls is up."""
    return "Seccomp:\t2" in Path(f"/proc/{process}/status").read_text()


def resident() -> int:
    """Give the bytes of memory that this process holds now."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


async def confined_child(besides: int) -> int:
    """Wait for another child whose walls are up."""
    while True:
        for child in children(os.getpid()) - {besides}:
            if is_alive(child) and has_filter(child):
                return child
        await asyncio.sleep(0.02)


def samples(folder: str) -> list[Hostile]:
    """Give the files of a folder of samples, or of our own making when it is not there; any outcome is allowed."""
    found = [path for path in sorted((SAMPLES / folder).glob("*")) if path.suffix != ".csv"]
    return [Hostile(path.name, path.read_bytes(), frozenset()) for path in found] or list(hostile_files())


async def test_every_hostile_file_is_explained_and_a_good_page_can_be_measured_after_each() -> None:
    astray = []
    async with Sandbox(1, deadline=20) as sandbox:
        for hostile in hostile_files():
            outcome = (await sandbox.look_at(whole(hostile.content))).measurement
            expected = outcome.fault in hostile.faults if hostile.faults else outcome.measures is not None
            if not expected or (outcome.measures is None) == (outcome.fault is None):
                astray.append((hostile.name, outcome.fault, outcome.detail))
            assert (await sandbox.look_at(whole(GOOD))).measurement.measures, f"after {hostile.name}"
    assert not astray


async def test_every_bad_sample_ends_in_measures_or_a_fault_and_spoils_nothing_for_the_next_page() -> None:
    """Uses ../shared/samples/bad when it is there, else the files of tests.hostile."""
    async with Sandbox(1, deadline=20) as sandbox:
        for bad in samples("bad"):
            seen = await sandbox.look_at(whole(bad.content))
            assert (seen.measurement.measures is None) == (seen.measurement.fault is not None), bad.name
            assert (seen.reading_copy is None) == (seen.measurement.measures is None), bad.name
            assert (await sandbox.look_at(whole(GOOD))).measurement.measures, f"after {bad.name}"


async def test_every_real_page_is_measured() -> None:
    """Uses ../shared/samples/pages when it is there, else one page of our own."""
    pages = samples("pages") if (SAMPLES / "pages").is_dir() else [Hostile("good", GOOD, frozenset())]
    async with Sandbox(2) as sandbox:
        seen = await asyncio.gather(*(sandbox.look_at(whole(real.content)) for real in pages))
    faults = [(real.name, one.measurement) for real, one in zip(pages, seen, strict=True) if one.measurement.fault]
    assert not faults


async def test_the_copies_are_small_jpegs_without_the_metadata_of_the_page() -> None:
    secret = b"a note that nobody should see"
    large = saved(page(3000, 4200), "JPEG", comment=secret, exif=b"Exif\0\0MM\0*" + secret, icc_profile=secret)
    async with Sandbox(1) as sandbox:
        seen = await sandbox.look_at(whole(large))
    assert seen.thumbnail
    assert seen.reading_copy
    assert secret in large
    assert secret not in seen.reading_copy + seen.thumbnail
    assert 1000 <= max(Image.open(io.BytesIO(seen.reading_copy)).size) <= 2000
    assert max(Image.open(io.BytesIO(seen.thumbnail)).size) == 300


async def test_a_map_of_a0_at_300_dpi_is_measured_within_the_memory_given_when_nothing_is_said() -> None:
    """9933 by 14043 pixels are 418 MB raw and 558 MB as Pillow keeps them."""
    async with Sandbox(1, memory=MEMORY) as sandbox:
        seen = await sandbox.look_at(whole(empty_png(9933, 14_043, 8, 3)))
    assert seen.measurement.measures, seen.measurement
    assert seen.measurement.measures.seconds_measure < 20


async def test_the_deadline_holds_while_the_decoder_is_busy() -> None:
    async with Sandbox(1, deadline=0.5) as sandbox:
        before = time.monotonic()
        outcome = (await sandbox.look_at(whole(slow_page()))).measurement
        assert outcome.fault == "took_too_long"
        assert time.monotonic() - before < 10
        assert (await sandbox.look_at(whole(GOOD))).measurement.measures


async def test_a_stopped_process_is_killed_at_the_deadline() -> None:
    sandbox = Sandbox(1, deadline=1.0)
    async with started(sandbox) as worker:
        os.kill(worker, signal.SIGSTOP)
        before = time.monotonic()
        assert (await sandbox.look_at(whole(GOOD))).measurement.fault == "took_too_long"
        assert time.monotonic() - before < 5
        assert await gone(worker)
        assert (await sandbox.look_at(whole(GOOD))).measurement.measures


async def test_a_page_is_not_blamed_for_a_process_that_died_once() -> None:
    sandbox = Sandbox(1)
    async with started(sandbox) as worker:
        os.kill(worker, signal.SIGSTOP)
        looking = asyncio.create_task(sandbox.look_at(whole(GOOD)))
        await asyncio.sleep(0.2)
        os.kill(worker, signal.SIGKILL)
        assert (await looking).measurement.measures


async def test_a_page_whose_processes_die_twice_gets_a_finding() -> None:
    sandbox = Sandbox(1)
    async with started(sandbox) as worker:
        looking = asyncio.create_task(sandbox.look_at(whole(slow_page())))
        await asyncio.sleep(0.5)
        os.kill(worker, signal.SIGKILL)
        second = await confined_child(besides=worker)
        await asyncio.sleep(0.3)
        os.kill(second, signal.SIGKILL)
        assert (await looking).measurement.fault == "worker_died"
        assert (await sandbox.look_at(whole(GOOD))).measurement.measures


async def test_the_answer_for_a_page_nobody_waits_for_any_more_is_not_given_for_the_next() -> None:
    sandbox = Sandbox(1)
    async with started(sandbox):
        abandoned = asyncio.create_task(sandbox.look_at(whole(slow_page())))
        await asyncio.sleep(0.5)
        abandoned.cancel()
        with pytest.raises(asyncio.CancelledError):
            await abandoned
        measures = (await sandbox.look_at(whole(GOOD))).measurement.measures
        assert measures
        assert (measures.width, measures.height) == (620, 877)


async def test_a_process_is_replaced_after_its_pages() -> None:
    sandbox = Sandbox(1, pages_per_life=2)
    async with started(sandbox) as worker:
        await sandbox.look_at(whole(GOOD))
        assert await gone(worker)
        assert (await sandbox.look_at(whole(GOOD))).measurement.measures


async def test_two_workers_look_at_two_pages_at_once() -> None:
    sandbox = Sandbox(2)
    before = children(os.getpid())
    async with sandbox:
        await asyncio.gather(*(sandbox.look_at(whole(GOOD)) for _ in range(6)))
        workers = children(os.getpid()) - before
        assert len(workers) == 2
    assert [await gone(worker) for worker in workers] == [True, True]


async def test_a_stream_that_breaks_off_is_told_to_the_caller_and_harms_no_other_page() -> None:
    async def broken(descriptor: int) -> None:
        os.write(descriptor, GOOD[:1000])
        raise ConnectionResetError("the store went away")

    async with Sandbox(1) as sandbox:
        with pytest.raises(ConnectionResetError):
            await sandbox.look_at(broken)
        assert (await sandbox.look_at(whole(GOOD))).measurement.measures
