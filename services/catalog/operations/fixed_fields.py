"""What of fonds and series stays as it is, because a list was submitted or approved with it.

The digest of a submitted list holds the code, title, kind and archive code of its fonds, and the titles of its series.
An approved list keeps all that in its entries, so that a correction reaches it, and who scans and packs by it, with its
next edition; but for the code of the fonds, under which packages lie in the stores.
"""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlmodel import col, select

from services.catalog.domain.holding import APPROVED
from services.catalog.domain.state import CHANGEABLE, DECIDED, UNDECIDED
from services.catalog.errors import FondsCodeFrozen, HoldingFrozen
from services.catalog.models import Dossier, Fonds, Series
from services.catalog.models.lists import ListEntry, SelectionList
from services.catalog.operations.freezing import SERIES_TITLE
from shared.uow import UnitOfWork

OPEN_LIST = col(SelectionList.state).in_(UNDECIDED)
UNENTERED = col(SelectionList.state).in_(DECIDED) & col(SelectionList.number).is_(None)  # says it by its dossiers


async def fonds_in_use(uow: UnitOfWork) -> set[UUID]:
    """Give the fonds that are being decided on, or were approved without being kept."""
    return set(await uow.session.exec(select(SelectionList.fonds_id).where(OPEN_LIST | UNENTERED)))


async def series_in_use(uow: UnitOfWork) -> set[tuple[UUID, str | None]]:
    """Give the series, by fonds and code, whose titles are being decided on or were approved without being kept."""
    listed = select(Dossier.fonds_id, Dossier.series_code).join(SelectionList, col(SelectionList.id) == Dossier.list_id)
    title: Any = col(ListEntry.facts)["columns"][SERIES_TITLE].as_string()
    entered = select(SelectionList.fonds_id, ListEntry.series_code).join(
        ListEntry, col(ListEntry.list_id) == SelectionList.id
    )
    return {
        *await uow.session.exec(listed.where(OPEN_LIST | UNENTERED).distinct()),
        *await uow.session.exec(entered.where(title.is_(None), col(ListEntry.series_code).is_not(None)).distinct()),
    }


async def demand_free_fonds(uow: UnitOfWork, fonds: Fonds, changes: Mapping[str, object]) -> None:
    """Raise FondsCodeFrozen or HoldingFrozen where a change of a fonds, which is held, touches what stays."""
    if "code" in changes:
        closed = select(SelectionList.id).where(
            SelectionList.fonds_id == fonds.id, col(SelectionList.state).not_in(CHANGEABLE)
        )
        if (await uow.session.exec(closed.limit(1))).first() is not None:
            raise FondsCodeFrozen(fonds.code)
    fixed = [name for name in APPROVED if name in changes]
    if fixed and fonds.id in await fonds_in_use(uow):
        raise HoldingFrozen(", ".join(fixed), fields=fixed)


async def demand_free_series(uow: UnitOfWork, series: Series) -> None:
    """Raise HoldingFrozen where the title of a series, which is held, has to stay."""
    if (series.fonds_id, series.code) in await series_in_use(uow):
        raise HoldingFrozen("title", fields=["title"])
