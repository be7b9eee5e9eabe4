"""File codes that people would take for one another, though they are written otherwise."""

import re
import unicodedata

from services.catalog.domain.look_alike import LATIN, STROKED

MINUS = "\N{MINUS SIGN}"
UNSEEN = re.compile(r"[\x00-\x20\x7f]")


def folded_code(code: str) -> str:
    """Give a code without what nobody sees or minds: capitals, spaces, what has no width, kinds of dashes and letters.

    Cyrillic and Greek letters are those that they look like (the Cyrillic one of H49), and Ð is Đ.

    It only tells which codes are too much alike; the code itself stays as it was written.
    """
    if code.isascii():  # nearly all are, and of their signs these are all that count
        return UNSEEN.sub("", code.lower())
    plain = unicodedata.normalize("NFKC", code).casefold().translate(STROKED).translate(LATIN)
    return "".join("-" if is_dash(sign) else sign for sign in plain if not is_unseen(sign))


def is_dash(sign: str) -> bool:
    """Say whether a sign is one of the dashes."""
    return sign == MINUS or unicodedata.category(sign) == "Pd"


def is_unseen(sign: str) -> bool:
    """Say whether a sign is a space, or has no width or no meaning of its own."""
    return sign.isspace() or unicodedata.category(sign) in ("Cf", "Cc")
