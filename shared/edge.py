"""What routes ask for: the caller, a reading session, a unit of work that commits before the answer starts."""

from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import Depends, Query, Request
from sqlmodel.ext.asyncio.session import AsyncSession

from shared.database import Database
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


Calling = Annotated[Caller, Depends(caller_of)]
# scope="function": the default commits only after the answer has left, which would promise what may yet be lost
Uow = Annotated[UnitOfWork, Depends(unit_of_work, scope="function")]
Reading = Annotated[AsyncSession, Depends(reading_session, scope="function")]
Limit = Annotated[int, Query(ge=1, le=500)]
Cursor = Annotated[str | None, Query(max_length=500)]
