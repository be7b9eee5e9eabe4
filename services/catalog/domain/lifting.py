"""A finding of secrecy outlives what is told or brought back afterwards: it ends by a paper, and by nothing else.

Law 117/2025/QH15, article 5. An import insists on the same (`shut_code.py`), so that no way in is weaker than another.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from services.catalog.domain import codes
from services.catalog.domain.description import Description, Wrong
from services.catalog.domain.eligibility import Secrecy


@dataclass(frozen=True, slots=True)
class Findings:
    """Whether a dossier, or a document of it, was ever found secret.

    `since` is the version that the last finding about a document made, 0 without one.
    """

    is_found: bool = False
    since: int = 0

    def wrongs_of(self, before: Description, told: Description, *, secrets_allowed: bool) -> Iterator[Wrong]:
        """Give what of a description would lift a finding without its paper."""
        if not (self.is_found or (before.secrecy == Secrecy.SECRET and not secrets_allowed)):
            return
        if told.secrecy == Secrecy.NONE:
            yield Wrong("secrecy", "was_found")
        if told.secrecy == Secrecy.EXPIRED and not has_own_decision(before, told):
            yield Wrong("secrecy_decision", "missing_for_found")
        if told.secrecy == Secrecy.REMOVED and not told.secrecy_by:
            yield Wrong("secrecy_by", "missing_for_found")
        if told.secrecy == Secrecy.REMOVED and told.removed_sheet_count is None:
            yield Wrong("removed_sheet_count", "missing_for_found")
        elif self.since and (told.removed_sheet_count or 0) < (before.removed_sheet_count or 0):
            yield Wrong("removed_sheet_count", "fewer_than_found")

    def kept(self, now: Description, was: Description, version: int, lines: int) -> Description:
        """Give how a dossier was in a version, with so many documents, but for what findings say of it now.

        What was counted before a document was taken out counts it still: the documents that are left are counted anew.
        """
        if not self.is_found:
            return was
        is_classified = codes.CLASSIFIED in (now.access_level, was.access_level)
        is_counted_with = version < self.since
        return replace(
            was,
            secrecy=now.secrecy,
            removed_sheet_count=now.removed_sheet_count,
            secrecy_by=now.secrecy_by,
            secrecy_decision=now.secrecy_decision,
            access_level=now.access_level if is_classified else was.access_level,
            document_count=(lines or None) if is_counted_with else was.document_count,
        )


NOTHING = Findings()


def has_own_decision(before: Description, told: Description) -> bool:
    """Say whether an expired term names its decision; the paper of the finding is none."""
    is_news = before.secrecy != Secrecy.EXPIRED
    return bool(told.secrecy_decision) and not (is_news and told.secrecy_decision == before.secrecy_decision)
