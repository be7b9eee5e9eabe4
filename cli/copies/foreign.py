"""What lies in an offline set and does not belong to it: it is named and left alone."""

import os
from collections.abc import Collection, Iterator
from pathlib import Path, PurePosixPath

from cli.copies.inventory import NAME, OBJECTS, PART
from cli.copies.offline_set import DAMAGED, LOCK, UNFINISHED

OURS = frozenset({NAME, PART, f"{NAME}.new", OBJECTS, DAMAGED, LOCK})


def foreign_in(root: Path, keys: Collection[str]) -> list[str]:
    """Name what a set holds beside its objects, by the path in the set; blocks.

    A folder in which none of its objects can lie is named once, with a slash at its end, and not looked into.
    """
    folders = {str(folder) for key in keys for folder in PurePosixPath(key).parents}
    beside = [marked(each) for each in entries(root) if each.name not in OURS]
    return sorted([*beside, *(f"{OBJECTS}/{each}" for each in among(root / OBJECTS, "", keys, folders))])


def among(folder: Path, inside: str, keys: Collection[str], folders: Collection[str]) -> Iterator[str]:
    """Give what lies among the objects and is none, below a folder of theirs."""
    for each in entries(folder):
        path = f"{inside}{each.name}"
        if not inside and each.name == UNFINISHED:
            continue
        if each.is_dir(follow_symlinks=False) and path in folders:
            yield from among(folder / each.name, f"{path}/", keys, folders)
        elif path not in keys:
            yield inside + marked(each)


def entries(folder: Path) -> list["os.DirEntry[str]"]:
    """Give what a folder holds; one that cannot be read holds nothing that could be named."""
    try:
        with os.scandir(folder) as found:
            return list(found)
    except OSError:
        return []


def marked(entry: "os.DirEntry[str]") -> str:
    """Give a name, a folder's with a slash at its end."""
    return f"{entry.name}/" if entry.is_dir(follow_symlinks=False) else entry.name
