"""Describe: fonds, series, dossiers, documents and the criteria they meet."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any
from uuid import UUID

from sqlalchemy import delete
from sqlmodel import col, select

from services.catalog.domain.description import Description, wrongs_of
from services.catalog.domain.eligibility import Secrecy
from services.catalog.domain.folding import folded
from services.catalog.domain.programme import Programme
from services.catalog.domain.state import CHANGEABLE
from services.catalog.errors import CodeTaken, CriterionUnknown, DescriptionFrozen, FieldWrong, SecretRefused
from services.catalog.models import CriterionMark, Document, Dossier, Fonds, SelectionList, Series
from shared.errors import NotFound
from shared.uow import UnitOfWork


async def create_fonds(uow: UnitOfWork, code: str, title: str, kind: str, archive_code: str) -> Fonds:
    """Add a fonds, work or collection. Raises CodeTaken."""
    if (await uow.session.exec(select(Fonds.id).where(Fonds.code == code))).first() is not None:
        raise CodeTaken(code)
    fonds = Fonds(code=code, title=title, kind=kind, archive_code=archive_code)
    uow.session.add(fonds)
    uow.record("fonds.created", fonds.id, code=code)
    return fonds


async def create_series(uow: UnitOfWork, fonds_id: UUID, code: str, title: str) -> Series:
    """Add a series to a fonds. Raises NotFound, CodeTaken."""
    await given_fonds(uow, fonds_id)
    taken = select(Series.id).where(Series.fonds_id == fonds_id, Series.code == code)
    if (await uow.session.exec(taken)).first() is not None:
        raise CodeTaken(code)
    series = Series(fonds_id=fonds_id, code=code, title=title)
    uow.session.add(series)
    uow.record("series.created", series.id, code=code)
    return series


async def given_fonds(uow: UnitOfWork, fonds_id: UUID) -> Fonds:
    """Give a fonds. Raises NotFound."""
    fonds = await uow.session.get(Fonds, fonds_id)
    if fonds is None:
        raise NotFound("no fonds has this id")
    return fonds


async def create_dossier(uow: UnitOfWork, fonds_id: UUID, told: Description, *, secrets_allowed: bool) -> Dossier:
    """Add a dossier. Raises NotFound, CodeTaken, FieldWrong, SecretRefused."""
    await given_fonds(uow, fonds_id)
    demand_right(told, secrets_allowed=secrets_allowed)
    taken = select(Dossier.id).where(Dossier.fonds_id == fonds_id, Dossier.file_code == told.file_code)
    if (await uow.session.exec(taken)).first() is not None:
        raise CodeTaken(told.file_code)
    dossier = Dossier(fonds_id=fonds_id, **columns_of(told))
    uow.session.add(dossier)
    uow.record("dossier.created", dossier.id, file_code=told.file_code)
    return dossier


async def change_dossier(uow: UnitOfWork, dossier_id: UUID, told: Description, *, secrets_allowed: bool) -> Dossier:
    """Change a description. Raises NotFound, DescriptionFrozen, CodeTaken, FieldWrong, SecretRefused."""
    dossier = await changeable(uow, dossier_id)
    demand_right(told, secrets_allowed=secrets_allowed)
    if told.file_code != dossier.file_code:
        taken = select(Dossier.id).where(Dossier.fonds_id == dossier.fonds_id, Dossier.file_code == told.file_code)
        if (await uow.session.exec(taken)).first() is not None:
            raise CodeTaken(told.file_code)
    change(dossier, told)
    uow.record("dossier.changed", dossier_id, version=dossier.version)
    return dossier


def change(dossier: Dossier, told: Description) -> bool:
    """Write a description over a dossier's; False when it says the same."""
    fresh = columns_of(told)
    if all(getattr(dossier, name) == value for name, value in fresh.items()):
        return False
    for name, value in fresh.items():
        setattr(dossier, name, value)
    dossier.version += 1
    return True


def columns_of(told: Description) -> dict[str, Any]:
    """Give a description as columns, with its folded text for searching."""
    columns: dict[str, Any] = asdict(told)
    columns["languages"] = list(told.languages)
    columns["folded"] = folded(f"{told.file_code} {told.title} {told.keywords}")
    return columns


def demand_right(told: Description, *, secrets_allowed: bool) -> None:
    """Raise SecretRefused or FieldWrong unless a description may be kept."""
    if told.secrecy == Secrecy.SECRET and not secrets_allowed:
        raise SecretRefused
    wrongs = [asdict(wrong) for wrong in wrongs_of(told)]
    if wrongs:
        raise FieldWrong(", ".join(f"{wrong['field']}: {wrong['code']}" for wrong in wrongs), fields=wrongs)


async def changeable(uow: UnitOfWork, dossier_id: UUID) -> Dossier:
    """Give a dossier that may change. Raises NotFound, DescriptionFrozen."""
    dossier = await uow.session.get(Dossier, dossier_id, with_for_update=True)
    if dossier is None:
        raise NotFound("no dossier has this id")
    if dossier.list_id is not None:
        selection = await uow.session.get_one(SelectionList, dossier.list_id, with_for_update={"read": True})
        if selection.state not in CHANGEABLE:
            raise DescriptionFrozen(dossier.file_code)
    return dossier


async def set_documents(uow: UnitOfWork, dossier_id: UUID, documents: Sequence[Document]) -> list[Document]:
    """Say which documents a dossier has, all at once. Raises NotFound, DescriptionFrozen, FieldWrong."""
    dossier = await changeable(uow, dossier_id)
    if [document.number for document in documents] != list(range(1, len(documents) + 1)):
        raise FieldWrong("documents are numbered 1, 2, 3 and so on")
    await uow.session.exec(delete(Document).where(col(Document.dossier_id) == dossier_id))
    uow.session.add_all(documents)
    dossier.document_count = len(documents) or dossier.document_count
    dossier.version += 1
    uow.record("documents.set", dossier_id, count=len(documents))
    return list(documents)


async def set_criteria(
    uow: UnitOfWork, dossier_id: UUID, marks: dict[str, str], programme: Programme
) -> list[CriterionMark]:
    """Say which criteria a dossier meets and why, all at once. Raises NotFound, DescriptionFrozen, CriterionUnknown."""
    dossier = await changeable(uow, dossier_id)
    unknown = marks.keys() - programme.criteria.keys()
    if unknown:
        raise CriterionUnknown(", ".join(sorted(unknown)))
    await uow.session.exec(delete(CriterionMark).where(col(CriterionMark.dossier_id) == dossier_id))
    rows = [CriterionMark(dossier_id=dossier_id, criterion=code, evidence=why) for code, why in sorted(marks.items())]
    uow.session.add_all(rows)
    dossier.version += 1
    uow.record("criteria.set", dossier_id, criteria=sorted(marks))
    return rows
