"""What a person must look at, what may be said of a page, and when a dossier may be concluded."""

import math
import random
from collections.abc import Sequence
from enum import StrEnum
from uuid import UUID

from services.qc.domain.reasons import demand_reason
from services.qc.errors import NoteMissing, PageNotChecked, PageUnreadable, ReasonUnexpected


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


def demand_sayable(verdict: Verdict, reason: str, note: str, judgement: str | None, is_readable: bool | None) -> None:
    """Raise unless a person may say this of a page: looked at by the machine, and kept only if it can be seen.

    Whatever is not simply accepted needs a reason; a page that the machine failed is accepted with words or not at all.
    """
    if judgement is None:
        raise PageNotChecked
    if verdict in KEPT and not is_readable:
        raise PageUnreadable
    if verdict != Verdict.ACCEPTED:
        demand_reason(reason, note)
    elif reason:
        raise ReasonUnexpected
    elif judgement == "fail" and not note:
        raise NoteMissing


def may_draw(judgements: Sequence[str | None], scanned_count: int | None) -> bool:
    """Say whether a dossier's sample may be drawn: every page is here, and the machine has judged each."""
    return len(judgements) == scanned_count and None not in judgements


def drawn(passed: Sequence[UUID], seed: int, share: float = SHARE) -> frozenset[UUID]:
    """Draw the pages that a person looks at although the machine passed them; the same seed draws the same pages."""
    count = min(len(passed), math.ceil(len(passed) * share))
    return frozenset(random.Random(seed).sample(sorted(passed), count))  # noqa: S311 - a sample, not a secret


class MustSee(StrEnum):
    """Why a person must look at a page: the machine did not pass it, it was drawn, or it was scanned again."""

    FLAGGED = "flagged"
    SAMPLED = "sampled"
    RESCANNED = "rescanned"


def must_see(judgement: str | None, is_sampled: bool, version: int) -> tuple[MustSee, ...]:
    """Give every reason why a person must look at a page; none for what the machine passed and nobody drew."""
    is_so = {
        MustSee.FLAGGED: judgement not in (None, "pass"),
        MustSee.SAMPLED: is_sampled and version == 1,
        MustSee.RESCANNED: version > 1,
    }
    return tuple(why for why, holds in is_so.items() if holds)


def awaits_person(judgement: str | None, verdict: str | None, is_sampled: bool) -> bool:
    """Say whether a page still waits for a person: everything the machine did not pass, and the sample."""
    return verdict in (None, Verdict.RESCAN) and (judgement != "pass" or is_sampled or verdict == Verdict.RESCAN)


def is_kept(judgement: str | None, verdict: str | None) -> bool:
    """Say whether a page goes into the package."""
    return verdict in KEPT or (verdict is None and judgement == "pass")
