"""Say which criteria a dossier meets, and why."""

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy import delete
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.catalog.domain.programme import Programme
from services.catalog.errors import CriterionUnknown
from services.catalog.models import CriterionMark, Dossier
from services.catalog.operations.holding import changeable_dossier, demand_describable, demand_version
from services.catalog.operations.indexing import index_dossiers
from services.catalog.operations.remembering import marked, remember
from shared.uow import UnitOfWork


async def set_criteria(
    uow: UnitOfWork,
    dossier_id: UUID,
    marks: Mapping[str, str],
    programme: Programme,
    expected: int,
    *,
    secrets_allowed: bool,
) -> None:
    """Say which criteria a dossier meets and why, all at once; saying the same again changes nothing.

    Raises NotFound, DossierChanged, DescriptionFrozen, ListMoved, SecretRefused, CriterionUnknown.
    """
    dossier = await changeable_dossier(uow, dossier_id)
    demand_describable(dossier, secrets_allowed=secrets_allowed)
    demand_known(marks, programme)
    before = await criteria_of(uow.session, dossier_id)
    if before == marks:
        return
    demand_version(dossier, expected)
    remember(uow, dossier, "criteria.set", marked(before))
    await put_criteria(uow, dossier, marks)
    await index_dossiers(uow, [dossier_id])
    uow.record("criteria.set", dossier_id, criteria=sorted(marks), version=dossier.version)


def demand_known(marks: Mapping[str, str], programme: Programme) -> None:
    """Raise CriterionUnknown for a criterion that the programme does not have."""
    unknown = marks.keys() - programme.criteria.keys()
    if unknown:
        raise CriterionUnknown(", ".join(sorted(unknown)))


async def put_criteria(uow: UnitOfWork, dossier: Dossier, marks: Mapping[str, str]) -> None:
    """Write the criteria of a dossier in place of those it has."""
    await uow.session.exec(delete(CriterionMark).where(col(CriterionMark.dossier_id) == dossier.id))
    uow.session.add_all(
        CriterionMark(dossier_id=dossier.id, criterion=code, evidence=why) for code, why in marks.items()
    )


async def criteria_of(session: AsyncSession, dossier_id: UUID) -> dict[str, str]:
    """Give the criteria of a dossier with the evidence for each."""
    rows = await session.exec(select(CriterionMark).where(CriterionMark.dossier_id == dossier_id))
    return {mark.criterion: mark.evidence for mark in rows}
