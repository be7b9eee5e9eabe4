"""Numbers as they stand in addresses and headers: plain digits, no sign, no leading zero."""

import re

LARGEST_NUMBER = 2**31 - 1  # what a numbered or counted column can hold
LONGEST = 19  # digits; the largest number that every database keeps has as many
_PLAIN = re.compile(r"0|[1-9][0-9]*")


def number_in(text: str, longest: int = LONGEST) -> int:
    """Read a number of at most `longest` digits. Raises ValueError for every other spelling."""
    if len(text) > longest or not _PLAIN.fullmatch(text):
        raise ValueError(f"a number is plain digits, at most {longest} of them")
    return int(text)
