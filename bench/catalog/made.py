"""Made dossiers whose titles repeat words as Vietnamese titles do: few words everywhere, most of them hardly ever."""

import random
import tomllib
from collections.abc import Iterator
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any
from uuid import UUID

from services.catalog.domain.file_code import folded_code

_PARTS = tomllib.loads(Path(__file__).with_name("words.toml").read_text("utf-8"))
FREQUENT, ONSETS, RHYMES = (_PARTS[name].split() for name in ("frequent", "onsets", "rhymes"))
CARRIERS = ("paper",) * 90 + ("giay_do",) * 6 + ("leaf", "cloth", "wood", "leather")
CONDITIONS = ((),) * 6 + (("torn",), ("foxed",), ("friable", "brittle"), ("faded_text",))


class Archive:
    """So many dossiers, made by chance that repeats itself."""

    def __init__(self, count: int, fonds: int = 200) -> None:
        self.count = count
        self.fonds = [UUID(int=1 + number) for number in range(fonds)]
        self._chance = random.Random(1954)  # noqa: S311 - made data, not a secret

    @cached_property
    def words(self) -> list[str]:
        """Give the vocabulary, most frequent first: real words of titles, then syllables that could be names."""
        rare = [onset + rhyme for onset in ONSETS for rhyme in RHYMES]
        pairs = [a + b for a in ONSETS for b in RHYMES for _ in range(2)]
        self._chance.shuffle(rare)
        return [*FREQUENT, *rare, *(f"{word}{number}" for number, word in enumerate(pairs))]

    @cached_property
    def _bounds(self) -> list[float]:
        """Give the running sums of the frequencies: the n-th word is n times as rare as the first (Zipf)."""
        total, bounds = 0.0, []
        for rank in range(len(self.words)):
            total += 1 / (rank + 2.7)
            bounds.append(total)
        return bounds

    def title(self) -> str:
        """Make a title of 6 to 20 words."""
        return " ".join(self._chance.choices(self.words, cum_weights=self._bounds, k=self._chance.randint(6, 20)))

    def dossiers(self) -> Iterator[tuple[dict[str, Any], list[str]]]:
        """Give every dossier with its criteria."""
        chance = self._chance
        for number in range(1, self.count + 1):
            start = chance.randint(1930, 2010)
            fonds = min(int(chance.paretovariate(0.6)), len(self.fonds)) - 1
            criteria = [*(["permanent"] * (chance.random() < 0.3)), *(["before_1975"] * (start < 1970))]
            code = f"H{10 + fonds}.{fonds % 30}.{start}.{number}"
            yield {
                "id": UUID(int=number << 64), "fonds_id": self.fonds[fonds], "list_id": None, "series_code": None,
                "file_code": code, "code_key": folded_code(code), "title": self.title(),
                "keywords": "", "paper_file_code": "", "note": "", "retention": "01", "access_level": "01",
                "languages": ["01"] if start > 1954 else ["01", "03"], "physical_condition": chance.choice("123"),
                "trust_level": None, "secrecy": "none", "kind": "text" if chance.random() < 0.97 else "map",
                "carrier": chance.choice(CARRIERS), "conditions": list(chance.choice(CONDITIONS)), "page_sizes": {},
                "is_legible": chance.random() < 0.99, "is_arranged": chance.random() < 0.6, "reserve": True,
                "starts_on": str(start), "ends_on": str(min(start + chance.randint(0, 4), date(2011, 1, 1).year)),
            }, criteria  # fmt: skip
