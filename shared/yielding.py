"""Inserts that yield to a row that is there: another may enter the same at the same moment."""

from typing import Any

from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import SQLModel
from sqlmodel.ext.asyncio.session import AsyncSession

INSERTS: dict[str, Any] = {"postgresql": postgresql.insert, "sqlite": sqlite.insert}


def insert_into(session: AsyncSession, table: type[SQLModel]) -> Any:  # noqa: ANN401 - of either dialect
    """Begin an insert; `on_conflict_do_nothing` lets it yield."""
    return INSERTS[session.get_bind().dialect.name](table)
