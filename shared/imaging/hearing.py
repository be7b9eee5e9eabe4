"""What decoders say on standard error, where libjpeg and libtiff tell of damage that they then paper over."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

STANDARD_ERROR = 2
MOST = 4000


class Heard:
    """The lines that were said; complete once the hearing is over."""

    lines: tuple[str, ...] = ()


@contextmanager
def hearing(most: int = MOST) -> Iterator[Heard]:
    """Take what is said on the process's standard error meanwhile; not for processes in which threads say more.

    `most` are the bytes that are kept of it.
    """
    heard = Heard()
    ear, before = os.memfd_create("heard"), os.dup(STANDARD_ERROR)
    try:
        os.dup2(ear, STANDARD_ERROR)
        try:
            yield heard
        finally:
            os.dup2(before, STANDARD_ERROR)
            said = os.pread(ear, most, 0).decode("utf-8", "replace")
            heard.lines = tuple(line.strip() for line in said.splitlines() if line.strip())
    finally:
        os.close(before)
        os.close(ear)
