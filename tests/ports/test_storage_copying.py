"""Objects are written into an open file in one step, and a file that takes no more is no fault of the object."""

import asyncio
import os
import resource
from pathlib import Path

import pytest

from shared.errors import StorageFull
from shared.storage.port import MIB
from tests.ports.kept import Kept, put, some_bytes


async def test_a_copy_that_finds_no_room_is_told(kept: Kept, tmp_path: Path) -> None:
    await put(kept, "a", some_bytes(2000))
    largest = resource.getrlimit(resource.RLIMIT_FSIZE)
    descriptor = os.open(tmp_path / "copy", os.O_WRONLY | os.O_CREAT)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, largest[1]))
    try:
        with pytest.raises(StorageFull):
            await kept.store.copy_to(f"{kept.top}/a", descriptor)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, largest)
        os.close(descriptor)


async def test_a_copy_begins_where_the_file_stands(kept: Kept, tmp_path: Path) -> None:
    await put(kept, "a", b"page")
    descriptor = os.open(tmp_path / "copy", os.O_WRONLY | os.O_CREAT)
    os.write(descriptor, b"before ")
    await kept.store.copy_to(f"{kept.top}/a", descriptor)
    os.close(descriptor)
    assert (tmp_path / "copy").read_bytes() == b"before page"


async def test_a_copy_that_is_cancelled_writes_into_no_other_file(kept: Kept, tmp_path: Path) -> None:
    await put(kept, "a", some_bytes(32 * MIB))
    descriptor = os.open(tmp_path / "copy", os.O_WRONLY | os.O_CREAT)
    copying = asyncio.create_task(kept.store.copy_to(f"{kept.top}/a", descriptor))
    await asyncio.sleep(0.002)
    copying.cancel()
    copying.cancel()
    with pytest.raises(asyncio.CancelledError):
        await copying
    os.close(descriptor)
    other = os.open(tmp_path / "other", os.O_WRONLY | os.O_CREAT)
    assert other == descriptor, "the number went to the next file"
    await asyncio.sleep(0.5)
    os.close(other)
    assert (tmp_path / "other").stat().st_size == 0
