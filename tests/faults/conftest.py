"""The systems that faults are brought upon."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.embedded_system import Embedded
from tests.faults.full_system import Full


@pytest.fixture
def embedded(tmp_path: Path) -> Iterator[Embedded]:
    """Give the embedded system, at work."""
    system = Embedded(tmp_path)
    try:
        system.start()
        yield system
    finally:
        system.stop()


@pytest.fixture
def full(open_folder: Path) -> Iterator[Full]:
    """Give the full system, at work."""
    system = Full(open_folder)
    try:
        system.start()
        yield system
    finally:
        system.stop()
