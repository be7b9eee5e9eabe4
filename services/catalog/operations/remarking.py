"""Remarks on a list and on its dossiers, kept with every round that they were made in."""

from collections.abc import Sequence
from uuid import UUID

from sqlmodel import col, select

from services.catalog.errors import RemarkMisplaced
from services.catalog.models import Dossier
from services.catalog.models.lists import ListRemark, SelectionList
from shared.ids import new_id
from shared.uow import UnitOfWork

APPRAISAL, RETURN = "appraisal", "return"
Remark = tuple[UUID, str]  # a dossier, and one of the remarks on it


async def remark(
    uow: UnitOfWork, selection: SelectionList, stage: str, general: str, remarks: Sequence[Remark]
) -> None:
    """Keep what is remarked on a list as a whole, and on dossiers of it. Raises RemarkMisplaced."""
    remarked = {dossier_id for dossier_id, _words in remarks}
    asked = select(Dossier.id).where(Dossier.list_id == selection.id, col(Dossier.id).in_(remarked))
    listed: set[UUID] = set(await uow.session.exec(asked))
    misplaced = remarked - listed
    if misplaced:
        raise RemarkMisplaced(f"{len(misplaced)} dossiers", dossiers=sorted(map(str, misplaced)))
    told = ((None, general), *remarks)
    for remark_id, (dossier_id, words) in zip(sorted(new_id() for _ in told), told, strict=True):  # in their order
        uow.session.add(
            ListRemark(
                id=remark_id,
                list_id=selection.id,
                round=selection.round,
                stage=stage,
                dossier_id=dossier_id,
                remark=words,
                by=uow.caller.name,
            )
        )
