"""What a person must look at, what may be said of a page, and when a dossier may be concluded."""

import math
import random
from collections.abc import Sequence
from enum import StrEnum
from uuid import UUID

from services.qc.errors import NoteMissing, PageNotChecked, PageUnreadable


class DossierState(StrEnum):
    """Where a dossier stands in qc; it only moves forward."""

    SCANNING = "scanning"
    SCANNED = "scanned"
    ACCEPTED = "accepted"
    REJECTED = "rejected"


class Verdict(StrEnum):
    """What a person says of a page."""

    ACCEPTED = "accepted"
    ACCEPTED_WITH_RESERVATION = "accepted_with_reservation"
    RESCAN = "rescan"
    REJECTED = "rejected"


SHARE = 0.05  # of the pages that passed is looked at by a person; the circular names no rate
KEPT = frozenset({Verdict.ACCEPTED, Verdict.ACCEPTED_WITH_RESERVATION})
NEEDS_NOTE = frozenset({Verdict.ACCEPTED_WITH_RESERVATION, Verdict.RESCAN, Verdict.REJECTED})


def demand_sayable(verdict: Verdict, note: str, judgement: str | None, is_readable: bool | None) -> None:
    """Raise unless a person may say this of a page: looked at by the machine, and kept only if it can be seen.

    A page that the machine failed is kept with a reservation or not at all.
    """
    if judgement is None:
        raise PageNotChecked
    if verdict in KEPT and not is_readable:
        raise PageUnreadable
    if not note and (verdict in NEEDS_NOTE or (verdict == Verdict.ACCEPTED and judgement == "fail")):
        raise NoteMissing


def may_draw(judgements: Sequence[str | None], scanned_count: int | None) -> bool:
    """Say whether a dossier's sample may be drawn: every page is here, and the machine has judged each."""
    return len(judgements) == scanned_count and None not in judgements


def drawn(passed: Sequence[UUID], seed: int, share: float = SHARE) -> frozenset[UUID]:
    """Draw the pages that a person looks at although the machine passed them; the same seed draws the same pages."""
    count = min(len(passed), math.ceil(len(passed) * share))
    return frozenset(random.Random(seed).sample(sorted(passed), count))  # noqa: S311 - a sample, not a secret


def awaits_person(judgement: str | None, verdict: str | None, is_sampled: bool) -> bool:
    """Say whether a page still waits for a person: everything the machine did not pass, and the sample."""
    return verdict in (None, Verdict.RESCAN) and (judgement != "pass" or is_sampled or verdict == Verdict.RESCAN)


def is_kept(judgement: str | None, verdict: str | None) -> bool:
    """Say whether a page goes into the package."""
    return verdict in KEPT or (verdict is None and judgement == "pass")
