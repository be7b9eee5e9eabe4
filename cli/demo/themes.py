"""What the invented fonds is about and how its documents speak, read from the two tables beside this module."""

import tomllib
from functools import lru_cache
from pathlib import Path
from random import Random

from pydantic import BaseModel, ConfigDict

HERE = Path(__file__).parent


class Table(BaseModel):
    """A table of the data files; a misspelt key is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class InventedFonds(Table):
    """The fonds all invented dossiers belong to; its agency code is one that no province has."""

    code: str
    archive_code: str
    kind: str
    title: str
    province: str
    seat: str


class Names(Table):
    """Invented places, and the parts invented people are called by."""

    places: tuple[str, ...]
    communes: tuple[str, ...]
    family: tuple[str, ...]
    middle: tuple[str, ...]
    given: tuple[str, ...]

    def person(self, dice: Random) -> str:
        """Make up somebody."""
        return f"{dice.choice(self.family)} {dice.choice(self.middle)} {dice.choice(self.given)}"

    def addressed(self, person: str) -> str:
        """Put Mr or Mrs before a name; the middle name tells."""
        return f"{'Bà' if ' Thị ' in person else 'Ông'} {person}"


class Theme(Table):
    """One kind of dossier: its description, and what its documents decide, tell and count.

    `years` are the first and last it can be of; `figures` are (heading, least, most) of a table's columns.
    """

    series: str
    office: str
    sign: str
    title: str
    subject: str
    years: tuple[int, int]
    criteria: tuple[str, ...]
    evidence: str
    keywords: str
    condition: str
    languages: tuple[str, ...] = ("01",)
    secrecy: str = "none"
    orders: tuple[str, ...]
    body: tuple[str, ...]
    figures: tuple[tuple[str, int, int], ...]


class Basis(Table):
    """A law that decisions of some years rest on."""

    since: int
    until: int
    text: str


class Kind(Table):
    """How a kind of document begins and ends, the letters in its number, and who signs it."""

    code: str
    signer: str
    power: str = ""
    opening: tuple[str, ...]
    closing: tuple[str, ...]


class Common(Table):
    """What documents of every kind share."""

    nation: str
    motto: str
    committee: str
    province: str
    resolve: str
    clerk: str
    speaker: str
    consider: str
    need: str
    enacting: str
    sections: tuple[str, ...]
    table: str
    first_column: str
    total: str
    recipients: tuple[str, ...]
    sample: str
    filler: tuple[str, ...]


class Themes(Table):
    """The table of dossiers."""

    fonds: InventedFonds
    names: Names
    theme: tuple[Theme, ...]


class Phrases(Table):
    """The table of wordings."""

    basis: tuple[Basis, ...]
    kind: dict[str, Kind]
    common: Common
    heads: dict[str, str]


@lru_cache
def themes() -> Themes:
    """Read the table of dossiers, once."""
    return Themes.model_validate(tomllib.loads((HERE / "themes.toml").read_text("utf-8")))


@lru_cache
def phrases() -> Phrases:
    """Read the table of wordings, once."""
    return Phrases.model_validate(tomllib.loads((HERE / "phrases.toml").read_text("utf-8")))
