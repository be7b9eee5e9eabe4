"""Reason codes: why a page is not simply accepted, how much that weighs, and its words, as data in reasons.toml."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from services.qc.errors import NoteMissing, ReasonMissing, ReasonUnknown
from shared.texts import Language

FILE = Path(__file__).parent / "reasons.toml"


class ReasonClass(StrEnum):
    """How much a reason weighs when a lot is accepted by a plan."""

    CRITICAL = "critical"
    MAJOR = "major"
    MINOR = "minor"


@dataclass(frozen=True, slots=True)
class Reason:
    """Stable code, class, words; some reasons say nothing without a note.

    `findings` are the codes of the machine's findings that speak of the same fault. `is_of_original` says that the
    image is as good as its original, so that whatever the machine found in it is no fault of the scanning.
    """

    code: str
    reason_class: ReasonClass
    words: Mapping[Language, str]
    needs_note: bool = False
    findings: frozenset[str] = frozenset()
    is_of_original: bool = False


@cache
def reasons() -> Mapping[str, Reason]:
    """Give the shipped reasons by code, read once."""
    read = tomllib.loads(FILE.read_text("utf-8"))
    return MappingProxyType({code: reason_of(code, facts) for code, facts in read.items()})


def reason_of(code: str, facts: Mapping[str, Any]) -> Reason:
    """Make a reason of what the file says."""
    words: dict[Language, str] = {"vi": facts["vi"], "en": facts["en"]}
    return Reason(
        code,
        ReasonClass(facts["class"]),
        words,
        needs_note=facts.get("needs_note", False),
        findings=frozenset(facts.get("findings", ())),
        is_of_original=facts.get("is_of_original", False),
    )


def findings_named() -> frozenset[str]:
    """Give the codes of all findings that any reason speaks of."""
    return frozenset().union(*(reason.findings for reason in reasons().values()))


def class_of(code: str) -> ReasonClass:
    """Give the class of a reason. Raises ReasonUnknown."""
    return known(code).reason_class


def known(code: str) -> Reason:
    """Give a reason. Raises ReasonUnknown."""
    reason = reasons().get(code)
    if reason is None:
        raise ReasonUnknown(f"{code[:100]!r} is no reason", reasons=sorted(reasons()))
    return reason


def demand_reason(code: str, note: str) -> None:
    """Raise ReasonMissing, ReasonUnknown, or NoteMissing when the reason says nothing without one."""
    if not code:
        raise ReasonMissing
    if known(code).needs_note and not note:
        raise NoteMissing(f"reason {code!r} needs a note")


def told(code: str, note: str, language: Language = "vi") -> str:
    """Say a reason with its note; verdicts from before there were codes have only a note."""
    said = reasons().get(code)
    return ": ".join(part for part in (said.words[language] if said else code, note) if part)
