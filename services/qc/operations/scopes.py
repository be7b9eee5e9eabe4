"""What an inspector works through: a whole dossier, or a lot of them, named by its id."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.qc.domain.inspection import DossierState
from services.qc.errors import DossierConcluded
from services.qc.models import GivenVerdict, InspectedDossier, InspectedPage
from shared.errors import NotFound

CONCLUDED = (DossierState.ACCEPTED, DossierState.REJECTED)


@dataclass(frozen=True, slots=True)
class Scope:
    """A dossier or a lot; `lot_id` is that of the lot a dossier is in."""

    id: UUID
    is_lot: bool
    lot_id: UUID | None = None

    @property
    def pages(self) -> ColumnElement[bool]:
        """Give the condition that a page is in this scope."""
        return col(InspectedPage.lot_id if self.is_lot else InspectedPage.dossier_id) == self.id

    @property
    def verdicts(self) -> ColumnElement[bool]:
        """Give the condition that a verdict was given in this scope."""
        return col(GivenVerdict.lot_id if self.is_lot else GivenVerdict.dossier_id) == self.id

    @property
    def dossiers(self) -> ColumnElement[bool]:
        """Give the condition that a dossier is in this scope."""
        return col(InspectedDossier.lot_id if self.is_lot else InspectedDossier.dossier_id) == self.id

    @property
    def enclosing(self) -> tuple[UUID, ...]:
        """Give the scopes whose lock is a lock of this one too: itself, and the lot around a dossier."""
        return (self.id,) if self.lot_id is None else (self.id, self.lot_id)


async def scope_of(session: AsyncSession, scope_id: UUID) -> Scope:
    """Give the dossier or lot that has this id. Raises NotFound."""
    dossier = await session.get(InspectedDossier, scope_id)
    if dossier is not None:
        return Scope(scope_id, is_lot=False, lot_id=dossier.lot_id)
    in_lot = select(InspectedDossier.dossier_id).where(InspectedDossier.lot_id == scope_id).limit(1)
    if (await session.exec(in_lot)).first() is None:
        raise NotFound("neither a dossier nor a lot has this id")
    return Scope(scope_id, is_lot=True)


async def open_scope(session: AsyncSession, scope_id: UUID) -> Scope:
    """Give a scope in which there is something left to conclude. Raises NotFound, DossierConcluded."""
    scope = await scope_of(session, scope_id)
    left = select(InspectedDossier.dossier_id).where(scope.dossiers, col(InspectedDossier.state).not_in(CONCLUDED))
    if (await session.exec(left.limit(1))).first() is None:
        raise DossierConcluded
    return scope
