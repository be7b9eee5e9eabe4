"""What to do with each file of a dossier's folder: decided from the folder, the journal and the orders alone."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from cli.scan.folder import Seen, natural
from cli.scan.journal import Remembered, Sent


class Act(StrEnum):
    """What is to be done with a file, or what keeps it from being sent."""

    SEND = "send"
    RESCAN = "rescan"
    SENT = "sent"
    WAIT = "wait"  # still being written, or behind one that is: pages are numbered in folder order
    SCAN_AGAIN = "scan_again"  # ordered anew, and the operator has not replaced it yet
    CHANGED = "changed"
    OUT_OF_ORDER = "out_of_order"
    TOO_LATE = "too_late"
    GONE = "gone"  # it has a number that was never confirmed, and is not there or no image any more
    GONE_BUT_HELD = "gone_but_held"  # gone likewise, and the archive has a page under that number


NEEDS_A_PERSON = frozenset({Act.CHANGED, Act.OUT_OF_ORDER, Act.TOO_LATE})


@dataclass(frozen=True, slots=True)
class Found:
    """A file with what was found out about it; `sha256` is there where `must_be_read` asked for it."""

    seen: Seen
    is_complete: bool
    sha256: str = ""

    @property
    def name(self) -> str:
        """Give the file's name, which the journal knows it by."""
        return self.seen.path.name


@dataclass(frozen=True, slots=True)
class Permission:
    """What the archive lets a station send of a dossier: new pages, and by which order which page again."""

    is_open: bool
    rescans: Mapping[int, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Step:
    """What to do with one file; `number` is its page, 0 while it has none."""

    file: Found
    act: Act
    number: int = 0
    rescan_order_id: str = ""


def must_be_read(file: Seen, sent: Sent | None) -> bool:
    """Say whether only the bytes can tell if a file is the one that was sent: as large, but of another time."""
    return sent is not None and file.size == sent.size and file.modified_ns != sent.modified_ns


def is_changed(file: Found, sent: Sent) -> bool:
    """Say whether a file is another one than was sent."""
    if file.seen.size != sent.size:
        return True
    return file.seen.modified_ns != sent.modified_ns and file.sha256 != sent.sha256


def plan(files: Sequence[Found], known: Remembered, permission: Permission) -> Iterator[Step]:
    """Decide for each file, in folder order; files that are no images and never were sent are passed over.

    A new file gets the number after all others, and only if its name comes after theirs; at the first new file that
    is not complete numbering stops, for what comes behind it cannot know its number yet.
    """
    last_name = max((natural(Path(name)) for name in known.numbers), default=None)
    following = max(known.numbers.values(), default=0) + 1
    reached, is_stopped = 0, False
    for file in files:
        number = known.numbers.get(file.name)
        if number is not None:
            yield from numbered(file, number, known.newest.get(number), permission, is_behind=number < reached)
            reached = max(reached, number)
        elif file.seen.left_out and file.is_complete:
            continue
        elif last_name is not None and natural(file.seen.path) < last_name and permission.is_open:
            yield Step(file, Act.OUT_OF_ORDER)
        elif is_stopped or not file.is_complete:
            is_stopped = True
            yield Step(file, Act.WAIT)
        elif not permission.is_open:
            yield Step(file, Act.TOO_LATE)
        else:
            yield Step(file, Act.SEND, following)
            following += 1


def numbered(file: Found, number: int, sent: Sent | None, permission: Permission, *, is_behind: bool) -> Iterator[Step]:
    """Decide for a file that has its number."""
    rescan = permission.rescans.get(number, "")
    if sent is not None and not is_changed(file, sent):
        out_of_order = is_behind and permission.is_open
        act = Act.OUT_OF_ORDER if out_of_order else Act.SCAN_AGAIN if rescan else Act.SENT
        yield Step(file, act, number, rescan)
    elif not file.is_complete:
        yield Step(file, Act.WAIT, number)
    elif sent is None:
        if not file.seen.left_out:
            yield Step(file, Act.OUT_OF_ORDER if is_behind else Act.SEND, number)
    else:
        yield Step(file, Act.RESCAN if rescan and not file.seen.left_out else Act.CHANGED, number, rescan)


def numbers_given(steps: Sequence[Step], known: Remembered) -> dict[str, int]:
    """Give the numbers that a plan gives to files which had none."""
    return {
        step.file.name: step.number for step in steps if step.act == Act.SEND and step.file.name not in known.numbers
    }
