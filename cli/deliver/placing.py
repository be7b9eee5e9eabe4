"""Files on a medium: written whole, made durable, and read back from the medium itself."""

import os
from hashlib import sha256
from pathlib import Path

from cli.copies.faults import CopyRefused, place_of
from cli.copies.offline_set import fixity_of
from shared.storage.tree import sync_folder


def digest_on(place: Path) -> str:
    """Read a file back from the medium, past the system's cache; blocks. The system's errors pass."""
    descriptor = os.open(place, os.O_RDONLY | os.O_NOFOLLOW)
    try:
        os.fsync(descriptor)  # what is not on the medium yet could not be dropped from the cache
    except OSError:
        os.close(descriptor)
        raise
    return fixity_of(descriptor).sha256


def place_whole(place: Path, content: bytes) -> str:
    """Write a small file, unless it is there as it must be; gives its digest. Raises CopyRefused."""
    expected = sha256(content).hexdigest()
    if place.is_file() and not place.is_symlink() and digest_on(place) == expected:
        return expected
    fresh = place.with_name(f"{place.name}.new")
    with fresh.open("wb") as file:
        file.write(content)
    if digest_on(fresh) != expected:
        raise reads_back_wrong(place)
    fresh.replace(place)
    sync_folder(place.parent)
    return expected


def reads_back_wrong(place: Path) -> CopyRefused:
    """Say that a medium does not give back what must be on it."""
    return CopyRefused(
        "deliver.reads_back_wrong",
        f"{place_of(place)}: đọc lại khác với bản phải có; vật mang tin, hoặc đường truyền, có thể hỏng",
        f"{place_of(place)}: reads back other than it must be; the medium, or the line, may be broken",
    )
