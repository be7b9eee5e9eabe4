"""Vietnamese text: tidied for keeping, folded for searching."""

import re
import unicodedata

CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_STROKED = str.maketrans("đĐ", "dD")


def tidied(text: str) -> str:
    """Give text in composed Unicode (NFC) on one line, with single spaces and none at the ends."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def tidied_lines(text: str) -> str:
    """Give a longer text tidied line by line, so that its paragraphs stay."""
    return "\n".join(tidied(line) for line in text.splitlines()).strip()


def folded(text: str) -> str:
    """Give text in lower case without accents; đ is folded by hand, because Unicode does not take it apart."""
    apart = unicodedata.normalize("NFD", text.translate(_STROKED))
    bare = "".join(letter for letter in apart if not unicodedata.combining(letter))
    return " ".join(bare.casefold().split())
