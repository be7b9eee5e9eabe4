"""Fonds and series as they are told on the wire."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field

from services.catalog.api.dossier_shapes import iso_date
from services.catalog.api.shapes import Lines, OptionalWords, Words
from shared.wire import Flag, In, Out


class FondsIn(In):
    """A fonds, work or collection."""

    code: Words
    title: Words
    kind: Literal["fonds", "collection", "work"] = "fonds"
    archive_code: Words
    status: Literal["open", "closed"] | None = None
    history: Lines = ""
    starts_on: Words | None = None
    ends_on: Words | None = None
    arrangement: Lines = ""
    other_types: OptionalWords = ""
    languages: Annotated[tuple[Words, ...], Field(max_length=20)] = ()
    lookup_tools: OptionalWords = ""
    reserve: Flag | None = None
    note: Lines = ""

    def told(self) -> dict[str, Any]:
        """Give what is told with its dates in ISO form. Raises FieldWrong."""
        dates = {name: iso_date(name, getattr(self, name)) for name in ("starts_on", "ends_on")}
        return {**self.model_dump(), **dates}


class FondsOut(Out):
    """A fonds, work or collection."""

    id: UUID
    version: int
    code: str
    title: str
    kind: Literal["fonds", "collection", "work"]
    archive_code: str
    status: str | None
    history: str
    starts_on: str | None
    ends_on: str | None
    arrangement: str
    other_types: str
    languages: list[str]
    lookup_tools: str
    reserve: bool | None
    note: str


class CountedFondsOut(FondsOut):
    """A fonds, work or collection, and what its dossiers are said to hold, as far as that is said."""

    dossier_count: int
    document_count: int
    sheet_count: int
    page_count: int


class SeriesIn(In):
    """A group of dossiers in a fonds."""

    code: Words
    title: Words


class SeriesTitleIn(In):
    """What a group of dossiers is called; its code stays."""

    title: Words


class SeriesOut(Out):
    """A group of dossiers in a fonds."""

    id: UUID
    version: int
    fonds_id: UUID
    code: str
    title: str
    archived_at: datetime | None
