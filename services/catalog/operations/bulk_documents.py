"""Documents of many dossiers at once: read by dossier and number, written in portions."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import delete, insert, update
from sqlmodel import col, select

from services.catalog.domain.document import DocumentLine
from services.catalog.domain.itemising import Change, Itemised
from services.catalog.domain.known_dossier import KnownDossier
from services.catalog.models import Document, Dossier, DossierPast
from services.catalog.operations.bulk import portions
from services.catalog.operations.indexing import index_dossiers
from services.catalog.operations.itemising import document_columns, line_of
from services.catalog.operations.remembering import Content, before_documents, past_columns
from shared.uow import UnitOfWork


async def known_lines(uow: UnitOfWork, known: Mapping[str, KnownDossier]) -> dict[str, dict[int, DocumentLine]]:
    """Give the documents of dossiers by file code and number."""
    codes = {dossier.id: file_code for file_code, dossier in known.items()}
    found: dict[str, dict[int, DocumentLine]] = {}
    for ids in portions(sorted(codes)):
        asked = select(Document).where(col(Document.dossier_id).in_(ids))
        for row in (await uow.session.exec(asked)).all():
            found.setdefault(codes[row.dossier_id], {})[row.number] = line_of(row)
            uow.session.expunge(row)  # what is written is written in bulk, past the session
    return found


async def write_lines(uow: UnitOfWork, found: Itemised) -> None:
    """Write all documents of the dossiers whose documents change, and count them there."""
    for changed in portions(found.changed):
        ids = [each.dossier.id for each in changed]
        past = [
            past_columns(uow, each.dossier.id, each.dossier.version, "workbook.imported", past_of(each))
            for each in changed
        ]
        await uow.session.exec(insert(DossierPast), params=past)
        await uow.session.exec(delete(Document).where(col(Document.dossier_id).in_(ids)))
        counted = [
            {"id": each.dossier.id, "version": each.dossier.version + 1, "document_count": len(each.after)}
            for each in changed
        ]
        await uow.session.exec(update(Dossier), params=counted)
        rows = [row for each in changed for row in rows_of(each.dossier.id, each.after)]
        for portion in portions(rows):
            await uow.session.exec(insert(Document), params=portion)
        await index_dossiers(uow, ids)


def past_of(change: Change) -> Content:
    """Give what of a dossier its documents change, as it is until then."""
    return before_documents(change.dossier.description, change.before, change.after)


def rows_of(dossier_id: UUID, lines: Sequence[DocumentLine]) -> list[dict[str, Any]]:
    """Make the rows of a dossier's documents."""
    return [{"dossier_id": dossier_id, **document_columns(line)} for line in lines]
