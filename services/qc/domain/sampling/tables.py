"""The tables of ISO 2859-1:1999 (TCVN 7790-1) for single sampling: from a lot's size and an AQL to n, Ac and Re.

Normal and tightened plans are those of MIL-STD-105E, tables II-A and II-B, which the standard took over; the reduced
ones changed in 1999 and have no gap between Ac and Re any more. They were read in two independent transcriptions, of
ISO 2859-1:1999 and of GB/T 2828.1-2012, which is identical to it. These agree in every cell but one: the fourth plan
above Ac = 0 of table 2-C has Ac = 4 in the first and Ac = 5 in the second, which was proved against the printed page;
the second is followed.
"""

import tomllib
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

FILE = Path(__file__).parent / "iso2859.toml"
DOWN, UP = "v", "^"


class Severity(StrEnum):
    """How severe an inspection is: every series begins with the normal one."""

    NORMAL = "normal"
    TIGHTENED = "tightened"
    REDUCED = "reduced"


@dataclass(frozen=True, slots=True)
class SinglePlan:
    """Inspect `size` pages; accept with at most `accept` nonconforming, reject with `reject` or more."""

    letter: str
    size: int
    accept: int
    reject: int


@cache
def read() -> dict[str, Any]:
    """Give the shipped tables, read once."""
    return tomllib.loads(FILE.read_text("utf-8"))


def levels() -> tuple[str, ...]:
    """Give the inspection levels of table 1."""
    return tuple(read()["levels"])


def aqls() -> tuple[float, ...]:
    """Give the acceptance quality limits that a plan may have, in percent nonconforming."""
    return tuple(read()["aqls"])


def code_letter(lot_size: int, level: str) -> str:
    """Give the sample size code letter of table 1."""
    row = next(letters for largest, letters in read()["letters"] if lot_size <= largest)
    return str(row.split()[levels().index(level)])


def sample_size(letter: str, severity: Severity) -> int:
    """Give how many pages a code letter means."""
    return int(read()[severity][letter].split()[0])


@cache
def single_plan(letter: str, aql: float, severity: Severity) -> SinglePlan:
    """Give the plan for a code letter and an AQL; an arrow leads to the first plan below or above, with its own n."""
    rows = list(read()[severity].items())
    place = [name for name, _row in rows].index(letter)
    column = aqls().index(aql) + 1
    while (cell := rows[place][1].split()[column]) in (DOWN, UP):
        place += 1 if cell == DOWN else -1
    name, row = rows[place]
    return SinglePlan(name, int(row.split()[0]), int(cell), int(cell) + 1)


def one_step_tighter(aql: float) -> float | None:
    """Give the next smaller AQL, None for the smallest."""
    place = aqls().index(aql)
    return aqls()[place - 1] if place else None
