"""What tests of every kind share: made pages, and folders that a server of another user can enter."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from cli.demo.dossiers import invent_dossiers
from cli.demo.pages import write_dossiers


@pytest.fixture(scope="session")
def made_pages(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Give the pages of one invented dossier, typeset and aged as the demo's are."""
    folder = tmp_path_factory.mktemp("made-pages")
    write_dossiers(folder, invent_dossiers(1, pages=4))
    return sorted(folder.rglob("*.jpg"))


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """Give a folder that every user may pass through: for root, PostgreSQL runs as a user of its own."""
    folder = Path(tempfile.mkdtemp(prefix="saoluu-test-"))
    folder.chmod(0o711)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)
