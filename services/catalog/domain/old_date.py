"""Dates as old inventories write them: in words, as a period, in French, or not known."""

import re
from dataclasses import dataclass

from services.catalog.domain.partial_date import in_order, iso_of
from services.catalog.domain.text import folded

LONGEST = 80  # "từ ngày 12 tháng 10 năm 1954 đến ngày 12 tháng 12 năm 1957" has 58
UNKNOWN = frozenset({"?", "-", "khong ro", "khong ghi", "khong de ngay", "chua ro", "kd", "k.d", "s.d.", "s.d"})
DASHES = "\N{EN DASH}\N{EM DASH}"
MONTHS = ("janvier", "fevrier", "mars", "avril", "mai", "juin", "juillet", "aout", "septembre", "octobre", "novembre",
          "decembre")  # fmt: skip
ROMAN = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii")
SEPARATED = re.compile(r"(?:(?P<day>\d{1,2})[-.])?(?P<month>\d{1,2})[-.](?P<year>\d{4})")
LATIN = re.compile(r"(?:(?P<day>\d{1,2})[-./ ])?(?P<latin>[ivx]{1,4})[-./ ](?P<year>\d{4})")
WORDED = re.compile(
    r"(?:(?:ngay )?(?P<day>\d{1,2}) )?thang (?P<month>\d{1,2})(?: nam |/|-| )(?P<year>\d{4})|nam (?P<only>\d{4})"
)
FRENCH = re.compile(rf"(?:(?P<day>\d{{1,2}})(?:er)? )?(?P<french>{'|'.join(MONTHS)}) (?P<year>\d{{4}})")
QUARTER = re.compile(r"quy (?P<quarter>[1-4]|i{1,3}|iv)(?: nam |/|-| )(?P<year>\d{4})")
PERIOD = re.compile(rf"(?:tu )?(?P<start>.+?)\s*(?:[-{DASHES}]| den )\s*(?P<end>.+)")
SHORT_YEARS = re.compile(rf"(?P<century>\d{{2}})(?P<start>\d{{2}})\s*[-{DASHES}]\s*(?P<end>\d{{2}})")
ABOUT = re.compile(r"(?:khoang|ca\.?|vers|circa) (?P<after>.+)|(?P<before>.+?) ?\?|\[(?P<within>.+)\]")


@dataclass(frozen=True, slots=True)
class Period:
    """What a date was read as: both ends in ISO 8601, cut where unknown, or neither; `why` says how it was read.

    Empty for a date that was written as asked. Otherwise: `worded`, `period`, `uncertain`, `unknown`.
    """

    start: str | None
    end: str | None
    why: str = ""


def period_of(text: str) -> Period:
    """Read a date as asked (dd/mm/yyyy, mm/yyyy, yyyy, ISO 8601) or in an old way. Raises ValueError."""
    try:
        return Period(iso := iso_of(text), iso)
    except ValueError:
        pass
    if len(text) > LONGEST:  # no date, and what it might nest would take for ever to find out
        raise ValueError(f"{text[:LONGEST]!r}... is no date")
    plain = folded(text).strip(" .;")
    if not plain or plain in UNKNOWN:
        return Period(None, None, "unknown")
    for read in (worded, quarter, short_years, between, about):
        found = read(plain)
        if found is not None:
            return found
    raise ValueError(f"{text!r} is no date")


def worded(plain: str) -> Period | None:
    """Read a day, month or year in words, Latin or French months, or with other separators."""
    for pattern in (SEPARATED, LATIN, WORDED, FRENCH):
        found = pattern.fullmatch(plain)
        if found:
            parts = found.groupdict()
            iso = iso_of("/".join(part for part in (parts.get("day"), month_of(parts), year_of(parts)) if part))
            return Period(iso, iso, "worded")
    return None


def month_of(parts: dict[str, str | None]) -> str | None:
    """Give the number of the month, however it is written. Raises ValueError."""
    latin, french = parts.get("latin"), parts.get("french")
    if latin:
        return str(ROMAN.index(latin) + 1)
    return str(MONTHS.index(french) + 1) if french else parts.get("month")


def year_of(parts: dict[str, str | None]) -> str | None:
    """Give the year."""
    return parts.get("only") or parts.get("year")


def about(plain: str) -> Period | None:
    """Read a date that its writer was not sure of."""
    found = ABOUT.fullmatch(plain)
    if not found:
        return None
    sure = period_of(next(part for part in found.groups() if part))
    return Period(sure.start, sure.end, "uncertain") if sure.start else None


def quarter(plain: str) -> Period | None:
    """Read a quarter of a year."""
    found = QUARTER.fullmatch(plain)
    if not found:
        return None
    told = found["quarter"]
    place = int(told) if told.isdecimal() else ROMAN.index(told) + 1
    return Period(f"{found['year']}-{place * 3 - 2:02}", f"{found['year']}-{place * 3:02}", "period")


def short_years(plain: str) -> Period | None:
    """Read 1954-57; 1954-12 is a month."""
    found = SHORT_YEARS.fullmatch(plain)
    if not found or found["end"] <= found["start"]:
        return None
    return Period(found["century"] + found["start"], found["century"] + found["end"], "period")


def between(plain: str) -> Period | None:
    """Read two dates of which neither is a period itself."""
    found = PERIOD.fullmatch(plain)
    if not found:
        return None
    try:
        start, end = period_of(found["start"]), period_of(found["end"])
    except ValueError:
        return None
    if start.start != start.end or end.start != end.end or not in_order(start.start, end.end):
        return None
    return Period(start.start, end.end, "period") if start.start or end.end else None
