"""What routes ask for: the caller, a reading session, a unit of work that commits before the answer starts."""

from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import Depends, Request
from sqlmodel.ext.asyncio.session import AsyncSession

from shared.database import Database
from shared.plumbing import Plumbing
from shared.uow import Caller, UnitOfWork


def caller_of(request: Request) -> Caller:
    """Give who is calling; the guard has put it there."""
    caller: Caller = request.state.caller
    return caller


async def unit_of_work(request: Request) -> AsyncIterator[UnitOfWork]:
    """Open the request's unit of work."""
    database: Database = request.app.state.context.database
    async with database.writing(caller_of(request)) as uow:
        yield uow


async def reading_session(request: Request) -> AsyncIterator[AsyncSession]:
    """Open a session for a request that changes nothing."""
    database: Database = request.app.state.context.database
    async with database.reading() as session:
        yield session


def tables_of(request: Request) -> Plumbing:
    """Give the tables that every service has, those of this one."""
    database: Database = request.app.state.context.database
    return database.plumbing


Calling = Annotated[Caller, Depends(caller_of)]
# scope="function": the default commits only after the answer has left, which would promise what may yet be lost
Uow = Annotated[UnitOfWork, Depends(unit_of_work, scope="function")]
Reading = Annotated[AsyncSession, Depends(reading_session, scope="function")]
Tables = Annotated[Plumbing, Depends(tables_of)]
