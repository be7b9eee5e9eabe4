"""Tables of what was found secret: codes only, so that no old file brings its words back."""

from uuid import UUID

from sqlalchemy import Index
from sqlmodel import Field

from services.catalog.models import Table


class SecretCode(Table, table=True):
    """A file code that a dossier had by the time it was found secret, and what it is folded to."""

    __tablename__ = "secret_code"
    __table_args__ = (Index("ix_secret_code_key", "fonds_id", "code_key"),)

    dossier_id: UUID = Field(primary_key=True, foreign_key="dossier.id")
    file_code: str = Field(primary_key=True)
    fonds_id: UUID = Field(foreign_key="fonds.id")
    code_key: str


class SecretDocument(Table, table=True):
    """That a document of a dossier was found secret, by its number and code; `version` is what that made the dossier.

    Its number is that of the version in which it stood last.
    """

    __tablename__ = "secret_document"

    dossier_id: UUID = Field(primary_key=True, foreign_key="dossier.id")
    version: int = Field(primary_key=True)
    number: int
    code: str = ""
