"""What differs between two editions of a list: dossiers that came, that went, and what was described otherwise.

Compared is everything that approving approves (`ListedDossier.facts`), but for what an edition is called by.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any
from uuid import UUID

Facts = Mapping[str, Any]
LATER = "series_title"  # editions approved before it was kept say nothing of it, though every series had one


class Kind(StrEnum):
    """How a dossier differs."""

    ADDED = "added"
    WITHDRAWN = "withdrawn"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class FieldChange:
    """A field that says something else; `documents.2.title` is the title of the second document."""

    field: str
    before: object
    after: object


@dataclass(frozen=True, slots=True)
class Difference:
    """How one dossier differs, and in which fields where it was described otherwise."""

    dossier_id: UUID
    file_code: str
    kind: Kind
    fields: Sequence[FieldChange] = field(default_factory=tuple)


def difference(dossier_id: UUID, before: Facts | None, after: Facts | None) -> Difference | None:
    """Hold what an edition says of a dossier against the edition before; None where both say the same."""
    if before is None or after is None:
        kind, facts = (Kind.ADDED, after) if before is None else (Kind.WITHDRAWN, before)
        return None if facts is None else Difference(dossier_id, code_of(facts), kind)
    fields = tuple(changes(before, after))
    return Difference(dossier_id, code_of(after), Kind.CHANGED, fields) if fields else None


def changes(before: Facts, after: Facts) -> Iterator[FieldChange]:
    """Give the fields that differ; one that an older edition did not know yet is like one that nobody filled in."""
    old, new = fields_of(before), fields_of(after)
    if LATER not in before["columns"]:
        new.pop(LATER, None)
    for name in dict.fromkeys([*new, *old]):
        if said(name, old.get(name)) != said(name, new.get(name)):
            yield FieldChange(name, old.get(name), new.get(name))


def said(name: str, value: object) -> object:
    """Give what a field says, None where it says nothing; that there is no workflow is said, if it is."""
    return value if name.endswith(".has_workflow") else value or None


def fields_of(facts: Facts) -> dict[str, Any]:
    """Lay facts out field by field."""
    dossier = facts["dossier"]
    flat: dict[str, Any] = {**dossier["description"], **facts["columns"]}
    flat |= {f"fonds.{name}": value for name, value in dossier["fonds"].items()}
    for criterion, evidence in facts["evidence"].items():
        flat[f"criteria.{criterion}"] = evidence or True  # a criterion without evidence is marked all the same
    for document in facts["documents"]:
        flat |= {f"documents.{document['number']}.{name}": value for name, value in document.items()}
    return flat


def code_of(facts: Facts) -> str:
    """Give the file code of a dossier."""
    return str(facts["dossier"]["description"]["file_code"])
