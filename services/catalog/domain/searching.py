"""What is asked of the index: words, phrases, beginnings of words, codes and years; held against one entry, too.

The databases answer the same question each in its own language (`operations/finding.py`).
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from services.catalog.domain.finding_errors import SearchUnclear
from services.catalog.domain.found_words import APART, words_in
from services.catalog.domain.terms import LATEST, Entry, decades, term

MOST_PHRASES = 20
SHORTEST_BEGINNING = 2
_ASKED = re.compile(r'"(?P<phrase>[^"]*)"?|(?P<word>[^\s"]+)')


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words that stand side by side; of the last one perhaps only the beginning is told."""

    words: tuple[str, ...]
    is_beginning: bool = False


@dataclass(frozen=True, slots=True)
class Search:
    """A question: all phrases, of each name one of the terms, none of the terms `without`, a period wholly within."""

    phrases: tuple[Phrase, ...] = ()
    codes: Mapping[str, Sequence[str]] = field(default_factory=dict)
    without: tuple[str, ...] = ()
    from_year: int | None = None
    until_year: int | None = None

    @property
    def is_open(self) -> bool:
        """Say whether everything answers it."""
        return not (self.phrases or self.codes or self.without or self.has_years)

    @property
    def required(self) -> list[Sequence[str]]:
        """Give choices of terms of each of which one has to be there, the decades of the years among them.

        Decades alone do not answer a question about years, but leave little to look at. A question that only leaves
        out asks for all there is.
        """
        choices = list(self.codes.values())
        if self.has_years:
            choices.append(tuple(decades(self.from_year or 1, self.until_year or LATEST)))
        if self.without and not (choices or self.phrases):
            choices.append((term("listed", "true"), term("listed", "false")))
        return choices

    @property
    def has_years(self) -> bool:
        """Say whether it asks for years."""
        return (self.from_year, self.until_year) != (None, None)


def phrases_in(text: str) -> tuple[Phrase, ...]:
    """Read what people type: words, "phrases", codes (whose parts stand side by side), and beginnings (`đắp*`).

    Raises SearchUnclear when there is text without any word in it, or too much of it.
    """
    phrases = tuple(phrases_asked(text))
    if text.strip() and not phrases:
        raise SearchUnclear("no word to look for", reason="no_words")
    if len(phrases) > MOST_PHRASES:
        raise SearchUnclear(f"at most {MOST_PHRASES} words or phrases", reason="too_many_words")
    return phrases


def phrases_asked(text: str) -> Iterator[Phrase]:
    """Give what is asked for, part by part. Raises SearchUnclear."""
    for found in _ASKED.finditer(text):
        told = found["phrase"] if found["phrase"] is not None else found["word"]
        words = tuple(words_in(told))
        is_beginning = found["word"] is not None and told.endswith("*")
        if is_beginning and is_too_short(words):
            raise SearchUnclear("too little of a word", reason="beginning_too_short")
        if words:
            yield Phrase(words, is_beginning)


def is_too_short(words: Sequence[str]) -> bool:
    """Say whether a beginning says too little: a single letter, or what every dossier has."""
    return len(words) == 1 and (len(words[0]) < SHORTEST_BEGINNING or APART.startswith(words[0]))


def matches(asked: Search, entry: Entry) -> bool:
    """Say whether a dossier answers a question."""
    if asked.from_year is not None and (entry.first_year is None or entry.first_year < asked.from_year):
        return False
    if asked.until_year is not None and (entry.last_year is None or entry.last_year > asked.until_year):
        return False
    if any(each in entry.codes for each in asked.without):
        return False
    if not all(any(each in entry.codes for each in terms) for terms in asked.codes.values()):
        return False
    return all(holds(entry.words, phrase) for phrase in asked.phrases)


def holds(words: Sequence[str], phrase: Phrase) -> bool:
    """Say whether a phrase stands somewhere among words."""
    length = len(phrase.words)
    for place in range(len(words) - length + 1):
        here = tuple(words[place : place + length])
        is_last = here[-1].startswith(phrase.words[-1]) if phrase.is_beginning else here[-1] == phrase.words[-1]
        if is_last and here[:-1] == phrase.words[:-1]:
            return True
    return False
