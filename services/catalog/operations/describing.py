"""Describe: fonds, series and dossiers."""

from collections.abc import Mapping, Sequence
from dataclasses import fields
from typing import Any
from uuid import UUID

from sqlalchemy import func
from sqlmodel import col, select

from services.catalog.domain.description import Description, Wrong, wrongs_of
from services.catalog.domain.eligibility import Secrecy
from services.catalog.domain.file_code import folded_code
from services.catalog.domain.fonds_code import is_plain
from services.catalog.domain.holding import wrongs_of_fonds
from services.catalog.domain.lifting import Findings
from services.catalog.domain.physical import tuples_in
from services.catalog.domain.secrecy_errors import FindingStands
from services.catalog.domain.secret_mark import demand_unmarked
from services.catalog.errors import FieldWrong, FondsCodeWrong, SecretRefused, SeriesUnknown
from services.catalog.models import Document, Dossier, Fonds, Series
from services.catalog.operations.colliding import demand_unlike, demand_unlike_fonds, demand_unlike_series
from services.catalog.operations.holding import added, changeable_dossier, demand_version, given_fonds
from services.catalog.operations.indexing import index_dossiers
from services.catalog.operations.remembering import described, remember
from services.catalog.operations.secret_codes import findings_about
from shared.clock import day_in_vietnam, now
from shared.uow import UnitOfWork

FIELDS = tuple(field.name for field in fields(Description))


async def create_fonds(uow: UnitOfWork, told: Mapping[str, Any]) -> Fonds:
    """Add a fonds, work or collection. Raises FondsCodeWrong, CodeTaken, FieldWrong."""
    demand_plain(told["code"])
    demand_right_fonds(told)
    await demand_unlike_fonds(uow, told["code"])
    fonds = await added(uow, Fonds(**told), told["code"])
    uow.record("fonds.created", fonds.id, code=fonds.code)
    return fonds


def demand_plain(code: str) -> None:
    """Refuse a code that folders cannot be named by. Raises FondsCodeWrong."""
    if not is_plain(code):
        raise FondsCodeWrong(code)


async def create_series(uow: UnitOfWork, fonds_id: UUID, code: str, title: str) -> Series:
    """Add a series to a fonds. Raises NotFound, CodeTaken, FieldWrong."""
    await given_fonds(uow, fonds_id)
    await demand_unlike_series(uow, fonds_id, code)
    series = await added(uow, Series(fonds_id=fonds_id, code=code, title=title), code)
    uow.record("series.created", series.id, code=code)
    return series


async def create_dossier(uow: UnitOfWork, fonds_id: UUID, told: Description, *, secrets_allowed: bool) -> Dossier:
    """Add a dossier. Raises NotFound, CodeTaken, FieldWrong, SecretRefused, SeriesUnknown."""
    await given_fonds(uow, fonds_id)
    demand_right(told, secrets_allowed=secrets_allowed)
    await demand_series(uow, fonds_id, told.series_code)
    await demand_unlike(uow, fonds_id, told.file_code)
    dossier = await added(uow, Dossier(fonds_id=fonds_id, **columns_of(told)), told.file_code)
    await index_dossiers(uow, [dossier.id])
    uow.record("dossier.created", dossier.id, file_code=told.file_code)
    return dossier


async def change_dossier(
    uow: UnitOfWork, dossier_id: UUID, told: Description, expected: int, *, secrets_allowed: bool
) -> Dossier:
    """Change a description in the version that the caller saw; saying the same again changes nothing.

    Raises NotFound, DossierChanged, DescriptionFrozen, ListMoved, CodeTaken, FieldWrong, SecretRefused, SeriesUnknown,
    FindingStands.
    """
    dossier = await changeable_dossier(uow, dossier_id)
    demand_right(told, secrets_allowed=secrets_allowed)
    await demand_series(uow, dossier.fonds_id, told.series_code)
    if told.page_count < await document_pages(uow, dossier_id):
        raise wrong_fields([Wrong("page_count", "less_than_documents")])
    before = description_of(dossier)
    if before == told:
        return dossier
    demand_version(dossier, expected)
    demand_unlifted(await findings_about(uow.session, dossier_id), before, told, secrets_allowed=secrets_allowed)
    if told.file_code != before.file_code:
        await demand_unlike(uow, dossier.fonds_id, told.file_code, dossier_id)
    remember(uow, dossier, "dossier.changed", described(before))
    put_description(dossier, told)
    await added(uow, dossier, told.file_code)
    await index_dossiers(uow, [dossier_id])
    uow.record("dossier.changed", dossier_id, version=dossier.version)
    return dossier


