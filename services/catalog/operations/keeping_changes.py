"""Keep what becomes of each row of an import: of a dry run to be looked at, of any other as its record.

What is kept is bounded: values are cut to a few hundred characters, all is packed, and past so many bytes only what
becomes of a row is kept, without its cells. What a dossier was before stays in its past in any case.
"""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from uuid import UUID

from sqlalchemy import delete, insert, or_
from sqlmodel import col, select

from services.catalog.domain.row_change import Outcome, RowChange
from services.catalog.domain.workbook_row import ReadRow
from services.catalog.files.change_packing import pack_changes, unpack_changes
from services.catalog.models.imports import ImportChanges
from shared.database import Database
from shared.uow import UnitOfWork

ROWS = 1000  # in a portion
MOST_KEPT = 16 << 20  # packed bytes of an import
Previewed = Mapping[int, RowChange]


@dataclass(slots=True)
class ChangeKeeper:
    """Keeps what becomes of the rows of one import, in their order; told the same again, it writes nothing anew.

    `signs` tell by place what was kept. What a row changes of a dossier follows from the dossier's version.
    """

    import_id: UUID
    place: int = 0
    kept: int = 0
    signs: dict[int, int] = field(default_factory=dict)

    async def begin(self, uow: UnitOfWork) -> None:
        """Let go of what was kept before."""
        await uow.session.exec(delete(ImportChanges).where(col(ImportChanges.import_id) == self.import_id))
        self.signs.clear()
        self.begin_again()

    def begin_again(self) -> None:
        """Begin with the first row once more: what is kept is held against what is told now."""
        self.place = self.kept = 0

    async def keep_at(self, uow: UnitOfWork, place: int, changes: Sequence[RowChange]) -> None:
        """Keep what becomes of rows that were told before, in the place that they begin at."""
        self.place, after = place, self.place
        await self.keep(uow, changes)
        self.place = after

    async def keep(self, uow: UnitOfWork, changes: Sequence[RowChange]) -> None:
        """Keep what becomes of further rows."""
        for begin in range(0, len(changes), ROWS):
            told = changes[begin : begin + ROWS]
            sign = sign_of(told)
            if self.signs.get(self.place) != sign:
                await self._write(uow, told)
                self.signs[self.place] = sign
            self.place += 1

    async def _write(self, uow: UnitOfWork, told: Sequence[RowChange]) -> None:
        """Write a portion, in place of what was kept there."""
        if self.kept > MOST_KEPT:
            told = [replace(each, cells=()) for each in told]
        content = await asyncio.to_thread(pack_changes, told)
        counts = Counter(each.outcome for each in told)
        at = {"import_id": self.import_id, "place": self.place}
        if self.place in self.signs:
            await uow.session.exec(delete(ImportChanges).filter_by(**at))
        columns = {"first_row": told[0].row, "last_row": told[-1].row, "content": content}
        columns |= {outcome.value: counts[outcome] for outcome in Outcome}
        await uow.session.exec(insert(ImportChanges), params=[{**at, **columns}])
        self.kept += len(content)


def sign_of(changes: Sequence[RowChange]) -> int:
    """Give a number that tells what becomes of rows from anything else."""
    return hash(tuple((each.row, each.outcome, each.version or each.cells) for each in changes))


async def changes_after(
    database: Database, import_id: UUID, row: int, outcomes: frozenset[Outcome], *, secrets_allowed: bool
) -> AsyncIterator[Sequence[RowChange]]:
    """Give in portions what becomes of the rows after one; of secrets without values where none may be kept."""
    place = -1
    while True:
        async with database.reading() as session:
            asked = select(ImportChanges).where(
                ImportChanges.import_id == import_id,
                col(ImportChanges.place) > place,
                col(ImportChanges.last_row) > row,
            )
            counted = [getattr(ImportChanges, outcome) > 0 for outcome in sorted(outcomes)]
            asked = asked.where(or_(*counted))
            found = (await session.exec(asked.order_by(col(ImportChanges.place)).limit(1))).first()
        if found is None:
            return
        place = found.place
        told = await asyncio.to_thread(unpack_changes, found.content)
        chosen = [each for each in told if each.row > row and each.outcome in outcomes]
        yield [each.bare() if each.is_secret and not secrets_allowed else each for each in chosen]


async def previewed_rows(uow: UnitOfWork, previewed_id: UUID | None, rows: Sequence[ReadRow]) -> Previewed | None:
    """Give what a preview has shown of some rows; None where none is being applied."""
    if previewed_id is None:
        return None
    first, last = min(row.row for row in rows), max(row.row for row in rows)
    asked = select(ImportChanges.content).where(
        ImportChanges.import_id == previewed_id,
        col(ImportChanges.last_row) >= first,
        col(ImportChanges.first_row) <= last,
    )
    contents = (await uow.session.exec(asked)).all()
    return {each.row: each for content in contents for each in await asyncio.to_thread(unpack_changes, content)}
