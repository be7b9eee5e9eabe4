"""Fold Vietnamese for searching: case, accents, and đ, which Unicode does not take apart."""

import unicodedata

_STROKED = str.maketrans("đĐ", "dD")


def folded(text: str) -> str:
    """Give text in lower case without accents, with single spaces."""
    apart = unicodedata.normalize("NFD", text.translate(_STROKED))
    bare = "".join(letter for letter in apart if not unicodedata.combining(letter))
    return " ".join(bare.casefold().split())
