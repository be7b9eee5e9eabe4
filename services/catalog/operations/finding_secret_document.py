"""Write down that a document of a dossier was found to be still secret: nothing of it stays but its number and code."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID

from sqlmodel import col, select

from services.catalog.domain.document import DocumentLine
from services.catalog.domain.physical import tuples_in
from services.catalog.domain.secrecy_finding import OF_DOCUMENT, Finding
from services.catalog.domain.secret_document import SecretLine, sheets_removed
from services.catalog.models import Dossier, DossierPast
from services.catalog.models.secrets import SecretDocument
from services.catalog.operations.describing import description_of, put_description
from services.catalog.operations.finding_secret import codes_of, undecided_dossier
from services.catalog.operations.holding import demand_describable, demand_version
from services.catalog.operations.indexing import index_dossiers
from services.catalog.operations.itemising import documents_of, put_documents
from services.catalog.operations.purging import forget_in_imports, forget_in_index, overwrite_what_goes
from services.catalog.operations.purging_markings import forget_in_markings, hold_markings
from services.catalog.operations.remembering import as_it_was, described, itemised, past_since, remember
from services.catalog.operations.secret_codes import keep_codes
from shared.errors import NotFound
from shared.uow import UnitOfWork


@dataclass(frozen=True, slots=True)
class Place:
    """Where a document stands: its number, in the version of its dossier that has it, None for now."""

    number: int
    version: int | None = None


async def find_document_secret(
    uow: UnitOfWork, dossier_id: UUID, place: Place, finding: Finding, sheets: int, expected: int
) -> Dossier:
    """Take the words of a document out of its dossier, of its past and of imports; so many sheets are removed in all.

    Raises NotFound, DossierChanged, ListMoved, SecretRefused, SecretOnDecidedList, SecretOnYearlyList,
    SecretBeingImported.
    """
    await hold_markings(uow, dossier_id)
    dossier = await undecided_dossier(uow, dossier_id)
    demand_describable(dossier, secrets_allowed=False)
    demand_version(dossier, expected)
    now = await documents_of(uow.session, dossier_id)
    found = await standing_at(uow, dossier, place, now)
    await overwrite_what_goes(uow)
    before = description_of(dossier)
    left = found.without(now, dossier.version)
    await forget_in_past(uow, dossier_id, found)
    await forget_in_markings(uow, dossier_id)
    remember(uow, dossier, OF_DOCUMENT, described(before))
    put_description(dossier, sheets_removed(before, finding, sheets))
    if left != now:
        await put_documents(uow, dossier, left)
        dossier.document_count = len(left) or None  # none are itemised any more
    codes = await codes_of(uow.session, dossier)
    await keep_codes(uow, dossier, codes)
    uow.session.add(
        SecretDocument(dossier_id=dossier_id, version=dossier.version, number=place.number, code=found.code)
    )
    await uow.session.flush()
    await forget_in_imports(uow, dossier.fonds_id, codes, level="documents")
    await index_dossiers(uow, [dossier_id])
    await forget_in_index(uow)
    uow.record(OF_DOCUMENT, dossier_id, number=place.number, code=found.code, version=dossier.version)
    return dossier


async def standing_at(uow: UnitOfWork, dossier: Dossier, place: Place, now: Sequence[DocumentLine]) -> SecretLine:
    """Give the document that stands at a place. Raises NotFound."""
    version = place.version or dossier.version
    past = await past_since(uow.session, dossier.id, version) if version < dossier.version else ()
    lines = lines_in(as_it_was(itemised(now), past))
    line = next((each for each in lines if each.number == place.number), None)
    if line is None or version > dossier.version:
        raise NotFound("the dossier has no document of this number in this version")
    return SecretLine(line, version)


async def forget_in_past(uow: UnitOfWork, dossier_id: UUID, found: SecretLine) -> None:
    """Take a document out of everything that is remembered of its dossier."""
    asked = select(DossierPast).where(DossierPast.dossier_id == dossier_id).order_by(col(DossierPast.version))
    for row in (await uow.session.exec(asked)).all():
        if "documents" in row.content:
            left = found.without(lines_in(row.content), row.version)
            row.content = {**row.content, "documents": [asdict(each) for each in left]}
    await uow.session.flush()


def lines_in(content: dict[str, Any]) -> list[DocumentLine]:
    """Give the documents of a part of the past."""
    return [DocumentLine(**tuples_in(each)) for each in content["documents"]]
