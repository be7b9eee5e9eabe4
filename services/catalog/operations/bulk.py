"""Thousands of dossiers at once: read as values and written in portions, so that other requests get their turn."""

import asyncio
from collections.abc import Iterator, Sequence
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import delete, func, insert, update
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.catalog.domain.inventory import Comparison
from services.catalog.domain.known_dossier import KnownDossier, Told
from services.catalog.errors import ListMoved
from services.catalog.models import CriterionMark, Document, Dossier, DossierPast
from services.catalog.operations.describing import FIELDS, columns_of, described_by
from services.catalog.operations.holding import frozen_lists
from services.catalog.operations.indexing import index_dossiers, index_new
from services.catalog.operations.remembering import Content, described, marked, past_columns
from shared.ids import new_id
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
        for row in rows:
            known[row["file_code"]] = KnownDossier(
                id=row["id"],
                version=row["version"],
                description=described_by(row),
                marks=marks.get(row["id"], {}),
                is_frozen=row["list_id"] in frozen,
                is_archived=row["archived_at"] is not None,
                document_pages=pages.get(row["id"], 0),
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


async def write_dossiers(uow: UnitOfWork, fonds_id: UUID, found: Comparison) -> None:
    """Write what a comparison found to be new or changed."""
    for created in portions(found.created):
        ids = sorted(new_id() for _ in created)  # the order of the inventory stays
        rows = await asyncio.to_thread(fresh_rows, fonds_id, ids, created)
        await uow.session.exec(insert(Dossier), params=rows)
        await write_marks(uow, list(zip(ids, created, strict=True)))
        await index_new(uow, rows, {each: told.marks or {} for each, told in zip(ids, created, strict=True)})
    for updated in portions(found.updated):
        rows = [
            {"id": known.id, "version": known.version + 1, **columns_of(told.description)} for known, told in updated
        ]
        past = [
            past_columns(uow, known.id, known.version, "workbook.imported", past_of(known, told))
            for known, told in updated
        ]
        await uow.session.exec(insert(DossierPast), params=past)
        await uow.session.exec(update(Dossier), params=rows)
        remarked = [(known.id, told) for known, told in updated if told.marks is not None]
        ids = [dossier_id for dossier_id, _told in remarked]
        await uow.session.exec(delete(CriterionMark).where(col(CriterionMark.dossier_id).in_(ids)))
        await write_marks(uow, remarked)
        await index_dossiers(uow, [known.id for known, _told in updated])


def past_of(known: KnownDossier, told: Told) -> Content:
    """Give what of a dossier a row changes, as it is until then."""
    changed = described(known.description) if told.description != known.description else {}
    return changed | (marked(known.marks) if told.marks not in (None, dict(known.marks)) else {})


def fresh_rows(fonds_id: UUID, ids: Sequence[UUID], created: Sequence[Told]) -> list[dict[str, Any]]:
    """Make the rows of new dossiers."""
    return [
        {
            "id": dossier_id,
            "version": 1,
            "fonds_id": fonds_id,
            "list_id": None,
            "has_code_alike": False,
            **columns_of(told.description),
        }
        for dossier_id, told in zip(ids, created, strict=True)
    ]


async def write_marks(uow: UnitOfWork, told: Sequence[tuple[UUID, Told]]) -> None:
    """Write the criteria of dossiers that have none."""
    rows = [
        {"dossier_id": dossier_id, "criterion": criterion, "evidence": evidence}
        for dossier_id, each in told
        for criterion, evidence in (each.marks or {}).items()
    ]
    if rows:
        await uow.session.exec(insert(CriterionMark), params=rows)
