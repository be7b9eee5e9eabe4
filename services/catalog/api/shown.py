"""Dossiers as lists show them: with their criteria, and with what keeps them off a selection list."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.catalog.api.dossier_shapes import BlockOut, DossierOut
from services.catalog.domain.eligibility import WORDS, reasons_against
from services.catalog.models import CriterionMark, Dossier
from services.catalog.operations.choosing import candidate_of
from shared.texts import Language


async def shown(session: AsyncSession, rows: Sequence[Dossier], language: Language) -> list[DossierOut]:
    """Show dossiers with their criteria and what keeps them off a list, one query for all of them."""
    asked = select(CriterionMark).where(col(CriterionMark.dossier_id).in_([row.id for row in rows]))
    marks: dict[UUID, dict[str, str]] = {}
    for mark in await session.exec(asked):
        marks.setdefault(mark.dossier_id, {})[mark.criterion] = mark.evidence
    return [
        DossierOut.model_validate(row).model_copy(
            update={"criteria": marks.get(row.id, {}), "blocks": blocks_of(row, marks.get(row.id, {}), language)}
        )
        for row in rows
    ]


def blocks_of(row: Dossier, marks: Mapping[str, str], language: Language) -> list[BlockOut]:
    """Say in words what keeps a dossier off a list."""
    candidate = candidate_of(row, sum(map(bool, marks.values())))
    return [BlockOut(code=reason, message=getattr(WORDS[reason], language)) for reason in reasons_against(candidate)]
