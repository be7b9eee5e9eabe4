"""A question spelled for the full-text index of either database, past its own parser: every term in quotes."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from services.catalog.domain.searching import Phrase, Search


def fts5(asked: Search) -> str:
    """Spell a question for FTS5."""
    parts = [fts5_phrase(phrase) for phrase in asked.phrases]
    parts += [f"({any_of(terms)})" for terms in asked.required]
    whole = " AND ".join(parts)
    return f"({whole}) NOT ({any_of(asked.without)})" if asked.without else whole


def any_of(terms: Sequence[str]) -> str:
    """Spell a choice of terms for FTS5; they hold no quotes."""
    return " OR ".join(f'"{term}"' for term in terms)


def fts5_phrase(phrase: Phrase) -> str:
    """Spell a phrase for FTS5."""
    return f'"{" ".join(phrase.words)}"' + ("*" if phrase.is_beginning else "")


def tsquery(asked: Search) -> str:
    """Spell for PostgreSQL what its index of words and terms is asked, which may be nothing."""
    parts = [tsquery_phrase(phrase) for phrase in asked.phrases if asked.without or not is_pair(phrase)]
    parts += ["(" + " | ".join(f"'{term}'" for term in terms) + ")" for terms in asked.required]
    return " & ".join([*parts, *(f"!'{term}'" for term in asked.without)])


def tsquery_phrase(phrase: Phrase) -> str:
    """Spell a phrase for PostgreSQL."""
    words = [f"'{word}'" for word in phrase.words]
    return f"({' <-> '.join(words)}{':*' if phrase.is_beginning else ''})"


def pairs_in(asked: Search) -> list[str]:
    """Give the pairs of words that have to stand side by side: PostgreSQL's index of words does not know where they do.

    It would read every dossier that has the words; those of a pair are few.
    """
    return [pair for phrase in asked.phrases for pair in pairs_of(phrase)]


def pairs_of(phrase: Phrase) -> Iterator[str]:
    """Give the pairs of words of a phrase, those with a beginning of a word left out."""
    whole = phrase.words[:-1] if phrase.is_beginning else phrase.words
    return (f"{one} {next_one}" for one, next_one in pairwise(whole))


def is_pair(phrase: Phrase) -> bool:
    """Say whether a phrase is one pair of words and nothing more."""
    return len(phrase.words) == 2 and not phrase.is_beginning
