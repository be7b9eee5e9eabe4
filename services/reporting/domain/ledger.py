"""One dossier's line in the ledger: expected = scanned = accepted = preserved = delivered = received, or why not."""

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Line:
    """The counts of a dossier's pages; None where that step has not been reached.

    `withdrawn` is why nothing is expected of it any more, None as long as a list holds it. `owed` is there while the
    receiver has not accepted the newest package: why no other one follows, or empty where nobody said so.
    """

    expected: int
    scanned: int
    closed_with: str | None
    accepted: int | None
    rejected: tuple[tuple[int, str], ...]
    set_aside: str | None
    preserved: int | None
    verified_copies: int
    delivered: int | None
    received: int | None
    withdrawn: str | None = None
    owed: str | None = None


@dataclass(frozen=True, slots=True)
class Difference:
    """Two counts that are not the same, or a step not reached; explained by somebody's words, or open."""

    step: str
    expected: int
    found: int
    explanation: str

    @property
    def is_open(self) -> bool:
        """Say whether nobody has explained it."""
        return not self.explanation


def differences(line: Line) -> Iterator[Difference]:
    """Give every difference along the line; what was scanned of a withdrawn dossier goes no further."""
    if line.scanned != line.expected:
        yield Difference("scanned", line.expected, line.scanned, line.withdrawn or line.closed_with or "")
    if line.withdrawn is not None:
        return
    if line.set_aside is not None:
        yield Difference("accepted", line.scanned, 0, line.set_aside)
        return
    told = "; ".join(f"{number}: {why}" for number, why in line.rejected)
    accepted = line.accepted or 0
    if accepted != line.scanned:
        is_explained = line.accepted is not None and accepted + len(line.rejected) == line.scanned
        yield Difference("accepted", line.scanned, accepted, told if is_explained else "")
    preserved = line.preserved or 0
    if preserved != accepted or (preserved and line.verified_copies < 2):
        yield Difference("preserved", accepted, preserved, "")
    if (line.delivered or 0) != preserved:
        yield Difference("delivered", preserved, line.delivered or 0, "")
    if (line.received or 0) != (line.delivered or 0) or line.owed is not None:  # reasons alone leave it owed
        yield Difference("received", line.delivered or 0, line.received or 0, line.owed or "")
