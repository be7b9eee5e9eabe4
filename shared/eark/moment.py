"""Moments as packages write them: `2026-06-12T11:45:37.690+07:00`."""

from datetime import datetime
from functools import lru_cache
from typing import Annotated

from pydantic import AwareDatetime, PlainSerializer

from shared.clock import VIETNAM
from shared.eark.errors import PackageMisdescribed


@lru_cache(maxsize=1024)
def stamp(moment: datetime) -> str:
    """Write a moment with milliseconds and the offset of Vietnam, never Z (Circular 05/2025/TT-BNV, Annex III).

    Raises PackageMisdescribed for a moment without an offset: which day it was would be a guess.
    """
    demand_offset(moment)
    return moment.astimezone(VIETNAM).isoformat(timespec="milliseconds")


def demand_offset(moment: datetime) -> None:
    """Raise PackageMisdescribed for a moment that `stamp` could not write."""
    if moment.tzinfo is None:
        raise PackageMisdescribed(f"a moment without an offset: {moment.isoformat()}")


Moment = Annotated[AwareDatetime, PlainSerializer(stamp, return_type=str)]
