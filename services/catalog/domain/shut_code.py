"""Codes that a secret dossier has or had: what an inventory says under them, nobody may have meant to be kept.

Law 117/2025/QH15, article 5: no state secrets on networked computers. An old file knows nothing of a finding, and would
bring back what was taken out. Only a row that tells the version which the dossier has now was written by somebody who
saw that; a row that tells no version is kept back.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from services.catalog.domain.cell import shown
from services.catalog.domain.eligibility import Secrecy
from services.catalog.domain.file_code import folded_code
from services.catalog.domain.workbook_row import ReadRow

OVER = frozenset({Secrecy.EXPIRED, Secrecy.REMOVED})


@dataclass(frozen=True, slots=True)
class ShutCode:
    """Which dossier has a shut code now, if any, in which version, and whether it is secret itself.

    Of one with a document that was found secret, `version` is the first since: any later one may be told, too.
    """

    file_code: str = ""
    version: int = 0
    is_secret: bool = True
    is_since: bool = False

    def lets_in(self, file_code: str, version: object, secrecy: object) -> bool:
        """Say whether a row knows how its dossier stands now, and says of a secret one that its secrecy is over."""
        is_known = isinstance(version, int) and (version >= self.version if self.is_since else version == self.version)
        if file_code != self.file_code or not is_known:
            return False
        return not self.is_secret or secrecy in OVER


ShutCodes = Mapping[str, ShutCode]  # by what the codes are folded to


def key_of(row: ReadRow) -> str:
    """Give what the code of a row is folded to, as it was written where it cannot be read."""
    return folded_code(row.file_code or shown(row.cells.get("fileCode")))


def is_shut(row: ReadRow, shut: ShutCodes) -> bool:
    """Say whether nothing but codes may be kept of a row."""
    found = shut.get(key_of(row)) if shut else None
    if found is None:
        return False
    return not found.lets_in(row.file_code or "", row.values.get("version"), row.values.get("secrecy"))
