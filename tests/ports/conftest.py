"""Folders for servers that a test starts itself, and a store of either kind."""

import re
import shutil
import stat
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from shared.storage.open import open_store
from tests.ports.kept import Kept


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


@pytest.fixture(params=["folder", "s3"])
async def kept(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Kept]:
    if request.param == "folder":
        root = tmp_path / "store"
        kept = Kept(open_store(root.as_uri(), "test"), uuid4().hex, root)
    else:
        server = request.getfixturevalue("seaweed")
        kept = Kept(open_store(server.url("storage"), "test"), uuid4().hex)
    await kept.store.prepare()
    yield kept
    await kept.store.close()
