"""Thousands of dossiers at once: read as values and in portions, so that other requests get their turn."""

from collections.abc import Iterator, Sequence
from typing import TypeVar
from uuid import UUID

from sqlalchemy import func
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.catalog.domain.known_dossier import KnownDossier
from services.catalog.domain.lifting import NOTHING
from services.catalog.errors import ListMoved
from services.catalog.models import CriterionMark, Document, Dossier
from services.catalog.operations.describing import FIELDS, described_by
from services.catalog.operations.holding import frozen_lists
from services.catalog.operations.secret_codes import findings_of
from shared.uow import UnitOfWork

AT_ONCE = 500
KNOWN = [getattr(Dossier, name) for name in ("id", "version", "list_id", "archived_at", *FIELDS)]
T = TypeVar("T")


def portions(values: Sequence[T]) -> Iterator[Sequence[T]]:
    """Cut a sequence into pieces that fit one statement."""
    for begin in range(0, len(values), AT_ONCE):
        yield values[begin : begin + AT_ONCE]


async def hold(uow: UnitOfWork, dossier_ids: Sequence[UUID]) -> None:
    """Hold dossiers that will be asked for in portions, and their lists, in the order that everybody keeps to."""
    lists: set[UUID] = set()
    for ids in portions(sorted(dossier_ids)):
        asked = select(Dossier.list_id).where(col(Dossier.id).in_(ids), col(Dossier.list_id).is_not(None)).distinct()
        lists |= {list_id for list_id in await uow.session.exec(asked) if list_id}
    for list_ids in portions(sorted(lists)):
        await frozen_lists(uow, list_ids)
    for ids in portions(sorted(dossier_ids)):
        held = select(Dossier.id).where(col(Dossier.id).in_(ids)).order_by(col(Dossier.id)).with_for_update()
        await uow.session.exec(held)


async def known_dossiers(uow: UnitOfWork, fonds_id: UUID, file_codes: Sequence[str]) -> dict[str, KnownDossier]:
    """Give the dossiers of a fonds that have one of some codes, held for changing. Raises ListMoved."""
    found: dict[UUID, UUID | None] = {}
    for portion in portions(file_codes):
        asked = select(Dossier.id, Dossier.list_id).where(
            Dossier.fonds_id == fonds_id, col(Dossier.file_code).in_(portion)
        )
        found |= dict((await uow.session.exec(asked)).all())
    lists = {list_id for list_id in found.values() if list_id}
    frozen = await frozen_lists(uow, lists)
    known: dict[str, KnownDossier] = {}
    for ids in portions(sorted(found)):
        held = select(*KNOWN).where(col(Dossier.id).in_(ids)).order_by(col(Dossier.id)).with_for_update()
        rows = [row._mapping for row in (await uow.session.exec(held)).all()]
        if any(row["list_id"] and row["list_id"] not in lists for row in rows):
            raise ListMoved
        marks = await marks_of(uow.session, ids)
        pages = await document_pages_of(uow, ids)
        findings = await findings_of(uow.session, ids)
        for row in rows:
            known[row["file_code"]] = KnownDossier(
                id=row["id"],
                version=row["version"],
                description=described_by(row),
                marks=marks.get(row["id"], {}),
                is_frozen=row["list_id"] in frozen,
                is_archived=row["archived_at"] is not None,
                list_id=row["list_id"],
                document_pages=pages.get(row["id"], 0),
                findings=findings.get(row["id"], NOTHING),
            )
    return known


async def marks_of(session: AsyncSession, dossier_ids: Sequence[UUID]) -> dict[UUID, dict[str, str]]:
    """Give the criteria of dossiers with their evidence."""
    asked = select(CriterionMark.dossier_id, CriterionMark.criterion, CriterionMark.evidence)
    found: dict[UUID, dict[str, str]] = {}
    for dossier_id, criterion, evidence in await session.exec(
        asked.where(col(CriterionMark.dossier_id).in_(dossier_ids))
    ):
        found.setdefault(dossier_id, {})[criterion] = evidence
    return found


async def document_pages_of(uow: UnitOfWork, dossier_ids: Sequence[UUID]) -> dict[UUID, int]:
    """Give the last page that the documents of dossiers fill."""
    asked = select(Document.dossier_id, func.max(Document.last_page)).where(col(Document.dossier_id).in_(dossier_ids))
    rows = await uow.session.exec(asked.group_by(col(Document.dossier_id)))
    return {dossier_id: last or 0 for dossier_id, last in rows}
