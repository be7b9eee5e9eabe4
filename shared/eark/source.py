"""What a check needs of a package, be it a folder, a ZIP or a TAR."""

import unicodedata
from collections.abc import Iterable, Iterator
from typing import Protocol

from shared.eark.fault import Fault

MIB = 1 << 20
MOST_FILES = 1_000_000


class Source(Protocol):
    """The files of a package under its top folder; opening one never follows a link nor waits for a device.

    `folders` are those that have an entry of their own, without a slash at the end. `misspelt` are files whose place in
    a ZIP is not spelt as in ours, to the byte; empty for the end of the ZIP.
    """

    top: str
    sizes: dict[str, int]
    folders: set[str]
    faults: list[Fault]
    misspelt: list[str]

    def chunks(self, path: str) -> Iterator[bytes]:
        """Stream a file in chunks of at most 1 MiB. Raises Damaged, at the latest when all bytes have been given."""
        ...

    def close(self) -> None:
        """Let go of what is open."""
        ...


def is_safe(path: str) -> bool:
    """Say whether a path stays in its folder on every system: relative, plain segments, no wildcards."""
    return (
        path.isprintable()
        and not set(path) & set('\\:*?"<>|')
        and all(segment and segment not in {".", ".."} for segment in path.split("/"))
    )


def name_faults(paths: Iterable[str]) -> list[Fault]:
    """Find unsafe names, and names that fall together where case or Unicode form does not count."""
    faults: list[Fault] = []
    folded: dict[str, str] = {}
    for path in paths:
        if not is_safe(path):
            faults.append(Fault.of("name_unsafe", path))
        other = folded.setdefault(unicodedata.normalize("NFC", path).casefold(), path)
        if other != path:
            faults.append(Fault.of("name_case_duplicate", path, other))
    return faults
