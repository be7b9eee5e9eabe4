"""Dates as old inventories write them: in words, as a period, in French, by the old calendar, or not known."""

import re
from dataclasses import dataclass

from services.catalog.domain.old_calendar import old_year
from services.catalog.domain.old_month import FRENCH_NAMES, IN_WORDS, ROMAN, among, month_number
from services.catalog.domain.partial_date import in_order, iso_of
from services.catalog.domain.text import folded

LONGEST = 80  # "từ ngày 12 tháng 10 năm 1954 đến ngày 12 tháng 12 năm 1957" has 58
UNKNOWN = frozenset(
    {"?", "-", "khong ro", "khong ghi", "khong de ngay", "khong ngay thang", "chua ro", "kd", "k.d", "s.d.", "s.d",
     "sd", "sans date", "non date", "n.d", "khong ro ngay", "khong ro nam", "khong ro thoi gian"}
)  # fmt: skip
DASHES = "\N{EN DASH}\N{EM DASH}"
YEAR = r"(?P<year>\d{4})"
DAY = r"(?P<day>\d{1,2})"
SEPARATED = re.compile(rf"(?:{DAY}[-.])?(?P<month>\d{{1,2}})[-.]{YEAR}")
LATIN = re.compile(rf"(?:{DAY}[-./ ])?(?P<month>{among(ROMAN)})[-./ ]{YEAR}")
WORDED = re.compile(
    rf"(?:(?:ngay )?{DAY} )?thang (?P<month>\d{{1,2}}|{among(IN_WORDS)})(?:,? nam |/|-| ){YEAR}|nam (?P<only>\d{{4}})"
)
FRENCH = re.compile(
    rf"(?:le )?(?:{DAY}(?:er)? )?(?P<month>{among(FRENCH_NAMES)})\.? {YEAR}|an(?:nee)? (?P<only>\d{{4}})"
)
QUARTER = re.compile(rf"quy (?P<quarter>[1-4]|i{{1,3}}|iv)(?: nam |/|-| ){YEAR}")
TO = re.compile(rf"\s*[-{DASHES}]\s*| (?:den|a|au) ")
FROM = re.compile(r"(?:tu|du|de) ")
SHORT_YEARS = re.compile(
    rf"(?P<century>\d{{2}})(?P<start>\d{{2}})(?:\s*[-{DASHES}]\s*(?P<end>\d{{2}})|/(?P<later>1[3-9]|[2-9]\d))"
)
DECADE = re.compile(r"(?:thap nien|thap ky|nhung nam|annees) (?P<decade>\d{3})0")
PART = re.compile(r"(?:dau|giua|cuoi|debut|mi|fin)(?: nam| de)?[ -](?P<year>\d{4})")
BOUND = re.compile(r"(?:truoc|sau|avant|apres)(?: nam)? .*\d{4}")
ABOUT = re.compile(
    r"(?:khoang|chung|uoc|ca\.?|c\.|vers|env\.|environ|circa|~) ?(?P<after>.+)|(?P<before>.+?) ?\?"
    r"|\[(?P<within>.+)\]|\((?P<bracketed>.+)\)"
)
LACKS_MONTH, LACKS_YEAR = re.compile(r"(?:ngay )?(?P<day>\d{1,2})(?:er)?"), re.compile(r"\d{1,2}/\d{1,2}")


class OnlyBound(ValueError):
    """It is only told before or after what time it was."""


@dataclass(frozen=True, slots=True)
class Period:
    """What a date was read as: both ends in ISO 8601, cut where unknown, or neither; `why` says how it was read.

    Empty for a date that was written as asked. Otherwise: `worded`, `period`, `part`, `uncertain`,
    `uncertain_period`, `unknown`.
    """

    start: str | None
    end: str | None
    why: str = ""

    @property
    def has_two_ends(self) -> bool:
        """Say whether it was read as a period."""
        return self.why in ("period", "uncertain_period")

    @property
    def is_doubted(self) -> bool:
        """Say whether its writer was not sure of it."""
        return self.why in ("uncertain", "uncertain_period")


