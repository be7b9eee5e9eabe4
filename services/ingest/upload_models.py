"""Tables of what is on its way: uploads in parts, and objects in `incoming` that nothing names."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, Text
from sqlmodel import Field

from services.ingest.models import Table
from shared.clock import now
from shared.columns import UtcDateTime
from shared.ids import new_id


class Upload(Table, table=True):
    """A resumable upload of one page (tus 1.0): what was announced, `capture` too, how far it is, and since when."""

    id: UUID = Field(default_factory=new_id, primary_key=True)
    account_id: UUID
    dossier_id: UUID | None = None
    number: int | None = None
    rescan_order_id: UUID | None = None
    size: int = Field(sa_type=BigInteger)
    sha256: str
    media_type: str
    file_name: str = ""
    capture: str = Field(default="", sa_type=Text)
    held: int = Field(default=0, sa_type=BigInteger)
    created_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)
    grown_at: datetime = Field(default_factory=now, sa_type=UtcDateTime, index=True)


class UploadPart(Table, table=True):
    """A part of an upload that is safely stored."""

    __tablename__ = "upload_part"

    upload_id: UUID = Field(primary_key=True, foreign_key="upload.id")
    start: int = Field(primary_key=True, sa_type=BigInteger)
    size: int = Field(sa_type=BigInteger)
    key: str


class Stray(Table, table=True):
    """An object in the incoming store that no row names, and when that was seen first."""

    key: str = Field(primary_key=True)
    seen_at: datetime = Field(sa_type=UtcDateTime)
