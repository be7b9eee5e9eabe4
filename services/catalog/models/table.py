"""What every table of the catalog database stands on."""

from sqlalchemy.orm import registry
from sqlmodel import SQLModel

from shared.plumbing import Plumbing


class Table(SQLModel, registry=registry()):
    """Base of every table in this database; keeps its metadata apart from the other services."""


plumbing = Plumbing.under(Table)
