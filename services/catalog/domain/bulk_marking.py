"""Marking many dossiers at once: what becomes of the criteria of each, and a digest of what was looked at."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Literal
from uuid import UUID

from services.catalog.domain.eligibility import Candidate
from services.catalog.domain.suggesting import filled

Act = Literal["give", "withdraw", "note"]
Standing = Literal["open", "marked", "unmarked", "frozen"]
Marks = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Marking:
    """What is done with one criterion of many dossiers: it is given, taken away, or its evidence noted anew."""

    act: Act
    criterion: str
    evidence: str = ""

    def after(self, marks: Marks, told: Mapping[str, Any]) -> dict[str, str]:
        """Give the criteria of a dossier as the act would leave them: those it has are not given, others not noted."""
        others = {criterion: evidence for criterion, evidence in marks.items() if criterion != self.criterion}
        if self.act == "withdraw":
            return others
        is_told = (self.criterion in marks) == (self.act == "note")
        return {**others, self.criterion: filled(self.evidence, told)} if is_told else dict(marks)

    def standing(self, marks: Marks, after: Marks, *, is_frozen: bool) -> Standing:
        """Say whether the act may change a dossier; where it would change nothing, whether that has the criterion."""
        if after == marks:
            return "marked" if self.criterion in marks else "unmarked"
        return "frozen" if is_frozen else "open"


@dataclass(frozen=True, slots=True)
class Marked:
    """A dossier as it was looked at: in which version, whether it may be changed, and what its evidence would be.

    `evidence` is None where it would not have the criterion, `candidate` is what it would be.
    """

    id: UUID
    version: int
    standing: Standing
    evidence: str | None
    candidate: Candidate


def digest_of(marking: Marking, looked_at: Iterable[Marked]) -> str:
    """Give the SHA-256 (lower-case hex) of which dossiers in which versions stand how to what is to be done."""
    hasher = sha256(f"{marking.act} {marking.criterion}\n".encode())
    for each in sorted(looked_at, key=lambda one: one.id):
        hasher.update(f"{each.id} {each.version} {each.standing}\n".encode())
    return hasher.hexdigest()
