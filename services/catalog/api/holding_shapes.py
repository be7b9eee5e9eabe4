"""Fonds and series as they are told on the wire."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from services.catalog.api.shapes import Words
from shared.wire import In, Out


class FondsIn(In):
    """A fonds, work or collection."""

    code: Words
    title: Words
    kind: Literal["fonds", "collection", "work"] = "fonds"
    archive_code: Words


class FondsOut(Out):
    """A fonds, work or collection."""

    id: UUID
    version: int
    code: str
    title: str
    kind: Literal["fonds", "collection", "work"]
    archive_code: str


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
