"""The programme: its legal basis, its years and the criteria that a dossier is chosen by."""

import tomllib
from pathlib import Path
from typing import Self

from pydantic import BaseModel, ConfigDict

from services.catalog.domain.words import Words

PROGRAMMES = Path(__file__).parents[1] / "programmes"


class Suggestion(BaseModel):
    """A rule: what answers these filters seems to meet a criterion. {years} and the like are filled in by dossier."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    criterion: str
    filters: dict[str, str]
    evidence: str


class Programme(BaseModel):
    """A programme as shipped; `confirmed` says whether its text was seen."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    version: int
    legal_basis: str
    select_years: tuple[int, int]
    scan_years: tuple[int, int]
    confirmed: bool
    criteria: dict[str, Words]
    suggestions: tuple[Suggestion, ...] = ()

    @classmethod
    def load(cls, name: str) -> Self:
        """Load a shipped programme by name."""
        return cls.model_validate(tomllib.loads((PROGRAMMES / f"{name}.toml").read_text("utf-8")))
