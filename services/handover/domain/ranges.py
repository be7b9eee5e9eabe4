"""Byte ranges as RFC 9110 §14 has them, one at a time: more in one request are answered with the whole."""

import re
from dataclasses import dataclass

_ONE = re.compile(r"bytes=([0-9]*)-([0-9]*)", re.IGNORECASE)
BEYOND = 10**19  # behind the end of everything that can be stored


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
        length = min(number(last), size)
        return Wanted(size - length, length, is_part=True) if length else None
    start = number(first)
    if last and number(last) < start:
        return Wanted(0, size, is_part=False)
    if start >= size:
        return None
    end = min(number(last), size - 1) if last else size - 1
    return Wanted(start, end - start + 1, is_part=True)


def number(digits: str) -> int:
    """Read a place in a file; digits without end mean a place behind it."""
    plain = digits.lstrip("0")
    return BEYOND if len(plain) > 19 else int(plain or "0")
