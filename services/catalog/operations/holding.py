"""Rows held for changing: lists before dossiers, each in order of id, so that writers never wait in a circle."""

import json
from collections.abc import Collection
from hashlib import sha256
from typing import TypeVar
from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlmodel import SQLModel, col, select

from services.catalog.domain.eligibility import Secrecy
from services.catalog.domain.state import CHANGEABLE
from services.catalog.errors import (
    CodeTaken,
    DescriptionFrozen,
    DossierArchived,
    DossierChanged,
    ListMoved,
    ListOvertaken,
    SecretRefused,
)
from services.catalog.models import Dossier, Fonds
from services.catalog.models.lists import SelectionList
from shared.errors import NotFound
from shared.uow import UnitOfWork

Row = TypeVar("Row", bound=SQLModel)
DECIDED_ON = {
    "state", "round", "sha256", "decision_number", "decision_signed_on", "decision_signer", "document_name",
    "document_sha256",
}  # fmt: skip


async def given_fonds(uow: UnitOfWork, fonds_id: UUID) -> Fonds:
    """Give a fonds. Raises NotFound."""
    fonds = await uow.session.get(Fonds, fonds_id)
    if fonds is None:
        raise NotFound("no fonds has this id")
    return fonds


async def held_fonds(uow: UnitOfWork, fonds_id: UUID) -> Fonds:
    """Give a fonds, held for changing. Raises NotFound."""
    fonds = await uow.session.get(Fonds, fonds_id, with_for_update=True)
    if fonds is None:
        raise NotFound("no fonds has this id")
    return fonds


async def held_list(uow: UnitOfWork, list_id: UUID) -> SelectionList:
    """Give a list, held for changing. Raises NotFound."""
    found = await uow.session.get(SelectionList, list_id, with_for_update=True)
    if found is None:
        raise NotFound("no list has this id")
    return found


def tag_of(selection: SelectionList) -> str:
    """Give what a decision on a list has to name: it moves with the list's state, its round, its digest and its paper.

    What is on a draft does not move it: that is what its digest tells, once it is submitted.
    """
    told = selection.model_dump(mode="json", include=DECIDED_ON)
    return sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()[:32]


def demand_seen(selection: SelectionList, expected: str) -> None:
    """Raise ListOvertaken unless a list is as the caller saw it."""
    if tag_of(selection) != expected:
        raise ListOvertaken(f"it is {selection.state}, in round {selection.round}", tag=tag_of(selection))


async def seen_list(uow: UnitOfWork, list_id: UUID, expected: str) -> SelectionList:
    """Give a list as the caller saw it, held for changing. Raises NotFound, ListOvertaken."""
    found = await held_list(uow, list_id)
    demand_seen(found, expected)
    return found


async def held_editions(uow: UnitOfWork, list_id: UUID) -> tuple[SelectionList, SelectionList | None]:
    """Give a list and the edition that it would replace, both held; the older one is held first. Raises NotFound."""
    asked = select(SelectionList.replaces_id).where(SelectionList.id == list_id)
    replaced_id = (await uow.session.exec(asked)).first()
    replaced = await held_list(uow, replaced_id) if replaced_id else None
    return await held_list(uow, list_id), replaced


async def changeable_dossier(uow: UnitOfWork, dossier_id: UUID) -> Dossier:
    """Give a dossier, held for changing, and see to it that its list stays open meanwhile.

    Raises NotFound, DescriptionFrozen, ListMoved, DossierArchived.
    """
    dossier = await held_dossier(uow, dossier_id)
    if dossier.archived_at is not None:
        raise DossierArchived
    return dossier


async def held_dossier(uow: UnitOfWork, dossier_id: UUID) -> Dossier:
    """Give a dossier, archived or not, held for changing. Raises NotFound, DescriptionFrozen, ListMoved."""
    list_id = (await uow.session.exec(select(Dossier.list_id).where(Dossier.id == dossier_id))).first()
    if await frozen_lists(uow, [list_id] if list_id else []):
        raise DescriptionFrozen
    dossier = await uow.session.get(Dossier, dossier_id, with_for_update=True)
    if dossier is None:
        raise NotFound("no dossier has this id")
    if dossier.list_id not in (None, list_id):
        raise ListMoved
    return dossier


def demand_describable(dossier: Dossier, *, secrets_allowed: bool) -> None:
    """Raise SecretRefused where nothing more may be kept of a dossier than that it is secret."""
    if dossier.secrecy == Secrecy.SECRET and not secrets_allowed:
        raise SecretRefused


def demand_version(dossier: Dossier, expected: int) -> None:
    """Raise DossierChanged unless a dossier is as the caller saw it.

    Asked only where something would change: who sends a change again, because the answer was lost, is told that it is
    done.
    """
    if dossier.version != expected:
        raise DossierChanged(f"its version is {dossier.version} by now", version=dossier.version)


async def frozen_lists(uow: UnitOfWork, list_ids: Collection[UUID]) -> set[UUID]:
    """Give which of some lists are submitted or approved; the others cannot become so before this act ends."""
    asked = select(SelectionList).where(col(SelectionList.id).in_(list_ids)).order_by(col(SelectionList.id))
    held = await uow.session.exec(asked.with_for_update(read=True)) if list_ids else ()
    return {row.id for row in held if row.state not in CHANGEABLE}


async def added(uow: UnitOfWork, row: Row, code: str) -> Row:
    """Write a new row, or changes of one, whose code must be its own. Raises CodeTaken."""
    uow.session.add(row)
    try:
        await uow.session.flush()
    except IntegrityError as taken:
        raise CodeTaken(code) from taken
    return row
