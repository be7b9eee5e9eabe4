"""Write down that a described dossier was found to be still secret: nothing of it stays but its code."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import delete, update
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.catalog.domain.archiving import Kind
from services.catalog.domain.eligibility import Secrecy
from services.catalog.domain.secrecy_errors import SecretOnDecidedList, SecretOnYearlyList
from services.catalog.domain.secrecy_finding import OF_DOSSIER, Finding, stripped
from services.catalog.domain.state import ListState
from services.catalog.domain.yearly import FIXED, YearlyState
from services.catalog.errors import DescriptionFrozen
from services.catalog.models import CriterionMark, Document, Dossier, DossierPast
from services.catalog.models.archivings import Archiving
from services.catalog.models.lists import ListEntry, ListRemark, SelectionList
from services.catalog.models.yearly import ReserveCopy, YearlyLine, YearlyList
from services.catalog.operations.describing import description_of, put_description
from services.catalog.operations.holding import demand_version, held_dossier
from services.catalog.operations.indexing import index_dossiers
from services.catalog.operations.purging import forget_in_imports, forget_in_index, overwrite_what_goes
from services.catalog.operations.purging_markings import forget_in_markings, hold_markings, is_in_audit
from services.catalog.operations.remembering import remember
from services.catalog.operations.secret_codes import keep_codes
from shared.uow import UnitOfWork


async def find_secret(uow: UnitOfWork, dossier_id: UUID, finding: Finding, expected: int) -> Dossier:
    """Keep of a dossier, archived or not, only its code and who found it secret; saying so again changes nothing.

    An open list lets go of it. Raises NotFound, DossierChanged, ListMoved, SecretOnDecidedList, SecretOnYearlyList,
    SecretBeingImported.
    """
    await hold_markings(uow, dossier_id)
    dossier = await undecided_dossier(uow, dossier_id)
    told = stripped(dossier.file_code, dossier.series_code, finding)
    if description_of(dossier) == told:
        return dossier
    demand_version(dossier, expected)
    await overwrite_what_goes(uow)
    remember(uow, dossier, OF_DOSSIER, {})
    await uow.session.flush()
    codes = await codes_of(uow.session, dossier)
    await keep_codes(uow, dossier, codes)
    await forget_in_imports(uow, dossier.fonds_id, codes)
    await forget_in_markings(uow, dossier_id)
    await forget_what_hangs_on(uow, dossier_id)
    put_description(dossier, told)
    dossier.list_id = None
    await index_dossiers(uow, [dossier_id])
    await forget_in_index(uow)
    uow.record(OF_DOSSIER, dossier_id, file_code=dossier.file_code, version=dossier.version)
    return dossier


async def undecided_dossier(uow: UnitOfWork, dossier_id: UUID) -> Dossier:
    """Give a dossier that nothing decided or about to be holds, held for changing.

    Raises NotFound, ListMoved, SecretOnDecidedList, SecretOnYearlyList.
    """
    try:
        dossier = await held_dossier(uow, dossier_id)
    except DescriptionFrozen as frozen:
        row = await uow.session.get_one(Dossier, dossier_id)
        raise SecretOnDecidedList(list_id=str(row.list_id)) from frozen
    approved = select(SelectionList.id).join(ListEntry, col(ListEntry.list_id) == SelectionList.id)
    approved = approved.where(ListEntry.dossier_id == dossier_id, SelectionList.state == ListState.APPROVED)
    if (list_id := (await uow.session.exec(approved)).first()) is not None:
        raise SecretOnDecidedList(list_id=str(list_id))
    drafts = yearly_lists(dossier_id).where(col(YearlyList.state).in_((YearlyState.GATHERING, YearlyState.GATHERED)))
    if (list_id := (await uow.session.exec(drafts)).first()) is not None:
        raise SecretOnYearlyList(list_id=str(list_id))
    return dossier


def yearly_lists(dossier_id: UUID) -> Any:  # noqa: ANN401 (a statement, whose type is long)
    """Ask for the yearly lists that name a dossier."""
    named = select(YearlyList.id).join(YearlyLine, col(YearlyLine.list_id) == YearlyList.id)
    return named.where(YearlyLine.dossier_id == dossier_id)


async def codes_of(session: AsyncSession, dossier: Dossier) -> set[str]:
    """Give the file codes that a dossier has ever had."""
    pasts = await session.exec(select(DossierPast.content).where(DossierPast.dossier_id == dossier.id))
    told = [content.get("description") for content in pasts]
    return {dossier.file_code, *(str(each["file_code"]) for each in told if isinstance(each, Mapping))}


async def forget_what_hangs_on(uow: UnitOfWork, dossier_id: UUID) -> None:
    """Delete documents and criteria; of the past, of remarks and of archivings leave who did what and when."""
    await uow.session.exec(delete(Document).where(col(Document.dossier_id) == dossier_id))
    await uow.session.exec(delete(CriterionMark).where(col(CriterionMark.dossier_id) == dossier_id))
    past = col(DossierPast.dossier_id) == dossier_id
    await uow.session.exec(update(DossierPast).where(past).values(content={}))
    await uow.session.exec(update(ListRemark).where(col(ListRemark.dossier_id) == dossier_id).values(remark=""))
    asked = (col(Archiving.kind) == Kind.DOSSIER, col(Archiving.subject_id) == dossier_id)
    await uow.session.exec(update(Archiving).where(*asked).values(reason="", recovery_reason=""))


async def remains_of(session: AsyncSession, dossier_id: UUID) -> list[str]:
    """Say where a dossier that was found secret, or whose document was, stands still."""
    entered = select(ListEntry.number).where(ListEntry.dossier_id == dossier_id)
    asked = {
        "decided_lists": entered,
        "yearly_lists": yearly_lists(dossier_id).where(col(YearlyList.state).in_(FIXED)),
        "packages": select(ReserveCopy.dossier_id).where(ReserveCopy.dossier_id == dossier_id),
        "description": select(Dossier.id).where(Dossier.id == dossier_id, Dossier.secrecy != Secrecy.SECRET),
    }
    found = [name for name, each in asked.items() if (await session.exec(each)).first() is not None]
    return [*found, *(["audit"] if await is_in_audit(session, dossier_id) else []), "backups"]
