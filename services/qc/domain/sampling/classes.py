"""The class of a defect, by data: that of the reason given, else of the machine's findings, else of the verdict."""

import tomllib
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from services.qc.domain.sampling.result import Said, Word
from services.qc.domain.sampling.terms import DefectClass

FILE = Path(__file__).parent / "classes.toml"


@cache
def read() -> dict[str, dict[str, str]]:
    """Give the shipped classes, read once."""
    return tomllib.loads(FILE.read_text("utf-8"))


def class_of(finding: str) -> DefectClass | None:
    """Give the class of a finding's code, None if no data speaks of it."""
    findings = read()["findings"]
    found = findings.get(finding) or findings.get(finding.split(".")[0])
    return DefectClass(found) if found else None


def word_of(verdict: str | None, reason: DefectClass | None, findings: Iterable[str]) -> Word:
    """Give what a verdict says of a drawn page: nothing, that it is sound, or the class of its defect.

    `reason` is the class of the reason that was given with it, `findings` are the codes that the machine found.
    """
    if verdict is None:
        return Said.NOTHING
    by_verdict = read()["verdicts"].get(verdict)
    if by_verdict is None:
        return Said.SOUND
    if reason is not None:
        return reason
    found = {class_of(code) for code in findings}
    return next((each for each in DefectClass if each in found), DefectClass(by_verdict))