def period_of(text: str) -> Period:
    """Read a date as asked (dd/mm/yyyy, mm/yyyy, yyyy, ISO 8601) or in an old way.

    Raises ValueError: OnlyBound or YearUntold where that is what is wrong.
    """
    try:
        return Period(iso := iso_of(text), iso)
    except ValueError:
        pass
    if len(text) > LONGEST:  # no date, and what it might nest would take for ever to find out
        raise ValueError(f"{text[:LONGEST]!r}... is no date")
    plain = folded(text).strip(" .;")
    if BOUND.fullmatch(plain):
        raise OnlyBound(f"{text!r} is no date")
    for read in (moment, quarter, short_years, decade, between, about):
        found = read(plain)
        if found is not None:
            return found
    raise ValueError(f"{text!r} is no date")


def moment(plain: str) -> Period | None:
    """Read what is no period: a day, month or year in words, or that it is not known. Raises ValueError."""
    if not plain or plain in UNKNOWN:
        return Period(None, None, "unknown")
    for pattern in (SEPARATED, LATIN, WORDED, FRENCH):
        found = pattern.fullmatch(plain)
        if found:
            told = found.groupdict()
            month = told["month"] and month_number(told["month"])
            iso = iso_of("/".join(part for part in (told["day"], month, told.get("only") or told["year"]) if part))
            return Period(iso, iso, "worded")
    part, year = PART.fullmatch(plain), old_year(plain)
    if part:
        return Period(part["year"], part["year"], "part")
    return Period(year, year, "worded") if year else None


def about(plain: str) -> Period | None:
    """Read a date that its writer was not sure of."""
    found = ABOUT.fullmatch(plain)
    if not found:
        return None
    sure = period_of(next(part for part in found.groups() if part))
    why = "uncertain_period" if sure.has_two_ends else "uncertain"
    return Period(sure.start, sure.end, why) if sure.start else None


def quarter(plain: str) -> Period | None:
    """Read a quarter of a year."""
    found = QUARTER.fullmatch(plain)
    if not found:
        return None
    told = found["quarter"]
    place = int(told) if told.isdecimal() else ROMAN[told]
    return Period(f"{found['year']}-{place * 3 - 2:02}", f"{found['year']}-{place * 3:02}", "period")


def short_years(plain: str) -> Period | None:
    """Read 1954-57 and 1925/26; 1954-12 is a month, and of 1911/12 nobody knows whether it is one."""
    found = SHORT_YEARS.fullmatch(plain)
    end = found and (found["end"] or found["later"])
    if not found or not end or end <= found["start"]:
        return None
    return Period(found["century"] + found["start"], found["century"] + end, "period")


def decade(plain: str) -> Period | None:
    """Read the years of a decade."""
    found = DECADE.fullmatch(plain)
    return Period(f"{found['decade']}0", f"{found['decade']}9", "period") if found else None


def between(plain: str) -> Period | None:
    """Read two dates of which neither is a period itself, cut wherever that makes two; the first may lack its year."""
    begun = FROM.sub("", plain, count=1) if FROM.match(plain) else plain
    for cut in TO.finditer(begun):
        end = end_of_period(begun[cut.end() :])
        start = end and start_of_period(begun[: cut.start()], end.start)
        if start and end and in_order(start.start, end.end) and (start.start or end.end):
            return Period(start.start, end.end, "uncertain_period" if start.is_doubted or end.is_doubted else "period")
    return None


def end_of_period(plain: str) -> Period | None:
    """Read one end of a period; None where it is no date, or a period."""
    try:
        read = period_of(plain) if not TO.search(plain) or moment(plain) else None
    except ValueError:
        return None
    return read if read and read.start == read.end else None


def start_of_period(plain: str, end: str | None) -> Period | None:
    """Read the beginning of a period; what it lacks is as in its end: its year, or its month too.

    Of 2-3/1954 nobody knows whether it is a day or two months.
    """
    whole = end_of_period(plain)
    if whole or end is None:
        return whole
    year, *rest = end.split("-")
    if len(rest) == 2 and (found := LACKS_MONTH.fullmatch(plain)):
        return end_of_period(f"{found['day']}/{rest[0]}/{year}")
    if not rest or plain.isdecimal():
        return None
    return end_of_period(f"{plain}/{year}" if LACKS_YEAR.fullmatch(plain) else f"{plain} {year}")