def put_description(dossier: Dossier, told: Description) -> None:
    """Write a description into the columns of a dossier; a code that is given now has to be apart from all others."""
    if told.file_code != dossier.file_code:
        dossier.has_code_alike = False
    for name, value in columns_of(told).items():
        setattr(dossier, name, value)


def columns_of(told: Description) -> dict[str, Any]:
    """Give a description as columns."""
    columns = {name: getattr(told, name) for name in FIELDS}
    columns["code_key"] = folded_code(told.file_code)
    columns |= {"languages": list(told.languages), "conditions": list(told.conditions)}
    columns |= {"sheet_sizes": dict(told.sheet_sizes), "page_sizes": dict(told.page_sizes)}
    return columns


def description_of(dossier: Dossier) -> Description:
    """Give the columns of a dossier as its description."""
    return Description(**tuples_in({name: getattr(dossier, name) for name in FIELDS}))


def described_by(row: Mapping[str, Any]) -> Description:
    """Give the columns of a row as the description of a dossier."""
    return Description(**tuples_in({name: row[name] for name in FIELDS}))


def demand_right(told: Description, *, secrets_allowed: bool) -> None:
    """Raise SecretRefused, SecretMarked or FieldWrong unless a description may be kept; no secret is repeated."""
    if told.secrecy == Secrecy.SECRET and not secrets_allowed:
        raise SecretRefused
    texts = {name: value for name in FIELDS if isinstance(value := getattr(told, name), str)}
    demand_unmarked(secrets_allowed=secrets_allowed, **texts)
    wrongs = list(wrongs_of(told, day_in_vietnam(now())))
    if wrongs:
        raise wrong_fields(wrongs)


def demand_unlifted(found: Findings, before: Description, told: Description, *, secrets_allowed: bool) -> None:
    """Raise FindingStands where a description would lift a finding of secrecy without its paper."""
    wrongs = list(found.wrongs_of(before, told, secrets_allowed=secrets_allowed))
    if wrongs:
        raise FindingStands(", ".join(wrong.code for wrong in wrongs), fields=told_of(wrongs))


def demand_right_fonds(told: Mapping[str, Any]) -> None:
    """Raise FieldWrong unless what is told of a fonds may be kept."""
    wrongs = list(wrongs_of_fonds(told))
    if wrongs:
        raise wrong_fields(wrongs)


def wrong_fields(wrongs: Sequence[Wrong]) -> FieldWrong:
    """Make the error that names wrong fields with the kind of fault of each."""
    return FieldWrong(", ".join(wrong.code for wrong in wrongs), fields=told_of(wrongs))


def told_of(wrongs: Sequence[Wrong]) -> list[dict[str, str]]:
    """Name wrong fields with the kind of fault of each."""
    return [{"field": wrong.field, "code": wrong.code} for wrong in wrongs]


async def demand_series(uow: UnitOfWork, fonds_id: UUID, code: str | None) -> None:
    """Raise SeriesUnknown unless the fonds has the series that a description names, if it names one."""
    known = select(Series.id).where(Series.fonds_id == fonds_id, Series.code == code, col(Series.archived_at).is_(None))
    if code is not None and (await uow.session.exec(known)).first() is None:
        raise SeriesUnknown(code)


async def document_pages(uow: UnitOfWork, dossier_id: UUID) -> int:
    """Give the last page that a document of a dossier fills, 0 when none does."""
    asked = select(func.max(Document.last_page)).where(Document.dossier_id == dossier_id)
    return (await uow.session.exec(asked)).one() or 0
