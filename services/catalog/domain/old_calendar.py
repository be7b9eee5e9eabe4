"""Years as the old calendar names them: by stem and branch, or by the year of a reign.

Both are read only beside the year of the common calendar that they mean, and only if it is that year: a name comes back
every sixty years, and a lunar year ends in the next of ours.
"""

import re

STEMS = ("canh", "tan", "nham", "quy", "giap", "at", "binh", "dinh", "mau", "ky")  # of the year 0, and on
BRANCHES = ("than", "dau", "tuat", "hoi", "ty", "suu", "dan", "mao", "thin", "ti", "ngo", "mui")
SPELLINGS = {
    "ti": "ty",
    "ty": "ti",
    "mao": "meo",
    "mui": "vi",
}  # ty is both the rat and, as it is often spelt, the snake
FIRST_YEARS = {
    "gia long": 1802, "minh mang": 1820, "minh menh": 1820, "thieu tri": 1841, "tu duc": 1848, "kien phuc": 1884,
    "ham nghi": 1885, "dong khanh": 1886, "thanh thai": 1889, "duy tan": 1907, "khai dinh": 1916, "bao dai": 1926,
}  # fmt: skip
YEAR = r"(?: nam)?[ ,]*\(?(?P<year>\d{4})\)?"
STEM_AND_BRANCH = re.compile(
    rf"(?:nam )?(?P<stem>{'|'.join(STEMS)}) (?P<branch>{'|'.join({*BRANCHES, *SPELLINGS.values()})})(?:{YEAR})?"
)
REIGN = re.compile(rf"(?:nam )?(?P<reign>{'|'.join(FIRST_YEARS)}) (?:nam )?(?:thu )?(?P<count>\d{{1,2}})(?:{YEAR})?")


class YearUntold(ValueError):
    """A year is named as the old calendar names it, without the year that it is in ours."""


def old_year(plain: str) -> str | None:
    """Give the year that folded text names in both calendars; None where it names none.

    Raises YearUntold, and ValueError where the two are not the same year.
    """
    for pattern, is_right in ((STEM_AND_BRANCH, is_named), (REIGN, is_of_reign)):
        found = pattern.fullmatch(plain)
        if found:
            year = found["year"]
            if year is None:
                raise YearUntold(f"{plain!r} may be several years")
            if not is_right(int(year), found.groupdict()):
                raise ValueError(f"{plain!r} is not {year}")
            return year
    return None


def is_named(year: int, told: dict[str, str]) -> bool:
    """Say whether a year has a stem and a branch."""
    branch = BRANCHES[year % 12]
    return told["stem"] == STEMS[year % 10] and told["branch"] in (branch, SPELLINGS.get(branch, branch))


def is_of_reign(year: int, told: dict[str, str]) -> bool:
    """Say whether a year is the told year of a reign."""
    return FIRST_YEARS[told["reign"]] + int(told["count"]) - 1 == year
