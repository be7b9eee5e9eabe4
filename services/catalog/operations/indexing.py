"""The index that dossiers are found by, written anew in the transaction of every change.

Triggers of the database (migration 0004) bring `words` and `codes` into its own full-text index.
"""

import asyncio
from collections.abc import Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import delete, insert, update
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.catalog.domain.found_words import DOCUMENT_TOLD
from services.catalog.domain.terms import TOLD, entry_of
from services.catalog.models import CriterionMark, Document, Dossier, DossierIndex
from services.catalog.models.lists import ListEntry
from shared.uow import UnitOfWork

Row = Mapping[str, Any]
Documents = Mapping[UUID, Sequence[Row]]
Lists = Mapping[UUID, Sequence[UUID]]
AT_ONCE = 500
COLUMNS = [getattr(Dossier, name) for name in ("id", *TOLD)]
DOCUMENT_COLUMNS = [getattr(Document, name) for name in ("dossier_id", *DOCUMENT_TOLD)]


async def index_dossiers(uow: UnitOfWork, dossier_ids: Sequence[UUID]) -> None:
    """Write what dossiers are found by, as they are now."""
    await uow.session.flush()
    for begin in range(0, len(dossier_ids), AT_ONCE):
        await index_portion(uow, dossier_ids[begin : begin + AT_ONCE])


async def index_portion(uow: UnitOfWork, dossier_ids: Sequence[UUID]) -> None:
    """Write the entries of a few dossiers; those that are archived have none."""
    asked = select(*COLUMNS).where(col(Dossier.id).in_(dossier_ids), col(Dossier.archived_at).is_(None))
    rows = [row._mapping for row in (await uow.session.exec(asked.order_by(col(Dossier.id)))).all()]
    if gone := set(dossier_ids) - {row["id"] for row in rows}:
        await uow.session.exec(delete(DossierIndex).where(col(DossierIndex.dossier_id).in_(gone)))
    marked = select(CriterionMark.dossier_id, CriterionMark.criterion)
    criteria: dict[UUID, list[str]] = {}
    for dossier_id, criterion in await uow.session.exec(marked.where(col(CriterionMark.dossier_id).in_(dossier_ids))):
        criteria.setdefault(dossier_id, []).append(criterion)
    indexed = select(DossierIndex.dossier_id, DossierIndex.number)
    known = dict((await uow.session.exec(indexed.where(col(DossierIndex.dossier_id).in_(dossier_ids)))).all())
    documents = await told_by_documents(uow.session, dossier_ids)
    lists = await lists_entered(uow.session, dossier_ids)
    entries = await asyncio.to_thread(entries_of, rows, criteria, documents, lists)
    fresh = [entry for entry in entries if entry["dossier_id"] not in known]
    if fresh:
        await uow.session.exec(insert(DossierIndex), params=fresh)
    changed = [{**entry, "number": known[entry["dossier_id"]]} for entry in entries if entry["dossier_id"] in known]
    if changed:
        await uow.session.exec(update(DossierIndex), params=changed)


async def told_by_documents(session: AsyncSession, dossier_ids: Sequence[UUID]) -> dict[UUID, list[Row]]:
    """Give what the documents of dossiers say that these are found by."""
    asked = select(*DOCUMENT_COLUMNS).where(col(Document.dossier_id).in_(dossier_ids))
    found: dict[UUID, list[Row]] = {}
    for row in await session.exec(asked.order_by(col(Document.dossier_id), col(Document.number))):
        found.setdefault(row.dossier_id, []).append(row._mapping)
    return found


async def lists_entered(session: AsyncSession, dossier_ids: Sequence[UUID]) -> dict[UUID, list[UUID]]:
    """Give the lists that dossiers were approved on, superseded ones too: by its entries a list holds them still."""
    asked = select(ListEntry.dossier_id, ListEntry.list_id).where(col(ListEntry.dossier_id).in_(dossier_ids))
    found: dict[UUID, list[UUID]] = {}
    for dossier_id, list_id in await session.exec(asked):
        found.setdefault(dossier_id, []).append(list_id)
    return found


def entries_of(
    rows: Sequence[Row], criteria: Mapping[UUID, Collection[str]], documents: Documents, lists: Lists
) -> list[dict[str, Any]]:
    """Make the entries of dossiers; those that are new have no documents and are on no list."""
    return [
        {
            "dossier_id": each,
            **entry_of(row, criteria.get(each, ()), documents.get(each, ()), lists.get(each, ())).columns(),
        }
        for row in rows
        for each in (row["id"],)
    ]
