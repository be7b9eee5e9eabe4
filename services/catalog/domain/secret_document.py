"""A document of a dossier that turns out to be still secret: where it stands among others, and those without it.

Law 117/2025/QH15, article 5. The paper is taken out and the dossier lives on; of the document its number and code stay.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from services.catalog.domain.description import Description
from services.catalog.domain.document import DocumentLine
from services.catalog.domain.eligibility import Secrecy
from services.catalog.domain.secrecy_finding import Finding
from services.catalog.domain.text import folded


@dataclass(frozen=True, slots=True)
class SecretLine:
    """The document as it stood in a version of its dossier; until then it is what stood under its number."""

    line: DocumentLine
    version: int

    @property
    def code(self) -> str:
        """Give the number and sign on the paper."""
        return "/".join(filter(None, (self.line.code_number, self.line.code_notation)))

    def is_in(self, told: DocumentLine, version: int) -> bool:
        """Say whether a line of some version is this document: by its number, by its words, or by its whole code."""
        if told.number == self.line.number and version <= self.version:
            return True
        codes = [(each.code_number, each.code_notation) for each in (told, self.line)]
        return folded(told.title) == folded(self.line.title) or (codes[0] == codes[1] and all(codes[0]))

    def without(self, lines: Sequence[DocumentLine], version: int) -> list[DocumentLine]:
        """Give the documents of some version without this one, numbered anew."""
        left = [each for each in lines if not self.is_in(each, version)]
        if len(left) == len(lines):
            return list(lines)
        return [replace(each, number=number) for number, each in enumerate(left, start=1)]


def sheets_removed(before: Description, finding: Finding, sheets: int) -> Description:
    """Give the description of a dossier of which secret sheets were removed, so many in all."""
    return replace(
        before,
        secrecy=Secrecy.REMOVED,
        removed_sheet_count=sheets,
        secrecy_by=finding.checked_by,
        secrecy_decision=finding.paper,
    )
