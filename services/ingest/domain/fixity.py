"""What a look at a stored object can find, and what that makes of its copy."""

from collections.abc import Container
from dataclasses import dataclass
from enum import StrEnum

from shared.storage.port import Fixity


class Finding(StrEnum):
    """What is wrong with an object of a copy. A renamed one is found as missing and extra."""

    MISSING = "missing"
    TRUNCATED = "truncated"
    OVERLONG = "overlong"
    SWAPPED = "swapped"
    DAMAGED = "damaged"
    UNREADABLE = "unreadable"
    EXTRA = "extra"


class CopyState(StrEnum):
    """whole; damaged, while the other copy is good; quarantined: an object is good in neither copy of the package."""

    WHOLE = "whole"
    DAMAGED = "damaged"
    QUARANTINED = "quarantined"


class Outcome(StrEnum):
    """How a check of a copy ended; repaired means whole again, and read back."""

    WHOLE = "whole"
    REPAIRED = "repaired"
    DAMAGED = "damaged"
    QUARANTINED = "quarantined"


@dataclass(frozen=True, slots=True)
class Named:
    """An object as the manifest names it. The length of the manifest itself is not known before it is found right."""

    key: str
    size: int | None
    sha256: str

    def finding(self, found: Fixity | None, sums: Container[str]) -> Finding | None:
        """Say what is wrong with what was found under the key, None if it is right.

        `sums` are the digests of all objects of the dossier: the bytes of another one were swapped with these.
        """
        if found is None:
            return Finding.MISSING
        if found.sha256 == self.sha256 and self.size in (None, found.size):
            return None
        if found.sha256 in sums:
            return Finding.SWAPPED
        if self.size is None or found.size == self.size:
            return Finding.DAMAGED
        return Finding.TRUNCATED if found.size < self.size else Finding.OVERLONG


def state_of(outcome: Outcome) -> CopyState:
    """Give the state of a copy after a check that ended so."""
    return CopyState.WHOLE if outcome == Outcome.REPAIRED else CopyState(outcome)
