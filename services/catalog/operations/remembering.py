"""The past of dossiers: kept with every change, told in order, and brought back."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any
from uuid import UUID

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.catalog.domain.description import Description
from services.catalog.domain.document import DocumentLine
from services.catalog.models import Dossier, DossierPast
from shared.clock import now
from shared.uow import UnitOfWork

Content = dict[str, object]


def described(description: Description) -> Content:
    """Give a description as a part of the past."""
    return {"description": asdict(description)}


def marked(marks: Mapping[str, str]) -> Content:
    """Give criteria with their evidence as a part of the past."""
    return {"criteria": dict(marks)}


def itemised(lines: Sequence[DocumentLine]) -> Content:
    """Give documents as a part of the past."""
    return {"documents": [asdict(line) for line in lines]}


def before_documents(
    description: Description, before: Sequence[DocumentLine], after: Sequence[DocumentLine]
) -> Content:
    """Give what changes of a dossier with its documents: these, and their count in the description if that changes."""
    is_counted = bool(after) and len(after) != description.document_count
    return itemised(before) | (described(description) if is_counted else {})


def past_columns(uow: UnitOfWork, dossier_id: UUID, version: int, act: str, content: Content) -> dict[str, Any]:
    """Give the row that remembers how a dossier was in a version that an act ends."""
    return {
        "dossier_id": dossier_id,
        "version": version,
        "act": act,
        "content": content,
        "at": now(),
        "by": uow.caller.name,
    }


def remember(uow: UnitOfWork, dossier: Dossier, act: str, content: Content) -> None:
    """Keep how a dossier is before an act changes it; the act makes its next version."""
    uow.session.add(DossierPast(**past_columns(uow, dossier.id, dossier.version, act, content)))
    dossier.version += 1


async def past_since(session: AsyncSession, dossier_id: UUID, version: int) -> Sequence[DossierPast]:
    """Give the past of a dossier from a version on, oldest first."""
    asked = select(DossierPast).where(DossierPast.dossier_id == dossier_id, col(DossierPast.version) >= version)
    return (await session.exec(asked.order_by(col(DossierPast.version)))).all()


def as_it_was(present: Content, past: Sequence[DossierPast]) -> Content:
    """Give a dossier as it was in the version that the oldest of its past since then ended."""
    whole = dict(present)
    for row in reversed(past):
        whole |= row.content
    return whole
