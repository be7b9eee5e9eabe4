"""A folder of our own to make something in; where there is no room for it, whoever needs it waits."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from services.ingest.errors import WorkroomUnavailable
from shared.imaging.spool import Spool


@contextmanager
def workroom() -> Iterator[Path]:
    """Give a folder that is gone afterwards, also when we are killed. Raises WorkroomUnavailable for every OSError."""
    try:
        spool = Spool()
        try:
            yield spool.folder
        finally:
            spool.remove()
    except OSError as lost:
        raise WorkroomUnavailable(str(lost)) from lost
