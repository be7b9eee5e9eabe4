"""A package that lies open in a folder."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path

from shared.eark.fault import Damaged, Fault
from shared.eark.source import MIB, MOST_FILES, name_faults

OPEN = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)


class FolderSource:
    """Lists a folder without following links; whatever is no regular file is a fault. Raises Damaged."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.top = folder.resolve().name
        self.sizes: dict[str, int] = {}
        self.folders: set[str] = set()
        self.misspelt: list[str] = []
        self.faults: list[Fault] = []
        waiting = [""]
        while waiting:
            waiting += self._list(waiting.pop())
            if len(self.sizes) + len(self.faults) + len(self.folders) > MOST_FILES:
                raise Damaged("too_many_files", "", f"> {MOST_FILES}")
        self.faults += name_faults([*self.sizes, *self.folders])

    def _list(self, folder: str) -> list[str]:
        """Note the files of one folder and give its sub-folders, as paths that are empty or end in `/`."""
        below: list[str] = []
        try:
            with os.scandir(self._folder / folder) as entries:
                for entry in entries:
                    path = folder + entry.name
                    facts = entry.stat(follow_symlinks=False)
                    if stat.S_ISDIR(facts.st_mode):
                        below.append(f"{path}/")
                        self.folders.add(path)
                    elif stat.S_ISREG(facts.st_mode):
                        self.sizes[path] = facts.st_size
                    else:
                        linked = stat.S_ISLNK(facts.st_mode)
                        self.faults.append(Fault.of("symlink" if linked else "special_file", path))
        except OSError as failed:
            self.faults.append(Fault.of("unreadable", folder, failed.strerror or ""))
        return below

    def chunks(self, path: str) -> Iterator[bytes]:
        """Stream a file; one that turned into something else meanwhile is Damaged."""
        left = self.sizes[path]
        try:
            with open(os.open(self._folder / path, OPEN), "rb", buffering=0) as file:  # noqa: PTH123 (a descriptor)
                if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                    raise Damaged("special_file", path)
                while left and (chunk := file.read(min(MIB, left))):
                    left -= len(chunk)
                    yield chunk
        except OSError as failed:
            raise Damaged("unreadable", path, failed.strerror or "") from failed
        if left:
            raise Damaged("unreadable", path, f"-{left} B")

    def close(self) -> None:
        """Nothing stays open between files."""
