"""Drawing a lot's sample: at random, by nobody's choice, and again the same from its seed."""

import random
from collections.abc import Iterable
from uuid import UUID

from services.qc.domain.inspection import Verdict

FAILED = frozenset({Verdict.RESCAN, Verdict.REJECTED})


def is_must_see(judgement: str | None, version: int, verdict: str | None) -> bool:
    """Say whether a page is inspected on top of the sample: the machine doubts it, or it failed before.

    A later version is there only because an earlier one was to be scanned again.
    """
    return judgement != "pass" or version > 1 or verdict in FAILED


def sample_of(pages: Iterable[UUID], size: int, seed: int) -> list[UUID]:
    """Draw pages in order; the same pages, size and seed give the same draw."""
    frame = sorted(pages)
    return random.Random(seed).sample(frame, min(size, len(frame)))  # noqa: S311 - a sample, not a secret
