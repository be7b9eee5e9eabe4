"""Lists in portions: every list can be read to its end, in the order of one column that tells its rows apart."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any, TypeVar
from uuid import UUID

from fastapi import Depends, Query
from sqlalchemy.orm import InstrumentedAttribute
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel.sql.expression import SelectOfScalar

from shared.cursors import CursorMalformed, cursor_of, place_of
from shared.wire import Numeral

T = TypeVar("T")
P = TypeVar("P", UUID, int)
Limit = Annotated[Numeral, Query(ge=1, le=500)]
Cursor = Annotated[str | None, Query(max_length=500)]


@dataclass(frozen=True)
class Portion:
    """Which portion of a list is asked for: at most `limit` rows, those after the cursor."""

    limit: Limit = 100
    cursor: Cursor = None

    async def of(
        self,
        session: AsyncSession,
        asked: SelectOfScalar[T],
        order: UUID | int,
        *,
        is_newest_first: bool = False,
    ) -> tuple[Sequence[T], str | None]:
        """Give the rows of this portion and the cursor of the portion after it, None at the end.

        `order` is the column that the list is sorted by. Raises CursorMalformed.
        """
        column: Any = col(order)
        asked = asked.order_by(column.desc() if is_newest_first else column)
        if self.cursor:
            place = self._place_in(column)
            asked = asked.where(column < place if is_newest_first else column > place)
        rows = (await session.exec(asked.limit(self.limit + 1))).all()
        if len(rows) <= self.limit:
            return rows, None
        return rows[: self.limit], cursor_of(place_at(rows[self.limit - 1], column))

    def cut(self, found: Sequence[int]) -> tuple[Sequence[int], str | None]:
        """Give the numbers of this portion, of those found and one more, and the cursor of the portion after it."""
        if len(found) <= self.limit:
            return found, None
        return found[: self.limit], cursor_of(found[self.limit - 1])

    def place(self, kind: type[P], first: P) -> P:
        """Give the place that the cursor tells, or `first` without one, for a list that is no query. Raises
        CursorMalformed, also when it is of another list.
        """
        place = place_of(self.cursor) if self.cursor else first
        if not isinstance(place, kind) or isinstance(place, bool):
            raise CursorMalformed
        return place

    def _place_in(self, column: InstrumentedAttribute[UUID | int]) -> UUID | int:
        """Unfold the cursor. Raises CursorMalformed, also when it is of another list."""
        place: UUID | int = place_of(self.cursor or "")
        if type(place) is not column.type.python_type:
            raise CursorMalformed
        return place


def place_at(row: object, column: InstrumentedAttribute[UUID | int]) -> UUID | int:
    """Give the place of a row in its list."""
    place: UUID | int = getattr(row, column.key)
    return place


Asked = Annotated[Portion, Depends()]
