"""Dossiers as lists show them: with their criteria, and with what keeps them off a selection list."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.catalog.api.dossier_shapes import BlockOut, DossierOut
from services.catalog.domain.eligibility import WORDS, Candidate, reasons_against
from services.catalog.domain.evidence import evidenced
from services.catalog.models import CriterionMark, Dossier
from services.catalog.operations.choosing import candidate_of, with_secrets
from shared.texts import Language


async def shown(session: AsyncSession, rows: Sequence[Dossier], language: Language) -> list[DossierOut]:
    """Show dossiers with their criteria and what keeps them off a list, two queries for all of them."""
    asked = select(CriterionMark).where(col(CriterionMark.dossier_id).in_([row.id for row in rows]))
    marks: dict[UUID, dict[str, str]] = {}
    for mark in await session.exec(asked):
        marks.setdefault(mark.dossier_id, {})[mark.criterion] = mark.evidence
    secret = await with_secrets(session, [row.id for row in rows])
    return [dossier_out(row, marks.get(row.id, {}), language, has_secret=row.id in secret) for row in rows]


def dossier_out(row: Dossier, marks: Mapping[str, str], language: Language, *, has_secret: bool) -> DossierOut:
    """Show a dossier."""
    candidate = candidate_of(row, evidenced(marks.values()), has_secret=has_secret)
    told = {"criteria": marks, "blocks": blocks_of(candidate, language)}
    return DossierOut.model_validate(row).model_copy(update=told)


def blocks_of(candidate: Candidate, language: Language) -> list[BlockOut]:
    """Say in words what keeps a dossier off a list."""
    return [BlockOut(code=reason, message=getattr(WORDS[reason], language)) for reason in reasons_against(candidate)]
