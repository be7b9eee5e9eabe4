"""A dossier that turns out to be still secret once it was described: what may stay of it, and where else it stands.

Law 117/2025/QH15, article 5: no state secrets on networked computers. Nothing may stay but its code, and who found it.
"""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from services.catalog.domain import codes
from services.catalog.domain.description import Description
from services.catalog.domain.eligibility import Secrecy
from services.catalog.domain.words import code_lists

OF_DOSSIER, OF_DOCUMENT = FINDINGS = ("dossier.found_secret", "document.found_secret")  # acts
REMAINS = code_lists(Path(__file__).with_name("secrecy-remains.toml"))["remains"]


@dataclass(frozen=True, slots=True)
class Finding:
    """That a dossier is still secret: who checked it, and the paper that says so."""

    checked_by: str
    number: str
    signed_on: date

    @property
    def paper(self) -> str:
        """Spell the paper."""
        return f"{self.number}, {self.signed_on:%d/%m/%Y}"


def stripped(file_code: str, series_code: str | None, finding: Finding) -> Description:
    """Give all that may be said of a dossier that was found secret."""
    return Description(
        file_code=file_code,
        title="",
        page_count=0,
        series_code=series_code,
        access_level=codes.CLASSIFIED,
        secrecy=Secrecy.SECRET,
        secrecy_by=finding.checked_by,
        secrecy_decision=finding.paper,
    )
