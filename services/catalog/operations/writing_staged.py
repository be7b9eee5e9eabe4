"""Write what an import has made ready, in a few statements that the database does alone: others wait meanwhile."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Text, delete, insert, literal, select, update
from sqlmodel import SQLModel, col

from services.catalog.models import CriterionMark, Dossier, DossierIndex, DossierPast
from services.catalog.models.staging import staged_dossier as staged
from services.catalog.models.staging import staged_mark
from services.catalog.operations.describing import FIELDS
from services.catalog.operations.later_edits import IMPORTED
from shared.clock import now
from shared.columns import UtcDateTime
from shared.uow import UnitOfWork

INDEXED = ("words", "codes", "first_year", "last_year")
DESCRIBED = ("version", *(name for name in FIELDS if name != "file_code"))  # by its code it was found


async def write_staged(uow: UnitOfWork, import_id: UUID) -> None:
    """Write all dossiers that are ready, with their criteria, their past, and what they are found by."""
    ready = staged.c.import_id == import_id
    fresh, changed = ready & staged.c.is_new, ready & ~staged.c.is_new
    columns = [column.name for column in table_of(Dossier).columns]
    entry = ("dossier_id", *INDEXED)
    past = (staged.c.id, staged.c.version - 1, literal(IMPORTED, Text()), staged.c.past)
    done = (literal(now(), UtcDateTime()), literal(uow.caller.name, Text()))
    remarked = select(staged.c.id).where(changed, staged.c.is_marked)
    marks = tuple(column.name for column in table_of(CriterionMark).columns)
    for statement in (
        copied(Dossier, columns, [staged.c[name] for name in columns], fresh),
        copied(DossierPast, ("dossier_id", "version", "act", "content", "at", "by"), (*past, *done), changed),
        changed_to(Dossier, col(Dossier.id), DESCRIBED, changed),
        delete(CriterionMark).where(col(CriterionMark.dossier_id).in_(remarked)),
        insert(CriterionMark).from_select(
            marks, select(*(staged_mark.c[name] for name in marks)).where(staged_mark.c.import_id == import_id)
        ),
        copied(DossierIndex, entry, (staged.c.id, *(staged.c[name] for name in INDEXED)), fresh),
        changed_to(DossierIndex, col(DossierIndex.dossier_id), INDEXED, changed),
    ):
        await uow.session.exec(statement, execution_options={"synchronize_session": False})


def table_of(model: type[SQLModel]) -> Any:  # noqa: ANN401 (a table)
    """Give the table of a model."""
    return model.__table__  # type: ignore[attr-defined] # every table model has one


def copied(model: type[SQLModel], names: Iterable[str], values: Iterable[Any], chosen: ColumnElement[bool]) -> Any:  # noqa: ANN401 (an insert)
    """Copy dossiers that are ready into a table, in the order of the inventory."""
    told = select(*values).where(chosen).order_by(staged.c.portion, staged.c.id)
    return insert(model).from_select(list(names), told)


def changed_to(model: type[SQLModel], key: Any, names: Iterable[str], chosen: ColumnElement[bool]) -> Any:  # noqa: ANN401 (a column; an update)
    """Change rows of dossiers to what is ready of them."""
    return update(model).where(key == staged.c.id, chosen).values({name: staged.c[name] for name in names})
