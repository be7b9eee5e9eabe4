"""Bring a dossier back to how it was: a new version that says what an older one said."""

from typing import Any
from uuid import UUID

from services.catalog.context import Context
from services.catalog.domain.description import Description
from services.catalog.domain.document import DocumentLine
from services.catalog.domain.physical import tuples_in
from services.catalog.errors import VersionUnknown
from services.catalog.operations.colliding import demand_unlike
from services.catalog.operations.describing import (
    demand_right,
    demand_series,
    demand_unlifted,
    description_of,
    put_description,
)
from services.catalog.operations.holding import added, changeable_dossier, demand_version
from services.catalog.operations.indexing import index_dossiers
from services.catalog.operations.itemising import demand_fitting, documents_of, put_documents
from services.catalog.operations.marking import criteria_of, demand_known, put_criteria
from services.catalog.operations.remembering import as_it_was, described, itemised, marked, past_since, remember
from services.catalog.operations.secret_codes import findings_about
from shared.uow import UnitOfWork


async def restore_dossier(uow: UnitOfWork, context: Context, dossier_id: UUID, version: int, expected: int) -> None:
    """Say of a dossier what it said in an older version; what that was has to be right today.

    Where it, or a document of it, was found secret, what is said of its secrecy stays as it is.

    Raises NotFound, VersionUnknown, DossierChanged, DescriptionFrozen, ListMoved, CodeTaken, FieldWrong, SecretRefused,
    SeriesUnknown, DocumentsWrong, CriterionUnknown, FindingStands.
    """
    dossier = await changeable_dossier(uow, dossier_id)
    past = await past_since(uow.session, dossier_id, version)
    if not past or past[0].version != version:
        raise VersionUnknown(str(version))
    now, found = description_of(dossier), await findings_about(uow.session, dossier_id)
    present = {
        **described(now),
        **itemised(await documents_of(uow.session, dossier_id)),
        **marked(await criteria_of(uow.session, dossier_id)),
    }
    was: dict[str, Any] = as_it_was(present, past)
    documents = [DocumentLine(**tuples_in(each)) for each in was["documents"]]
    told = found.kept(now, Description(**tuples_in(was["description"])), version, len(documents))
    was |= described(told)
    if was == present:
        return
    demand_right(told, secrets_allowed=context.secrets_allowed)
    await demand_series(uow, dossier.fonds_id, told.series_code)
    demand_known(was["criteria"], context.programme)
    demand_fitting(documents, told.page_count, secrets_allowed=context.secrets_allowed)
    demand_version(dossier, expected)
    demand_unlifted(found, now, told, secrets_allowed=context.secrets_allowed)
    if told.file_code != dossier.file_code:
        await demand_unlike(uow, dossier.fonds_id, told.file_code, dossier_id)
    remember(uow, dossier, "dossier.restored", {part: present[part] for part in present if present[part] != was[part]})
    await put_documents(uow, dossier, documents)
    await put_criteria(uow, dossier, was["criteria"])
    put_description(dossier, told)
    await added(uow, dossier, told.file_code)
    await index_dossiers(uow, [dossier_id])
    uow.record("dossier.restored", dossier_id, version=dossier.version, restored_version=version)
