"""Correct fonds and series in the version that the caller saw, and bring them back to how they were."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from services.catalog.domain.file_code import folded_code
from services.catalog.domain.holding import OF_FONDS
from services.catalog.domain.physical import tuples_in
from services.catalog.errors import SeriesArchived, VersionUnknown
from services.catalog.models import Fonds, Series
from services.catalog.models.holdings import HoldingPast
from services.catalog.operations.colliding import demand_unlike_fonds
from services.catalog.operations.describing import demand_plain, demand_right_fonds
from services.catalog.operations.fixed_fields import demand_free_fonds, demand_free_series
from services.catalog.operations.holding import added, held_fonds
from services.catalog.operations.keeping_past import demand_seen
from shared.clock import now
from shared.errors import NotFound
from shared.uow import UnitOfWork

OF_SERIES = ("title",)
Told = Mapping[str, Any]


async def change_fonds(uow: UnitOfWork, fonds_id: UUID, told: Told, expected: int, act: str = "fonds.changed") -> Fonds:
    """Say something else of a fonds; saying the same again changes nothing.

    Raises NotFound, ChangedMeanwhile, FondsCodeFrozen, HoldingFrozen, FondsCodeWrong, CodeTaken, FieldWrong.
    """
    demand_right_fonds(told)
    fonds = await held_fonds(uow, fonds_id)
    before = told_of(fonds, OF_FONDS)
    changes = {name: told[name] for name in OF_FONDS if told[name] != before[name]}
    if not changes:
        return fonds
    demand_seen(fonds, expected)
    await demand_free_fonds(uow, fonds, changes)
    if "code" in changes:
        demand_plain(changes["code"])
        await demand_unlike_fonds(uow, changes["code"], fonds_id)
        fonds.code_key, fonds.has_code_alike = folded_code(changes["code"]), False
    remember(uow, fonds, act, before, changes)
    return await added(uow, fonds.sqlmodel_update(changes), fonds.code)


async def change_series(
    uow: UnitOfWork, series_id: UUID, told: Told, expected: int, act: str = "series.changed"
) -> Series:
    """Give a series another title; its code stays, for dossiers name it.

    Raises NotFound, SeriesArchived, ChangedMeanwhile, HoldingFrozen.
    """
    series = await held_series(uow, series_id)
    before = told_of(series, OF_SERIES)
    changes = {name: told[name] for name in OF_SERIES if told[name] != before[name]}
    if not changes:
        return series
    if series.archived_at is not None:
        raise SeriesArchived(series.code)
    demand_seen(series, expected)
    await demand_free_series(uow, series)
    remember(uow, series, act, before, changes)
    return series.sqlmodel_update(changes)


async def restore_fonds(uow: UnitOfWork, fonds_id: UUID, version: int, expected: int) -> Fonds:
    """Say of a fonds what it said in an older version. Raises VersionUnknown, and what a change raises."""
    fonds = await held_fonds(uow, fonds_id)
    was = {**told_of(fonds, OF_FONDS), **await past_of(uow, fonds_id, version)}
    return await change_fonds(uow, fonds_id, was, expected, "fonds.restored")


async def restore_series(uow: UnitOfWork, series_id: UUID, version: int, expected: int) -> Series:
    """Say of a series what it said in an older version. Raises VersionUnknown, and what a change raises."""
    await held_series(uow, series_id)
    return await change_series(uow, series_id, await past_of(uow, series_id, version), expected, "series.restored")


def told_of(row: Fonds | Series, names: tuple[str, ...]) -> dict[str, Any]:
    """Give what is told of a fonds or a series."""
    return tuples_in(row.model_dump(include=set(names)))


def remember(uow: UnitOfWork, row: Fonds | Series, act: str, before: Told, changes: Told) -> None:
    """Keep how something is before an act and after it; the act makes its next version."""
    after = {**before, **changes}
    uow.session.add(HoldingPast(**past_row(uow, row, act, before, after)))
    row.version += 1
    code = {"code": row.code} if isinstance(row, Series) else {}
    uow.record(act, row.id, **code, before=dict(before), after=after)


def past_row(uow: UnitOfWork, row: Fonds | Series, act: str, before: Told, after: Told) -> dict[str, Any]:
    """Give what is kept of an act on a fonds or a series in its present version."""
    told = {"content": dict(before), "after": dict(after), "at": now(), "by": uow.caller.name}
    return {"subject_id": row.id, "version": row.version, "act": act, **told}


async def past_of(uow: UnitOfWork, subject_id: UUID, version: int) -> Told:
    """Give how something was in a version. Raises VersionUnknown."""
    past = await uow.session.get(HoldingPast, (subject_id, version))
    if past is None:
        raise VersionUnknown(str(version))
    return tuples_in(past.content)


async def held_series(uow: UnitOfWork, series_id: UUID) -> Series:
    """Give a series, held for changing. Raises NotFound."""
    found = await uow.session.get(Series, series_id, with_for_update=True)
    if found is None:
        raise NotFound("no series has this id")
    return found
