"""Bring a dossier back to how it was: a new version that says what an older one said."""

from typing import Any
from uuid import UUID

from services.catalog.context import Context
from services.catalog.domain.description import Description
from services.catalog.domain.document import DocumentLine
from services.catalog.domain.physical import tuples_in
from services.catalog.errors import VersionUnknown
from services.catalog.operations.colliding import demand_unlike
from services.catalog.operations.describing import demand_right, demand_series, description_of, put_description
from services.catalog.operations.holding import added, changeable_dossier, demand_version
from services.catalog.operations.indexing import index_dossiers
from services.catalog.operations.itemising import demand_fitting, documents_of, put_documents
from services.catalog.operations.marking import criteria_of, demand_known, put_criteria
from services.catalog.operations.remembering import as_it_was, described, itemised, marked, past_since, remember
from shared.uow import UnitOfWork


async def restore_dossier(uow: UnitOfWork, context: Context, dossier_id: UUID, version: int, expected: int) -> None:
    """Say of a dossier what it said in an older version; what that was has to be right today.

    Raises NotFound, VersionUnknown, DossierChanged, DescriptionFrozen, ListMoved, CodeTaken, FieldWrong, SecretRefused,
    SeriesUnknown, DocumentsWrong, CriterionUnknown.
    """
    dossier = await changeable_dossier(uow, dossier_id)
    past = await past_since(uow.session, dossier_id, version)
    if not past or past[0].version != version:
        raise VersionUnknown(str(version))
    present = {
        **described(description_of(dossier)),
        **itemised(await documents_of(uow.session, dossier_id)),
        **marked(await criteria_of(uow.session, dossier_id)),
    }
    was: dict[str, Any] = as_it_was(present, past)
    if was == present:
        return
    told = Description(**tuples_in(was["description"]))
    documents = [DocumentLine(**tuples_in(each)) for each in was["documents"]]
    demand_right(told, secrets_allowed=context.secrets_allowed)
    await demand_series(uow, dossier.fonds_id, told.series_code)
    demand_known(was["criteria"], context.programme)
    demand_fitting(documents, told.page_count, secrets_allowed=context.secrets_allowed)
    demand_version(dossier, expected)
    if told.file_code != dossier.file_code:
        await demand_unlike(uow, dossier.fonds_id, told.file_code, dossier_id)
    remember(uow, dossier, "dossier.restored", {part: present[part] for part in present if present[part] != was[part]})
    await put_documents(uow, dossier, documents)
    await put_criteria(uow, dossier, was["criteria"])
    put_description(dossier, told)
    await added(uow, dossier, told.file_code)
    await index_dossiers(uow, [dossier_id])
    uow.record("dossier.restored", dossier_id, version=dossier.version, restored_version=version)
