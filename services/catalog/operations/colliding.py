"""Codes of fonds, of series and dossiers of a fonds, that people would take for one another."""

from collections.abc import Sequence
from uuid import UUID

from sqlmodel import col, select

from services.catalog.domain.file_code import folded_code
from services.catalog.errors import FieldWrong
from services.catalog.models import Dossier, Fonds, Series
from services.catalog.models.secrets import SecretCode
from services.catalog.operations.secret_codes import had_by_secret
from shared.uow import UnitOfWork

AT_ONCE = 500


async def codes_alike(uow: UnitOfWork, fonds_id: UUID, file_codes: Sequence[str]) -> dict[str, str]:
    """Give, by what codes are folded to, a code that a dossier of the fonds has."""
    keys = sorted({folded_code(code) for code in file_codes})
    found: dict[str, str] = {}
    for begin in range(0, len(keys), AT_ONCE):
        portion = keys[begin : begin + AT_ONCE]
        asked = select(Dossier.code_key, Dossier.file_code).where(
            Dossier.fonds_id == fonds_id, col(Dossier.code_key).in_(portion)
        )
        found |= dict((await uow.session.exec(asked)).all())
    return found


async def demand_unlike(uow: UnitOfWork, fonds_id: UUID, file_code: str, dossier_id: UUID | None = None) -> None:
    """Raise FieldWrong where another dossier of the fonds has a code like this, or had it before it was found secret.

    One that is quite the same is told later.
    """
    had = had_by_secret(fonds_id).where(SecretCode.code_key == folded_code(file_code))
    if dossier_id:
        had = had.where(SecretCode.dossier_id != dossier_id)
    if (await uow.session.exec(had.limit(1))).first() is not None:
        code = "file_code_shut"
        raise FieldWrong(code, fields=[{"field": "file_code", "code": code}])
    asked = select(Dossier.file_code).where(
        Dossier.fonds_id == fonds_id, Dossier.code_key == folded_code(file_code), Dossier.file_code != file_code
    )
    if dossier_id:
        asked = asked.where(Dossier.id != dossier_id)
    other = (await uow.session.exec(asked.limit(1))).first()
    if other is not None:
        code = "file_code_collides"
        raise FieldWrong(code, fields=[{"field": "file_code", "code": code, "other": other}])


async def demand_unlike_fonds(uow: UnitOfWork, code: str, fonds_id: UUID | None = None) -> None:
    """Raise FieldWrong where another fonds has a code like this; one quite the same is told later."""
    asked = select(Fonds.code).where(Fonds.code_key == folded_code(code), Fonds.code != code)
    if fonds_id:
        asked = asked.where(Fonds.id != fonds_id)
    demand_none((await uow.session.exec(asked.limit(1))).first())


async def demand_unlike_series(uow: UnitOfWork, fonds_id: UUID, code: str) -> None:
    """Raise FieldWrong where another series of the fonds has a code like this; one quite the same is told later."""
    asked = select(Series.code).where(
        Series.fonds_id == fonds_id, Series.code_key == folded_code(code), Series.code != code
    )
    demand_none((await uow.session.exec(asked.limit(1))).first())


def demand_none(other: str | None) -> None:
    """Raise FieldWrong that names a code that is too much alike, if there is one."""
    if other is not None:
        raise FieldWrong("code_collides", fields=[{"field": "code", "code": "code_collides", "other": other}])
