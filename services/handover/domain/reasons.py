"""Reason codes: why a receiver rejects a package, with their words, as data in reasons.toml."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType

from services.handover.errors import ReasonMissing, ReasonNoteMissing, ReasonUnexpected, ReasonUnknown
from shared.texts import Language

FILE = Path(__file__).parent / "reasons.toml"


@dataclass(frozen=True, slots=True)
class Reason:
    """Stable code and words; some reasons say nothing without a note."""

    code: str
    words: Mapping[Language, str]
    needs_note: bool


@cache
def reasons() -> Mapping[str, Reason]:
    """Give the shipped reasons by code, read once."""
    read = tomllib.loads(FILE.read_text("utf-8"))
    made = {
        code: Reason(code, {"vi": told["vi"], "en": told["en"]}, bool(told.get("needs_note")))
        for code, told in read.items()
    }
    return MappingProxyType(made)


def demand_reasons(answer: str, given: Sequence[Mapping[str, str]]) -> None:
    """Hold an answer to saying why as it must.

    Raises ReasonMissing, ReasonUnexpected, ReasonUnknown, ReasonNoteMissing.
    """
    if answer == "rejected" and not given:
        raise ReasonMissing
    if answer == "accepted" and given:
        raise ReasonUnexpected
    for each in given:
        known = reasons().get(each["code"])
        if known is None:
            raise ReasonUnknown(f"{each['code'][:100]!r} is no reason", reasons=sorted(reasons()))
        if known.needs_note and not each["note"]:
            raise ReasonNoteMissing(f"reason {each['code']!r} needs a note")


def told(given: Mapping[str, str]) -> str:
    """Say a reason with its note, for those who only read."""
    known = reasons().get(given["code"])
    words = known.words["vi"] if known else given["code"]
    return f"{words}: {given['note']}" if given["note"] else words
