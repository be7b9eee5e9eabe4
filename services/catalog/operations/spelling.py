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
    """Spell for PostgreSQL the words and terms that its index is asked for, wherever they stand; perhaps none.

    Never as its own phrases: it would read every dossier that has the words, and those of a code's beginning many do.
    """
    words = [word for phrase in asked.phrases for word in words_alone(phrase)]
    choices = ["(" + " | ".join(f"'{term}'" for term in terms) + ")" for terms in asked.required]
    if asked.without and not (words or choices):
        words = [f"'{word}'" for phrase in asked.phrases for word in phrase.words]
    return " & ".join([*words, *choices, *(f"!'{term}'" for term in asked.without)])


def words_alone(phrase: Phrase) -> list[str]:
    """Give the words of a phrase that are in no pair of it, each as PostgreSQL has it."""
    words = [f"'{word}'" for word in phrase.words]
    if phrase.is_beginning:
        words[-1] += ":*"
    if not any(pairs_of(phrase)):
        return words
    return words[-1:] if phrase.is_beginning else []


def pairs_in(asked: Search) -> list[str]:
    """Give the pairs of words that have to stand side by side: few dossiers have them of many that have the words."""
    return [pair for phrase in asked.phrases for pair in pairs_of(phrase)]


def pairs_of(phrase: Phrase) -> Iterator[str]:
    """Give the pairs of words of a phrase, those with a beginning of a word left out."""
    whole = phrase.words[:-1] if phrase.is_beginning else phrase.words
    return (f"{one} {next_one}" for one, next_one in pairwise(whole))


def stretches_in(asked: Search) -> Iterator[str]:
    """Give what has to stand in the words of a dossier as it is, for LIKE: phrases that are more than one pair."""
    for phrase in asked.phrases:
        if len(phrase.words) > (1 if phrase.is_beginning else 2):
            yield f"% {' '.join(phrase.words)}{'' if phrase.is_beginning else ' '}%"
