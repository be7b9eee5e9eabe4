"""Say which documents a dossier has."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any
from uuid import UUID

from sqlalchemy import delete
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.catalog.domain.document import DocumentLine, any_classified, wrong_documents
from services.catalog.domain.secret_mark import demand_unmarked
from services.catalog.errors import DocumentsWrong, SecretRefused
from services.catalog.models import Document, Dossier
from services.catalog.operations.describing import description_of
from services.catalog.operations.holding import changeable_dossier, demand_describable, demand_version
from services.catalog.operations.indexing import index_dossiers
from services.catalog.operations.remembering import before_documents, remember
from shared.clock import day_in_vietnam, now
from shared.uow import UnitOfWork


async def set_documents(
    uow: UnitOfWork, dossier_id: UUID, documents: Sequence[DocumentLine], expected: int, *, secrets_allowed: bool
) -> None:
    """Say which documents a dossier has, all at once; saying the same again changes nothing.

    Raises NotFound, DossierChanged, DescriptionFrozen, ListMoved, SecretRefused, DocumentsWrong.
    """
    dossier = await changeable_dossier(uow, dossier_id)
    demand_describable(dossier, secrets_allowed=secrets_allowed)
    demand_fitting(documents, dossier.page_count, secrets_allowed=secrets_allowed)
    before = await documents_of(uow.session, dossier_id)
    if before == list(documents):
        return
    demand_version(dossier, expected)
    remember(uow, dossier, "documents.set", before_documents(description_of(dossier), before, documents))
    await put_documents(uow, dossier, documents)
    await index_dossiers(uow, [dossier_id])
    uow.record("documents.set", dossier_id, count=len(documents), version=dossier.version)


def demand_fitting(documents: Sequence[DocumentLine], page_count: int, *, secrets_allowed: bool) -> None:
    """Raise SecretRefused, SecretMarked or DocumentsWrong unless a dossier of so many pages may have documents."""
    if any_classified(documents) and not secrets_allowed:
        raise SecretRefused
    for each in documents:
        texts = {name: value for name, value in asdict(each).items() if isinstance(value, str)}
        demand_unmarked(secrets_allowed=secrets_allowed, **texts)
    found = wrong_documents(documents, page_count, day_in_vietnam(now()))
    wrongs = [{"number": number, "code": wrong.code} for number, wrong in found]
    if wrongs:
        raise DocumentsWrong(documents=wrongs)


async def put_documents(uow: UnitOfWork, dossier: Dossier, documents: Sequence[DocumentLine]) -> None:
    """Write the documents of a dossier in place of those it has."""
    await uow.session.exec(delete(Document).where(col(Document.dossier_id) == dossier.id))
    uow.session.add_all(Document(dossier_id=dossier.id, **document_columns(each)) for each in documents)
    dossier.document_count = len(documents) or dossier.document_count


async def documents_of(session: AsyncSession, dossier_id: UUID) -> list[DocumentLine]:
    """Give the documents of a dossier in order."""
    asked = select(Document).where(Document.dossier_id == dossier_id).order_by(col(Document.number))
    return [line_of(row) for row in await session.exec(asked)]


def line_of(row: Document) -> DocumentLine:
    """Give the columns of a document as a line."""
    return DocumentLine(**{**row.model_dump(exclude={"dossier_id"}), "languages": tuple(row.languages)})


def document_columns(line: DocumentLine) -> dict[str, Any]:
    """Give a line as the columns of a document."""
    return {**asdict(line), "languages": list(line.languages)}
