"""What lies in a station's folder: one sub-folder a dossier, its files in natural order, and why some are no pages.

One rule for links, for the station and the demo alike: a link to a regular file stands for that file, a link to a
folder is left out, because it may lead elsewhere or round in a circle.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from shared.imaging.formats import sniff

HIDDEN = "."
LINK = "symbolic_link"
NOT_A_FILE = "not_a_file"
UNREADABLE = "unreadable"
EMPTY = "empty"
NOT_AN_IMAGE = "not_an_image"
OUTSIDE = "outside_a_folder"
Order = tuple[list[tuple[int, int, str]], str]


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A file that is not sent, and why."""

    path: Path
    reason: str


@dataclass(frozen=True, slots=True)
class Seen:
    """A file as one look found it; `left_out` says why it is no page, and is empty for an image."""

    path: Path
    size: int
    modified_ns: int
    left_out: str


def dossier_folders(root: Path) -> list[Path]:
    """Give the dossier folders of a station, in natural order. Raises OSError."""
    return sorted((each for each in visible(root) if each.is_dir() and not each.is_symlink()), key=natural)


def outside_folders(root: Path) -> list[LeftOut]:
    """Give what lies beside the dossier folders and is not sent: images, and folders that are only links."""
    beside = [each for each in visible(root) if each.is_symlink() or not each.is_dir()]
    reasons = [(path, reason_to_leave_out(path)) for path in sorted(beside, key=natural)]
    return [LeftOut(path, reason or OUTSIDE) for path, reason in reasons if reason in ("", LINK)]


def files_of(folder: Path) -> Iterator[Seen]:
    """Look at the files of a dossier's folder in order; sub-folders are not descended into. Raises OSError."""
    return looks_at(sorted(visible(folder), key=natural))


def hidden_of(folder: Path) -> Iterator[Seen]:
    """Look at what is hidden in a dossier's folder: it is never sent, but it may be a page. Raises OSError."""
    return looks_at(sorted((each for each in folder.iterdir() if is_hidden(each)), key=natural))


def looks_at(paths: Iterable[Path]) -> Iterator[Seen]:
    """Look at files, passing over those that are gone since their folder was listed."""
    for path in paths:
        reason = reason_to_leave_out(path)
        try:
            facts = path.stat()
        except OSError:  # gone, or a link to nothing
            if path.is_symlink():
                yield Seen(path, 0, 0, reason)
        else:
            yield Seen(path, facts.st_size, facts.st_mtime_ns, reason)


def visible(folder: Path) -> Iterator[Path]:
    """Walk a folder without what is hidden: scanners and file servers keep their unfinished files so."""
    return (each for each in folder.iterdir() if not is_hidden(each))


def is_hidden(path: Path) -> bool:
    """Say whether a file is hidden by its name."""
    return path.name.startswith(HIDDEN)


def reason_to_leave_out(file: Path) -> str:
    """Say why a file is no page, or nothing when it is one; files are known by their content, not their names."""
    if not file.is_file():
        return LINK if file.is_symlink() else NOT_A_FILE
    try:
        with file.open("rb") as opened:
            head = opened.read(64)
    except OSError:
        return UNREADABLE
    if not head:
        return EMPTY
    return "" if sniff(head) else NOT_AN_IMAGE


def natural(path: Path) -> Order:
    """Sort page2 before page10; of two names that sort alike, one is always first."""
    parts = re.split(r"(\d+)", path.name.lower())
    return [(0, int(part), "") if part.isdecimal() else (1, 0, part) for part in parts if part], path.name
