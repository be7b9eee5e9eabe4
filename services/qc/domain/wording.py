"""The words of findings, kept as data in findings.toml."""

from collections.abc import Sequence
from functools import cache
from pathlib import Path

from services.qc.domain.finding import Finding, Severity
from shared.texts import Language, Texts

FILE = Path(__file__).parent / "findings.toml"
NOTHING = "–"  # noqa: RUF001 - the dash that stands for no value


@cache
def texts() -> Texts:
    """Give the shipped words, read once."""
    return Texts([FILE])


def worded(finding: Finding, language: Language) -> str:
    """Say a finding in a language, with its value and limit filled in; a code without words speaks for itself."""
    facts = {"value": finding.value, "limit": finding.limit}
    shown = {name: NOTHING if fact is None else fact for name, fact in facts.items()}
    return texts().say(finding.code, language).format(**shown)


def reason_in_words(said: str, findings: Sequence[Finding]) -> str:
    """Give why a page is wanted again: what the inspector said, and what the machine found, in Vietnamese.

    It is written down once for whoever scans the page, so it cannot wait for a reader's language.
    """
    found = [worded(finding, "vi") for finding in findings if finding.severity != Severity.NOTE]
    return f"{said} (máy kiểm tra: {'; '.join(found)})" if found else said
