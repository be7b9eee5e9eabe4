"""The medium: one delivery's folder on it, what may lie there, and the file that says which medium it is.

P01-001/medium.json         which delivery, which medium, which parts; written first
P01-001/manifest.jsonl      and its signature, as after pulling
P01-001/papers/...          lists and minutes
P01-001/0001-....zip        the packages; ....part is one that is being written
P01-001/left-out.jsonl      what is missing of the packages, because it was kept back; not there where nothing is
P01-001/inventory.sha256    every other file, as `sha256sum -c` reads it; written last
"""

import fcntl
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, ValidationError

from cli.copies.faults import CopyRefused, place_of
from cli.doors import NOT_NOW
from shared.delivery.canonical import canonical
from shared.delivery.folder import MEDIUM
from shared.ids import new_id

FILE = MEDIUM
OF_SYSTEMS = frozenset({"lost+found", "System Volume Information", "$RECYCLE.BIN", ".Trashes", ".fseventsd"})
NAMED = 5


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be written: which delivery, onto which medium, which of its parts; none named means all."""

    delivery: dict[str, Any]
    label: str
    serial: str
    parts: frozenset[int] = frozenset()


class Medium(BaseModel):
    """What a medium says of itself."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    format: Literal["saoluu.medium.v1"] = "saoluu.medium.v1"
    medium_id: UUID
    delivery_id: UUID
    label: str
    serial: str
    parts: tuple[int, ...]

    def to_bytes(self) -> bytes:
        """Spell it."""
        return canonical(self.model_dump(mode="json")) + b"\n"


def medium_of(folder: Path, wanted: Wanted, parts: Sequence[int]) -> Medium:
    """Give the medium that a folder was begun for, or a new one where it was not. Raises CopyRefused."""
    fresh = Medium(
        medium_id=new_id(),
        delivery_id=UUID(wanted.delivery["id"]),
        label=wanted.label,
        serial=wanted.serial,
        parts=tuple(parts),
    )
    if not (folder / FILE).exists():
        demand_only(folder, {FILE, f"{FILE}.new"})
        return fresh
    known = read(folder / FILE)
    if known.delivery_id != fresh.delivery_id:
        raise other_delivery(folder)
    if known != fresh.model_copy(update={"medium_id": known.medium_id}):
        parts_on_it = ", ".join(str(part) for part in known.parts)
        raise CopyRefused(
            "deliver.medium_differs",
            f"{place_of(folder)} đã ghi dở với nhãn {known.label!r}, số sê-ri {known.serial!r}, phần {parts_on_it}",
            f"{place_of(folder)} was begun with label {known.label!r}, serial {known.serial!r}, part {parts_on_it}",
        )
    return known


def read(place: Path) -> Medium:
    """Read what a medium says of itself. Raises CopyRefused."""
    try:
        return Medium.model_validate_json(place.read_bytes())
    except ValidationError as wrong:
        raise CopyRefused(
            "deliver.medium_malformed",
            f"{place_of(place)} không đọc được; hãy dùng vật mang tin khác",
            f"{place_of(place)} cannot be read; use another medium",
        ) from wrong


def demand_ground(to: Path, name: str) -> None:
    """Demand that a medium is there, and empty but for the delivery's own folder. Raises CopyRefused."""
    if not to.is_dir():
        raise CopyRefused(
            "deliver.no_folder",
            f"không có thư mục {place_of(to)}; vật mang tin đã được gắn chưa?",
            f"there is no folder {place_of(to)}; is the medium mounted?",
        )
    others = sorted(
        each.name
        for each in to.iterdir()
        if each.name not in OF_SYSTEMS | {name} and not each.name.startswith(".Trash")
    )
    if any((to / each / FILE).is_file() for each in others):
        raise other_delivery(to)
    if others:
        raise not_empty(to, others)


def demand_only(folder: Path, names: set[str]) -> None:
    """Demand that there is nothing in a folder but plain files of some names, and the folder of the papers.

    Raises CopyRefused.
    """
    strange = [
        each.name
        for each in folder.iterdir()
        if each.name not in names or each.is_symlink() or each.is_dir() != (each.name == "papers")
    ]
    if strange:
        raise not_empty(folder, sorted(strange))


def other_delivery(place: Path) -> CopyRefused:
    """Say that something else was delivered here."""
    return CopyRefused(
        "deliver.other_delivery",
        f"{place_of(place)} đang giữ một đợt bàn giao khác",
        f"{place_of(place)} holds another delivery",
    )


def not_empty(place: Path, names: Sequence[str]) -> CopyRefused:
    """Say what stands in the way; nothing of it is touched."""
    shown = ", ".join(repr(each) for each in names[:NAMED])
    return CopyRefused(
        "deliver.not_empty",
        f"{place_of(place)} có thứ khác: {shown}; hãy dùng vật mang tin trống",
        f"{place_of(place)} holds something else: {shown}; use an empty medium",
    )


@contextmanager
def alone_on(folder: Path) -> Iterator[None]:
    """Make a delivery's folder, and hold it for one writer. Raises CopyRefused."""
    if folder.is_symlink() or (folder.exists() and not folder.is_dir()):
        raise not_empty(folder.parent, [folder.name])
    folder.mkdir(exist_ok=True)
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError as busy:
        raise CopyRefused(
            "deliver.medium_busy",
            f"một lệnh khác đang ghi vào {place_of(folder)}",
            f"another command is writing to {place_of(folder)}",
            NOT_NOW,
        ) from busy
    finally:
        os.close(descriptor)
