"""A finding: something about a page that a limit forbids or a person should know; its words are data."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any, Self


class Severity(StrEnum):
    """How much a finding weighs: an error fails the page, a review asks a person, a note only tells."""

    ERROR = "error"
    REVIEW = "review"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Finding:
    """Stable code, weight, the measured value and the limit it broke; words lie in findings.toml by code."""

    code: str
    severity: Severity
    value: str | float | None = None
    limit: str | float | None = None

    def told(self) -> dict[str, object]:
        """Give the finding as plain data."""
        return asdict(self)

    @classmethod
    def of(cls, told: Mapping[str, Any]) -> Self:
        """Read what was told as plain data."""
        return cls(told["code"], Severity(told["severity"]), told.get("value"), told.get("limit"))


def judgement_of(findings: tuple[Finding, ...]) -> str:
    """Judge by the heaviest finding: fail, review or pass."""
    weights = {finding.severity for finding in findings}
    if Severity.ERROR in weights:
        return "fail"
    return "review" if Severity.REVIEW in weights else "pass"
