"""Conditions on a request (RFC 9110 §13): whether what the caller holds, or wants, is what is here."""

import re
from enum import Enum

_TAG = re.compile(r'(W/)?("[\x21\x23-\x7e\x80-\xff]*")')


class Outcome(Enum):
    """What the conditions of a request come to."""

    SEND = "send"
    HELD = "the caller holds it already"
    ANOTHER = "the caller means another one"


def outcome_of(if_match: str | None, if_none_match: str | None, etag: str) -> Outcome:
    """Weigh If-Match, then If-None-Match, against the strong tag of what is here."""
    if if_match is not None and not names(if_match, etag, is_weak=False):
        return Outcome.ANOTHER
    if if_none_match is not None and names(if_none_match, etag, is_weak=True):
        return Outcome.HELD
    return Outcome.SEND


def names(header: str, etag: str, *, is_weak: bool) -> bool:
    """Say whether a list of tags, or `*`, names this one; weak tags count only where weak comparison is asked for."""
    if header.strip() == "*":
        return True
    return any(tag == etag and (is_weak or not weak) for weak, tag in _TAG.findall(header))
