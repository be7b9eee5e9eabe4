"""Shapes on the wire: bodies forbid what they do not know, and nothing is read out of what merely resembles it."""

import re
from datetime import date
from typing import Annotated, Generic, TypeVar

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

from shared.numerals import LARGEST_NUMBER, number_in

T = TypeVar("T")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_TRUTHS = {"true": True, "false": False}


def without_nul(text: str) -> str:
    """Refuse NUL, which PostgreSQL cannot keep."""
    if "\0" in text:
        raise ValueError("text may not hold NUL")
    return text


def plain_number(told: object) -> object:
    """Read the digits of an address as a number; `1_0`, `+1` and `1.0` are none."""
    return number_in(told) if isinstance(told, str) else told


def plain_truth(told: object) -> object:
    """Read `true` and `false` of an address, and no other word for them."""
    if isinstance(told, str) and told not in _TRUTHS:
        raise ValueError("true or false")
    return _TRUTHS[told] if isinstance(told, str) else told


def plain_day(told: object) -> object:
    """Let only days through that are spelt YYYY-MM-DD: a number is no day, though 0 might mean 1970."""
    if isinstance(told, date) or (isinstance(told, str) and _DAY.fullmatch(told)):
        return told
    raise ValueError("a day is YYYY-MM-DD")


# in bodies
Count = Annotated[int, Field(strict=True, ge=0, le=LARGEST_NUMBER)]
Ordinal = Annotated[int, Field(strict=True, ge=1, le=1_000_000)]
Flag = Annotated[bool, Field(strict=True)]
Line = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=1000), AfterValidator(without_nul)
]
Note = Annotated[str, StringConstraints(strip_whitespace=True, max_length=4000), AfterValidator(without_nul)]

# in bodies and addresses
Day = Annotated[date, BeforeValidator(plain_day)]

# in addresses, where everything is text
Numeral = Annotated[int, BeforeValidator(plain_number)]
Truth = Annotated[bool, BeforeValidator(plain_truth)]
Term = Annotated[str, StringConstraints(min_length=1, max_length=200), AfterValidator(without_nul)]
Words = Annotated[str, StringConstraints(max_length=200), AfterValidator(without_nul)]


class In(BaseModel):
    """A request body."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class Out(BaseModel):
    """An answer."""

    model_config = ConfigDict(from_attributes=True, frozen=True)


class Listing(Out, Generic[T]):
    """One portion of a list; `next` is the cursor of the portion after it, None at the end."""

    items: list[T]
    next: str | None = None
