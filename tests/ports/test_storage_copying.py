"""Objects are written into an open file in one step, and a file that takes no more is no fault of the object."""

import os
import resource
from pathlib import Path

import pytest

from shared.errors import StorageFull
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
