"""What happened to a dossier since a file was exported, or since its first edit by hand: how it was, edit by edit."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from services.catalog.domain.description import Description
from services.catalog.domain.document import DocumentLine

CRITERIA = "criteria"
MOMENT = "%d/%m/%Y %H:%M"


@dataclass(frozen=True, slots=True)
class Standing:
    """All that is said of a dossier at a time."""

    description: Description
    marks: Mapping[str, str] = field(default_factory=dict)
    documents: Mapping[int, DocumentLine] = field(default_factory=dict)

    def value(self, name: str) -> object:
        """Give a field of the description, or the criteria with their evidence."""
        return dict(self.marks) if name == CRITERIA else getattr(self.description, name)


@dataclass(frozen=True, slots=True)
class Edit:
    """That somebody changed a dossier, `at` in the time of Vietnam; how it was before."""

    by: str
    at: datetime
    before: Standing
    is_import: bool = False

    @property
    def told(self) -> str:
        """Say who it was, and when."""
        return f"{self.by}, {self.at.strftime(MOMENT)}"


@dataclass(frozen=True, slots=True)
class Later:
    """The edits of a dossier up to now, oldest first: since the version that a row tells, or since the first by hand.

    An import is an edit like any other to who exported before it; else it takes up the fields that it wrote.
    Where the row tells a version and there are no edits, nobody knows any more how the dossier was.
    """

    edits: Sequence[Edit]
    now: Standing
    is_told: bool = False

    @property
    def before(self) -> Standing | None:
        """Give how it was before all of them."""
        return self.edits[0].before if self.edits else None

    def last_edit_of(self, name: str) -> Edit | None:
        """Give the last edit that changed a field, if no import has written it since."""
        after = self.now
        for edit in reversed(self.edits):
            if edit.before.value(name) != after.value(name):
                return None if edit.is_import and not self.is_told else edit
            after = edit.before
        return None
