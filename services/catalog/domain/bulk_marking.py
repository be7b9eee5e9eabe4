"""Marking many dossiers at once: what becomes of the criteria of each, and a digest of what was looked at."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Literal
from uuid import UUID

from services.catalog.domain.eligibility import Candidate
from services.catalog.domain.suggesting import filled

Act = Literal["give", "withdraw", "note"]
Standing = Literal["open", "marked", "unmarked", "frozen", "untold", "secret"]
Marks = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Marking:
    """What is done with one criterion of many dossiers: it is given, taken away, or its evidence noted anew."""

    act: Act
    criterion: str
    evidence: str = ""

    def after(self, marks: Marks, told: Mapping[str, Any]) -> dict[str, str]:
        """Give the criteria of a dossier as the act would leave them: those it has are not given, others not noted.

        Nor are those of which its description tells nothing that the evidence asks for.
        """
        others = {criterion: evidence for criterion, evidence in marks.items() if criterion != self.criterion}
        if self.act == "withdraw":
            return others
        evidence = filled(self.evidence, told)
        return {**others, self.criterion: evidence} if self.applies_to(marks) and evidence else dict(marks)

    def applies_to(self, marks: Marks) -> bool:
        """Say whether a dossier with these criteria is one that the act is about."""
        return (self.criterion in marks) == (self.act != "give")

    def standing(self, marks: Marks, told: Mapping[str, Any], *, is_frozen: bool, is_secret: bool = False) -> Standing:
        """Say whether the act may change a dossier; where it would change nothing, why.

        That has the criterion, or has not, or its description tells nothing that the evidence asks for. What was found
        secret is given no evidence.
        """
        after = self.after(marks, told)
        if self.act != "withdraw" and self.applies_to(marks):
            if is_secret:
                return "secret"
            if not filled(self.evidence, told):
                return "untold"
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
    """Give the SHA-256 (lower-case hex) of what is to be done, and which dossiers in which versions stand how to it."""
    told = json.dumps([marking.act, marking.criterion, marking.evidence], ensure_ascii=False)
    hasher = sha256(f"{told}\n".encode())
    for each in sorted(looked_at, key=lambda one: one.id):
        hasher.update(f"{each.id} {each.version} {each.standing}\n".encode())
    return hasher.hexdigest()
