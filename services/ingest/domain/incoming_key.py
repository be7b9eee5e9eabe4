"""Keys in the incoming store: whose an object is can be read from its key alone."""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Self
from uuid import UUID

_UUID = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"


class Kind(StrEnum):
    """What an object in the incoming store is."""

    PAGE = "page"
    PART = "part"
    DRAFT = "draft"


SHAPES = {
    Kind.PAGE: re.compile(rf"({_UUID})/[0-9]{{6}}/[0-9a-f]{{64}}"),
    Kind.PART: re.compile(rf"uploads/({_UUID})/[0-9]{{16}}-{_UUID}"),
    Kind.DRAFT: re.compile(rf"sealings/({_UUID})/[0-9a-f]{{64}}"),
}


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose an object is: a dossier's (a page, a draft of its sealing) or an upload's (a part)."""

    kind: Kind
    id: UUID

    @classmethod
    def of(cls, key: str) -> Self | None:
        """Read a key, or None when it is none that ingest writes."""
        for kind, shape in SHAPES.items():
            if found := shape.fullmatch(key):
                return cls(kind, UUID(found[1]))
        return None


def page_key(dossier_id: UUID, number: int, sha256: str) -> str:
    """Name a page: the same bytes for the same place have the same key, whichever request brings them."""
    return f"{dossier_id}/{number:06d}/{sha256}"


def part_key(upload_id: UUID, start: int, part_id: UUID) -> str:
    """Name a part of an upload, a new name for each try."""
    return f"uploads/{upload_id}/{start:016d}-{part_id}"


def draft_key(dossier_id: UUID, sha256: str) -> str:
    """Name a generated file of a sealing that is not through yet."""
    return f"sealings/{dossier_id}/{sha256}"
