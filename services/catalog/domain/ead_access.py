"""What EAD says of who may see a unit: understood in the circular's words, and closed in all others.

Restrictions hold for all that lies beneath (EAD tag library). One in words that nobody understands may tell of a secret
(law 117/2025/QH15, article 5), and closes the unit as that would.
"""

from collections.abc import Iterable

from services.catalog.domain import codes, ead

RESTRICTING = frozenset({"accessrestrict", "userestrict", "legalstatus"})
INLINE = frozenset({"abbr", "emph", "expan", "foreign", "lb", "ptr", "ref"})  # parts of a text, not texts of their own
BREAK, HEAD = "\0", "\1"  # between texts, and before a heading: neither letter can stand in XML
OPEN = frozenset(codes.ACCESS_LEVEL) - {codes.CLASSIFIED}
CLOSED_WORDS = frozenset({"mật", "tối mật", "tuyệt mật"})


def accesses_in(text: str) -> list[str]:
    """Give what a restriction says, text by text, each as a code of access where it is one.

    A heading only names what follows, unless it is a degree of secrecy or stands alone.
    """
    texts = [" ".join(each.split()) for each in text.split(BREAK)]
    heads = [each[1:].strip() for each in texts if each.startswith(HEAD) and each[1:].strip()]
    told = [each for each in texts if each and not each.startswith(HEAD)]
    told += [each for each in heads if each.casefold() in CLOSED_WORDS or not told]
    return [ead.code_in(codes.ACCESS_LEVEL, each) for each in told]


def closed_among(accesses: Iterable[str]) -> str | None:
    """Give the first of some accesses that is not surely open, None where all are, or nothing is said."""
    return next((each for each in accesses if each and each not in OPEN), None)
