"""The codes that secret dossiers have or had: a code is no secret, and tells which rows would bring words back."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from sqlalchemy import func
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel.sql.expression import SelectOfScalar

from services.catalog.domain.eligibility import Secrecy
from services.catalog.domain.file_code import folded_code
from services.catalog.domain.lifting import NOTHING, Findings
from services.catalog.domain.shut_code import ShutCode
from services.catalog.models import Dossier
from services.catalog.models.secrets import SecretCode, SecretDocument
from shared.uow import UnitOfWork

SHOWN = (Dossier.code_key, Dossier.file_code, Dossier.version, Dossier.secrecy)


async def shut_codes(session: AsyncSession, fonds_id: UUID, level: str) -> dict[str, ShutCode]:
    """Give the codes of a fonds that dossiers which are secret now have or had, by what they are folded to.

    For rows that tell documents also those of dossiers with a document that was found secret.
    """
    found = await of_documents(session, fonds_id) if level == "documents" else {}
    had = had_by_secret(fonds_id)
    of_fonds = select(*SHOWN).where(Dossier.fonds_id == fonds_id)
    secret = await session.exec(of_fonds.where(Dossier.secrecy == Secrecy.SECRET))
    taken = await session.exec(of_fonds.where(Dossier.secrecy != Secrecy.SECRET, col(Dossier.code_key).in_(had)))
    found |= {key: ShutCode() for key in await session.exec(had)}
    return found | {row[0]: shown(row) for row in [*taken, *secret]}


async def of_documents(session: AsyncSession, fonds_id: UUID) -> dict[str, ShutCode]:
    """Give the codes of dossiers with a document that was found secret, as shut to what was exported before that."""
    since = func.max(SecretDocument.version)
    found_out = select(SecretDocument.dossier_id, since.label("since")).group_by(col(SecretDocument.dossier_id))
    told = found_out.subquery()
    had = select(SecretCode.code_key, Dossier.file_code, told.c.since)
    had = had.join(Dossier, col(Dossier.id) == SecretCode.dossier_id).join(told, told.c.dossier_id == Dossier.id)
    rows = await session.exec(had.where(SecretCode.fonds_id == fonds_id))
    return {key: ShutCode(code, version, is_secret=False, is_since=True) for key, code, version in rows}


def shown(row: tuple[str, str, int, str]) -> ShutCode:
    """Tell which dossier has a code."""
    return ShutCode(row[1], row[2], is_secret=row[3] == Secrecy.SECRET)


def had_by_secret(fonds_id: UUID) -> SelectOfScalar[str]:
    """Ask for what the codes are folded to that dossiers had which are secret now."""
    had = select(SecretCode.code_key).join(Dossier, col(Dossier.id) == SecretCode.dossier_id)
    return had.where(SecretCode.fonds_id == fonds_id, Dossier.secrecy == Secrecy.SECRET)


async def findings_of(session: AsyncSession, dossier_ids: Sequence[UUID]) -> dict[UUID, Findings]:
    """Say of some dossiers what was ever found; whatever was, the codes were kept."""
    found = select(SecretCode.dossier_id).where(col(SecretCode.dossier_id).in_(dossier_ids)).distinct()
    since = select(SecretDocument.dossier_id, func.max(SecretDocument.version))
    since = since.where(col(SecretDocument.dossier_id).in_(dossier_ids)).group_by(col(SecretDocument.dossier_id))
    versions = dict((await session.exec(since)).all())
    return {each: Findings(is_found=True, since=versions.get(each, 0)) for each in await session.exec(found)}


async def findings_about(session: AsyncSession, dossier_id: UUID) -> Findings:
    """Say of one dossier what was ever found."""
    return (await findings_of(session, [dossier_id])).get(dossier_id, NOTHING)


async def keep_codes(uow: UnitOfWork, dossier: Dossier, codes: Iterable[str]) -> None:
    """Keep the codes that a dossier has had by the time it is found secret."""
    for code in sorted(codes):
        await uow.session.merge(
            SecretCode(dossier_id=dossier.id, file_code=code, fonds_id=dossier.fonds_id, code_key=folded_code(code))
        )
