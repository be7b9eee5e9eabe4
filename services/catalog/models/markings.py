"""Tables of criteria given, taken away or noted by filter, each as one act that can be taken back."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import JSON, Text
from sqlmodel import Field

from services.catalog.models import Table
from shared.clock import now
from shared.columns import UtcDateTime
from shared.ids import new_id


class BulkMarking(Table, table=True):
    """What was done with a criterion of all dossiers that answered some filters, as one act that can be taken back.

    `act` is give, withdraw or note; `left_out` names the dossiers that taking it back left as they were. Of one that
    changed a dossier which was found secret, or has a document that was, evidence and searched words are emptied.
    """

    __tablename__ = "bulk_marking"

    id: UUID = Field(default_factory=new_id, primary_key=True)
    act: str = "give"
    criterion: str
    evidence: str = Field(sa_type=Text)
    filters: dict[str, str | int] = Field(default_factory=dict, sa_type=JSON)
    dossier_count: int
    at: datetime = Field(default_factory=now, sa_type=UtcDateTime)
    by: str
    undone_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    undone_by: str = ""
    left_out: list[str] = Field(default_factory=list, sa_type=JSON)

    @property
    def words_removed(self) -> bool:
        """Say whether words were emptied: what is given or noted has evidence, and nobody searches for nothing."""
        return (self.act != "withdraw" and not self.evidence) or self.filters.get("q") == ""

    def forget_words(self) -> None:
        """Empty the evidence and the words that were searched for."""
        self.evidence = ""
        self.filters = {name: "" if name == "q" else told for name, told in self.filters.items()}


class BulkMarked(Table, table=True):
    """A dossier that such an act changed, and the version that this made of it; how it was before is in its past."""

    __tablename__ = "bulk_marked"

    marking_id: UUID = Field(primary_key=True, foreign_key="bulk_marking.id")
    dossier_id: UUID = Field(primary_key=True, foreign_key="dossier.id")
    version: int
