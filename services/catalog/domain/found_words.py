"""The words that a dossier is found by: its own, then its documents', side by side as far as both databases place them.

PostgreSQL counts the places of words up to 16,383 and takes a megabyte of them; a dossier may have 10,000 documents.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from services.catalog.domain.document import is_classified
from services.catalog.domain.text import folded

# PostgreSQL's parser takes 1e5x for a number and a word, so the number ends before the e. A letter that is neither
# a-z nor a digit stands alone: Chinese has no spaces.
_WORD = re.compile(r"[0-9]+(?=e[0-9])|[a-z0-9]+|[^\W_]")
APART = "u00b6"  # a word between two fields, so that no phrase reaches over; no letter has it, for ¶ is none
_TYPED = "uu00b6"  # that word where somebody typed it
LONGEST_WORD = 50
MOST_PLACED = 10_000
MOST_FURTHER = 8_000
WORDED = ("file_code", "title", "keywords", "paper_file_code", "note")
DOCUMENT_WORDED = ("title", "issuer", "keywords", "autograph", "note")
DOCUMENT_TOLD = (*DOCUMENT_WORDED, "code_number", "code_notation", "access_level")


def words_in(text: str) -> list[str]:
    """Give the words of a text, folded: a-z and digits only, every other letter as its number in Unicode."""
    words = (word[:LONGEST_WORD] if word.isascii() else f"u{ord(word):x}" for word in _WORD.findall(folded(text)))
    return [_TYPED if word == APART else word for word in words]


def words_of(told: Mapping[str, Any], documents: Iterable[Mapping[str, Any]]) -> list[str]:
    """Give the words of a dossier; what goes beyond the places that there are is found as words, not in phrases."""
    words: list[str] = []
    for text in (*(told[field] for field in WORDED), *texts_of(documents)):
        words += [*words_in(text), APART]
    words.pop()
    if len(words) <= MOST_PLACED:
        return words
    placed = words[:MOST_PLACED]
    known = {*placed, APART}
    further = [word for word in dict.fromkeys(words[MOST_PLACED:]) if word not in known]
    return placed + [each for word in further[:MOST_FURTHER] for each in (APART, word)]


def texts_of(documents: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """Give what documents say, each once: thousands have the same issuer. Of a state secret nothing is given."""
    open_ones = [each for each in documents if not is_classified(each["access_level"])]
    codes = (f"{each['code_number']}/{each['code_notation']}".strip("/") for each in open_ones)
    told = (each[field] for each in open_ones for field in DOCUMENT_WORDED)
    yield from dict.fromkeys(text for text in (*codes, *told) if text)
