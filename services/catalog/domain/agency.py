"""Names and codes of agencies over time: one after another, never two at once."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import pairwise
from typing import TypeVar

from services.catalog.domain.agency_errors import AgencyEnded, SpansWrong, SuccessorWrong
from services.catalog.domain.text import tidied

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Span:
    """What was said from one day to another, both included; without an end it is said today."""

    text: str
    starts_on: date
    ends_on: date | None = None

    def covers(self, day: date) -> bool:
        """Say whether a day lies in it."""
        return self.starts_on <= day and (self.ends_on is None or day <= self.ends_on)

    def meets(self, other: "Span") -> bool:
        """Say whether two share a day."""
        return (other.ends_on is None or self.starts_on <= other.ends_on) and (
            self.ends_on is None or other.starts_on <= self.ends_on
        )


Spans = tuple[Span, ...]
S = TypeVar("S", bound=Span)


def code_key(code: str) -> str:
    """Give what a code is known by: written otherwise in capitals or spaces it is the same."""
    return tidied(code).replace(" ", "").casefold()


def in_order(spans: Sequence[Span]) -> Spans:
    """Give spans from the first to the last. Raises SpansWrong when one ends before it begins, or two share a day."""
    found = tuple(sorted(spans, key=lambda each: each.starts_on))
    for each in found:
        if each.ends_on is not None and each.ends_on < each.starts_on:
            raise SpansWrong(each.text, text=each.text, reason="ends_before_start")
    for before, after in pairwise(found):
        if before.meets(after):
            raise SpansWrong(after.text, text=after.text, reason="overlap")
    return found


def said_from(spans: Sequence[Span], text: str, starts_on: date) -> Spans:
    """Say something else from a day on: the last span ends the day before; on its own first day it is put right.

    Raises SpansWrong when the day lies before the last span.
    """
    if not spans:
        return (Span(text, starts_on),)
    *before, last = spans
    if starts_on < last.starts_on:
        raise SpansWrong(text, text=text, reason="before_last")
    if starts_on == last.starts_on:
        return (*before, replace(last, text=text))
    if last.ends_on is not None and starts_on > last.ends_on:
        return (*spans, Span(text, starts_on))
    return (*before, replace(last, ends_on=starts_on - DAY), Span(text, starts_on))


def ended(spans: Sequence[Span], on: date) -> Spans:
    """End what is said the day before. Raises SpansWrong when something begins on that day or later."""
    if any(each.starts_on >= on for each in spans):
        raise SpansWrong(str(on), reason="begins_later")
    return tuple(replace(each, ends_on=on - DAY) if each.covers(on) else each for each in spans)


def said_by(spans: Sequence[S], day: date) -> S | None:
    """Give what was said last by a day, whether it had ended by then or not; None when nothing was."""
    begun = [each for each in spans if each.starts_on <= day]
    return max(begun, key=lambda each: each.starts_on, default=None)


def demand_there(begun_on: date, ended_on: date | None, day: date) -> None:
    """Raise AgencyEnded unless an agency is there on a day."""
    if day < begun_on or (ended_on is not None and day >= ended_on):
        raise AgencyEnded(str(day), begun_on=str(begun_on), ended_on=ended_on and str(ended_on))


def demand_follows(on: date, *, begun_on: date, ended_on: date | None, took_over_on: date | None) -> None:
    """Raise SuccessorWrong unless an agency may end on a day and be followed by one with these days.

    That one is there on the day, and the agency itself took over from others only before: so along any line of
    successors the days grow, and no agency ever follows itself.
    """
    if begun_on > on or (ended_on is not None and ended_on <= on):
        raise SuccessorWrong(str(on), reason="not_there")
    if took_over_on is not None and took_over_on >= on:
        raise SuccessorWrong(str(on), reason="took_over_later")
