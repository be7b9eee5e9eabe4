"""What lies in a station's folder: one sub-folder a dossier, images in natural order, everything else left out."""

import re
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from shared.imaging.formats import sniff

QUIET_SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A file that is not sent, and why."""

    path: Path
    reason: str


@dataclass
class ScannedFolder:
    """The images of one dossier's folder in order, and what was left out."""

    path: Path
    images: list[Path] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)


def scanned_folders(root: Path) -> Iterator[ScannedFolder]:
    """Walk the dossier folders of a station, in natural order."""
    for path in sorted((each for each in root.iterdir() if each.is_dir()), key=natural):
        if not path.name.startswith("."):
            yield scanned_folder(path)


def scanned_folder(path: Path) -> ScannedFolder:
    """Sort one folder's files into images and what is left out; sub-folders are not descended into."""
    found = ScannedFolder(path)
    for file in sorted(path.iterdir(), key=natural):
        if file.name.startswith("."):
            continue
        reason = reason_to_leave_out(file)
        if reason:
            found.left_out.append(LeftOut(file, reason))
        else:
            found.images.append(file)
    return found


def reason_to_leave_out(file: Path) -> str:
    """Say why a file is no page, or nothing when it is one; files are known by their content, not their names."""
    if not file.is_file():
        return "not_a_file"
    try:
        with file.open("rb") as opened:
            head = opened.read(64)
    except OSError:
        return "unreadable"
    if not head:
        return "empty"
    return "" if sniff(head) else "not_an_image"


def is_complete(file: Path) -> bool:
    """Say whether a scanner has finished writing a file: it has not changed for a moment."""
    return time.time() - file.stat().st_mtime >= QUIET_SECONDS


def natural(path: Path) -> list[tuple[int, int, str]]:
    """Sort page2 before page10."""
    parts = re.split(r"(\d+)", path.name.lower())
    return [(0, int(part), "") if part.isdigit() else (1, 0, part) for part in parts if part]
