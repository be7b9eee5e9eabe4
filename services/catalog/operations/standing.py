"""Find what changed of that which the rows of an import were held against, so that those rows are held anew."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import and_, func
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel.sql.expression import SelectOfScalar

from services.catalog.domain.file_code import folded_code
from services.catalog.domain.state import CHANGEABLE
from services.catalog.domain.workbook_row import ReadRow
from services.catalog.models import Dossier, Series
from services.catalog.models.imports import WorkbookImport
from services.catalog.models.lists import SelectionList
from services.catalog.models.staging import basis, staged_dossier
from services.catalog.operations.bulk import portions
from shared.uow import UnitOfWork


async def portions_moved(session: AsyncSession, asked: WorkbookImport) -> list[int]:
    """Give the portions of an import with a row that was held against what is no longer so.

    That is a dossier of its code which came, went, has another version, list or state by now, or is frozen or free; a
    code like a new one's; a series that was archived.
    """
    found: set[int] = set()
    for question in (moved_dossiers(asked), codes_come(asked), series_gone(asked)):
        found |= set(await session.exec(question))
    return sorted(found)


def moved_dossiers(asked: WorkbookImport) -> SelectOfScalar[int]:
    """Ask for the portions whose dossiers are not what they were."""
    frozen = func.coalesce(col(SelectionList.state).not_in(CHANGEABLE), False)
    same = and_(
        col(Dossier.id).is_not_distinct_from(basis.c.dossier_id),
        func.coalesce(Dossier.version, 0) == basis.c.version,
        col(Dossier.list_id).is_not_distinct_from(basis.c.list_id),
        col(Dossier.archived_at).is_not(None) == basis.c.is_archived,
        frozen == basis.c.is_frozen,
    )
    of_code = and_(col(Dossier.fonds_id) == asked.fonds_id, col(Dossier.file_code) == basis.c.file_code)
    joined = basis.outerjoin(Dossier, of_code).outerjoin(SelectionList, col(SelectionList.id) == Dossier.list_id)
    return select(basis.c.portion).select_from(joined).where(basis.c.import_id == asked.id, ~same).distinct()


def codes_come(asked: WorkbookImport) -> SelectOfScalar[int]:
    """Ask for the portions with a new code that another dossier's code is too much like by now."""
    is_like = and_(col(Dossier.fonds_id) == asked.fonds_id, col(Dossier.code_key) == basis.c.code_key)
    new = and_(basis.c.dossier_id.is_(None), ~basis.c.is_alike)
    return select(basis.c.portion).where(basis.c.import_id == asked.id, new, select(Dossier.id).where(is_like).exists())


def series_gone(asked: WorkbookImport) -> SelectOfScalar[int]:
    """Ask for the portions that put dossiers into a series which was archived."""
    there = and_(
        col(Series.fonds_id) == asked.fonds_id,
        col(Series.code) == staged_dossier.c.series_code,
        col(Series.archived_at).is_(None),
    )
    told = staged_dossier.c.series_code.is_not(None), ~select(Series.id).where(there).exists()
    return select(staged_dossier.c.portion).where(staged_dossier.c.import_id == asked.id, *told).distinct()


async def codes_before(session: AsyncSession, import_id: UUID, portion: int, rows: Sequence[ReadRow]) -> dict[str, str]:
    """Give the codes of the portions before one that are like codes of its rows, in lines, by what they fold to."""
    found: dict[str, str] = {}
    keys = sorted({folded_code(row.file_code) for row in rows if row.file_code})
    for some in portions(keys):
        asked = select(basis.c.code_key, basis.c.file_code).where(
            basis.c.import_id == import_id, basis.c.portion < portion, basis.c.code_key.in_(some)
        )
        for key, code in await session.exec(asked.order_by(basis.c.portion, basis.c.row)):
            found[key] = f"{found[key]}\n{code}" if key in found else code
    return found


async def hold_still(uow: UnitOfWork, asked: WorkbookImport) -> None:
    """Hold the dossiers that rows were held against, and their lists, in the order that everybody keeps to."""
    ids = select(basis.c.dossier_id).where(basis.c.import_id == asked.id)
    lists = select(Dossier.list_id).where(col(Dossier.id).in_(ids))
    held_lists = select(SelectionList.id).where(col(SelectionList.id).in_(lists)).order_by(col(SelectionList.id))
    await uow.session.exec(held_lists.with_for_update(read=True))
    await uow.session.exec(
        select(Dossier.id).where(col(Dossier.id).in_(ids)).order_by(col(Dossier.id)).with_for_update()
    )
