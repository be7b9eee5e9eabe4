"""Folders for servers that a test starts itself."""

import re
import shutil
import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest


@pytest.fixture(scope="module")
def place() -> Iterator[Path]:
    """A folder closed to everybody else, as /root is: PostgreSQL works there too, although it gives up root."""
    folder = Path(tempfile.mkdtemp(prefix="saoluu-backing-"))
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def folder(place: Path, request: pytest.FixtureRequest) -> Path:
    return place / re.sub(r"\W", "-", request.node.name)
