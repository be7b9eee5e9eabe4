"""Marking many dossiers at once: what of each stands in the way, and a digest of what was looked at."""

from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from typing import Literal
from uuid import UUID

from services.catalog.domain.eligibility import Candidate

Standing = Literal["open", "marked", "frozen"]


@dataclass(frozen=True, slots=True)
class Marked:
    """A dossier as it was looked at: in which version, and whether it may be given a criterion."""

    id: UUID
    version: int
    standing: Standing
    candidate: Candidate


def digest_of(looked_at: Iterable[Marked]) -> str:
    """Give the SHA-256 (lower-case hex) of which dossiers in which versions stand how."""
    hasher = sha256()
    for each in sorted(looked_at, key=lambda one: one.id):
        hasher.update(f"{each.id} {each.version} {each.standing}\n".encode())
    return hasher.hexdigest()
