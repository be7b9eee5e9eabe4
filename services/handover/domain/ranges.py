"""Byte ranges as RFC 9110 §14 has them, one at a time: more in one request are answered with the whole."""

import re
from dataclasses import dataclass

_ONE = re.compile(r"bytes=(\d{0,19})-(\d{0,19})")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be sent: `length` bytes from `start`; `is_part` says whether that was asked for."""

    start: int
    length: int
    is_part: bool


def wanted_of(header: str | None, size: int) -> Wanted | None:
    """Read a Range header against a size; None when nothing of it can be satisfied."""
    found = _ONE.fullmatch((header or "").strip())
    if found is None or found.group(1) == found.group(2) == "":
        return Wanted(0, size, is_part=False)
    first, last = found.groups()
    if first == "":
        length = min(int(last), size)
        return Wanted(size - length, length, is_part=True) if length else None
    start = int(first)
    end = min(int(last), size - 1) if last else size - 1
    if start >= size:
        return None
    if end < start:
        return Wanted(0, size, is_part=False)
    return Wanted(start, end - start + 1, is_part=True)
