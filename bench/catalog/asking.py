"""Questions as people ask them.

A typical search is one of these questions, in this proportion: the words by their frequency in titles, so that most are
common. The answer is a first page of 50 dossiers and their count; the counts beside it are asked for apart.
"""

import random
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from sqlmodel.ext.asyncio.session import AsyncSession

from services.catalog.domain.filters import terms_of
from services.catalog.domain.searching import Search, phrases_in
from services.catalog.operations.counting import facets_of
from services.catalog.operations.finding import found_dossiers
from shared.paging import Portion

CRITERIA = ("permanent", "before_1975")
Ask = Callable[["Sample"], Search]


@dataclass(frozen=True)
class Sample:
    """A dossier that somebody looks for, and chance."""

    title: str
    file_code: str
    chance: random.Random

    def words(self, count: int) -> list[str]:
        """Give some words of its title that stand side by side."""
        told = self.title.split()
        begin = self.chance.randrange(max(1, len(told) - count))
        return told[begin : begin + count]


def question(text: str = "", until_year: int | None = None, **filters: str) -> Search:
    """Make a question as an address asks it."""
    return Search(phrases_in(text), terms_of(filters, CRITERIA), until_year=until_year)


KINDS: Mapping[str, tuple[int, Ask]] = {  # of 100 questions so many
    "three words of a title": (30, lambda sample: question(" ".join(sample.chance.sample(sample.words(6), 3)))),
    "two words side by side": (15, lambda sample: question(f'"{" ".join(sample.words(2))}"')),
    "one word": (10, lambda sample: question(sample.words(1)[0])),
    "a code": (15, lambda sample: question(sample.file_code)),
    "the beginning of a code": (5, lambda sample: question(sample.file_code.rsplit(".", 1)[0] + ".*")),
    "the beginning of a word": (5, lambda sample: question(sample.words(1)[0][:3].ljust(2, "h") + "*")),
    "a word and a carrier": (10, lambda sample: question(sample.words(1)[0], carrier="leaf,wood,cloth")),
    "a word before 1945": (5, lambda sample: question(sample.words(1)[0], until_year=1944)),
    "filters alone": (5, lambda _sample: question(carrier="giay_do", condition="torn", criterion="before_1975")),
}


def questions(samples: list[tuple[str, str]], count: int) -> Iterator[tuple[str, Search]]:
    """Give questions in their usual proportion, in any order."""
    chance = random.Random(71)  # noqa: S311 - not a secret
    asked = [(kind, ask) for kind, (share, ask) in KINDS.items() for _ in range(share * count // 100)]
    chance.shuffle(asked)
    for kind, ask in asked:
        yield kind, ask(Sample(*chance.choice(samples), chance))


async def found(session: AsyncSession, asked: Search) -> None:
    """Ask as the list of dossiers does: for its first page, and the count above it."""
    await found_dossiers(session, asked, Portion(limit=50))


async def counted(session: AsyncSession, asked: Search) -> None:
    """Ask as the counts beside a list do: by criterion, decade and carrier."""
    codes = {
        "criterion": CRITERIA,
        "decade": tuple(map(str, range(1930, 2020, 10))),
        "carrier": ("paper", "giay_do", "leaf", "wood", "cloth", "leather"),
    }
    await facets_of(session, asked, codes)
