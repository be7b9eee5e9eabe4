"""A number as Excel shows it, for the plain formats that people give to codes: zeros, decimals, words around.

`000` shows 7 as 007, `"H49."0` as H49.7, `0.00` shows 1.1 as 1.10. What cannot be shown surely is not guessed at:
fractions, powers, conditions, blanks for digits, and separators of thousands where there are any.
"""

import re
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

GENERAL = "general"
AS_IT_IS = frozenset({"", GENERAL, "@"})
TOKEN = re.compile(
    r'"(?P<quoted>[^"]*)"|\\(?P<escaped>.)|_(?P<blank>.)|(?P<colour>\[(?:black|blue|cyan|green|magenta|red|white|yellow)\])'
    r"|\[\$(?P<currency>[^\]-]*)(?:-[^\]]*)?\]|(?P<general>general)|(?P<digit>[0#])|(?P<point>\.)|(?P<comma>,)"
    r"|(?P<plain>[ $+():!^&'~{}<>=\x80-\U0010ffff-])",
    re.IGNORECASE | re.DOTALL,
)
SECTION = re.compile(r'(?:"[^"]*"|\\.|[^;"\\])*', re.DOTALL)
MOST_DECIMALS = 15
THOUSANDS = 3  # digits before there is anything to separate
NEGATIVE, ZERO = 1, 2  # the places of their sections
Token = tuple[str, str]


class NotSure(ValueError):
    """A format shows a number in a way that is not known here."""


def shown_as(number: float, number_format: str) -> str | None:
    """Give a number as its format shows it, None where that is not sure or nothing is seen."""
    if number_format.strip().lower() in AS_IT_IS:
        return plain_number(number)
    return _shown_as(number, number_format)


@lru_cache(maxsize=1 << 13)
def _shown_as(number: float, number_format: str) -> str | None:
    sections = sections_of(number_format)
    sign = "-" if number < 0 else ""
    section = sections[0]
    if number < 0 and len(sections) > NEGATIVE:
        section, sign = sections[NEGATIVE], ""
    elif number == 0 and len(sections) > ZERO:
        section = sections[ZERO]
    try:
        text = filled(section, abs(number))
    except NotSure:
        return None
    return sign + text if text.strip() else None


def sections_of(number_format: str) -> list[str]:
    """Cut a format at its semicolons; those in quotes are none."""
    found, place = [], 0
    while True:
        section = SECTION.match(number_format, place)
        told = section[0] if section else ""
        found.append(told)
        place += len(told)
        if number_format[place : place + 1] != ";":
            return found if place == len(number_format) else ["?"]
        place += 1


def plain_number(number: float) -> str:
    """Give a number as it is shown where nobody asked for anything."""
    return str(int(number)) if number % 1 == 0 else str(number)


def tokens_of(section: str) -> list[Token]:
    """Take a section apart into what it shows. Raises NotSure."""
    found, place = [], 0
    while place < len(section):
        token = TOKEN.match(section, place)
        if token is None or token.lastgroup is None:
            raise NotSure(section)
        kind, text = token.lastgroup, token[token.lastgroup]
        if kind in ("quoted", "escaped", "currency", "plain", "blank"):
            found.append(("text", " " if kind == "blank" else text))
        elif kind != "colour":
            found.append((kind, text))
        place = token.end()
    return found


def filled(section: str, number: float) -> str:
    """Show a number that is not negative by one section. Raises NotSure."""
    tokens = tokens_of(section)
    kinds = [kind for kind, _ in tokens]
    if "general" in kinds:
        if kinds.count("general") > 1 or set(kinds) - {"general", "text"}:
            raise NotSure(section)
        return "".join(plain_number(number) if kind == "general" else text for kind, text in tokens)
    if "digit" not in kinds:
        raise NotSure(section)
    point = kinds.index("point") if "point" in kinds else last_digit(kinds) + 1
    part = tokens[point:]
    decimals = demand_plain_part(part)
    exact = Decimal(str(number)).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    if exact == 0 != number:
        raise NotSure(section)
    whole, _, behind = f"{exact:f}".partition(".")
    digits = iter(behind)
    shown = (next(digits) if kind == "digit" else text for kind, text in part)
    return with_digits(tokens[:point], whole.lstrip("0")) + "".join(shown)


def last_digit(kinds: list[str]) -> int:
    """Give the place of the last digit."""
    return len(kinds) - 1 - kinds[::-1].index("digit")


def demand_plain_part(part: list[Token]) -> int:
    """Count the decimals of what stands from the point on. Raises NotSure but for zeros behind it."""
    digits = [text for kind, text in part if kind == "digit"]
    if {kind for kind, _ in part[1:]} - {"digit", "text"} or part[:1] == [("comma", ",")]:
        raise NotSure
    if "#" in digits or len(digits) > MOST_DECIMALS:
        raise NotSure
    return len(digits)


def demand_plain_digits(tokens: list[Token], places: list[int], digits: str) -> None:
    """Raise NotSure for words among digits that may be missing, and for separators that would be seen."""
    between = tokens[places[0] : places[-1]]
    signs = [text for kind, text in tokens if kind == "digit"]
    has_text = any(kind == "text" for kind, _ in between)
    if has_text and "#" in signs:
        raise NotSure
    if any(kind == "comma" for kind, _ in tokens):
        is_inside = sum(kind == "comma" for kind, _ in tokens) == sum(kind == "comma" for kind, _ in between)
        if not is_inside or has_text or max(len(digits), signs.count("0")) > THOUSANDS:
            raise NotSure


def with_digits(tokens: list[Token], digits: str) -> str:
    """Put digits into their places from the right; what is more stands before the first. Raises NotSure."""
    places = [place for place, (kind, _) in enumerate(tokens) if kind == "digit"]
    if not places:
        return "".join(text for _, text in tokens) + digits
    demand_plain_digits(tokens, places, digits)
    signs = "".join(tokens[place][1] for place in places)
    if "0" in signs:
        digits = digits.rjust(len(signs) - signs.index("0"), "0")
    first = len(digits) - len(signs)
    given = {place: digits[first + at : first + at + 1] if first + at >= 0 else "" for at, place in enumerate(places)}
    given[places[0]] = digits[: max(first, 0)] + given[places[0]]
    return "".join(given.get(place, "" if kind == "comma" else text) for place, (kind, text) in enumerate(tokens))
