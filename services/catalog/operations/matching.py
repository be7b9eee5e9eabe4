"""Hold rows of an import against what the catalog knows, and keep that as it is until the act ends."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from uuid import UUID

from sqlmodel import col, select

from services.catalog.context import Context
from services.catalog.domain.grounding import Key, ground
from services.catalog.domain.import_errors import FondsUntold
from services.catalog.domain.inventory import Codes, compare
from services.catalog.domain.itemising import itemise
from services.catalog.domain.known_dossier import Rules
from services.catalog.domain.workbook_row import ReadRow
from services.catalog.models import Series
from services.catalog.models.imports import WorkbookImport
from services.catalog.operations.bulk import known_dossiers
from services.catalog.operations.bulk_documents import known_lines, write_lines
from services.catalog.operations.bulk_fonds import known_fonds, known_series, write_fonds, write_series
from services.catalog.operations.colliding import codes_alike
from services.catalog.operations.keeping_changes import Previewed, previewed_rows
from services.catalog.operations.later_edits import later_edits
from services.catalog.operations.secret_codes import shut_codes
from services.catalog.operations.staging import Held, Ready, made_ready
from services.catalog.operations.tallying import Found
from shared.clock import day_in_vietnam, now
from shared.uow import UnitOfWork


@dataclass(frozen=True, slots=True)
class Compared:
    """What came of some rows, the dossiers among them that were there already, and how what is right is written.

    Dossiers are made ready first, and written from there.
    """

    found: Found
    known: Iterable[UUID]
    write: Callable[[], Awaitable[None]] | None = None
    make_ready: Callable[[], Awaitable[Ready]] | None = None


@dataclass(slots=True)
class Comparer:
    """Compares the rows of one import, portion by portion; remembers the codes that it has seen."""

    context: Context
    asked: WorkbookImport
    seen: dict[str, str] = field(default_factory=dict)
    seen_keys: set[Key] = field(default_factory=set)

    async def compare(self, uow: UnitOfWork, rows: Sequence[ReadRow]) -> Compared:
        """Hold rows against what is known. Raises ListMoved."""
        previewed = await previewed_rows(uow, self.asked.previewed_id, rows)
        if self.asked.level in ("fonds", "series"):
            return await self.grounded(uow, rows, previewed)
        fonds_id = self.asked.fonds_id
        if fonds_id is None:
            raise FondsUntold
        codes = sorted({row.file_code for row in rows if row.file_code})
        known = await known_dossiers(uow, fonds_id, codes)
        rules = replace(await self.rules(uow), previewed=previewed)
        ids = [each.id for each in known.values()]
        lines = await known_lines(uow, known) if self.asked.level == "documents" else {}
        for code, later in (await later_edits(uow, known, versions_told(rows, previewed), lines)).items():
            known[code] = replace(known[code], later=later)
        if self.asked.level == "documents":
            items = await asyncio.to_thread(itemise, rows, known, lines, rules)
            return Compared(items, ids, partial(write_lines, uow, items))
        alike = await codes_alike(uow, fonds_id, codes)
        found = await asyncio.to_thread(compare, rows, known, rules, Codes(self.seen, alike))
        held = Held(rows, known, alike)
        return Compared(found, ids, make_ready=partial(made_ready, uow, fonds_id, held, found))

    async def grounded(self, uow: UnitOfWork, rows: Sequence[ReadRow], previewed: Previewed | None) -> Compared:
        """Hold rows of fonds or series against those that are there."""
        fonds = await known_fonds(uow)
        if self.asked.level == "fonds":
            found = ground(rows, fonds, None, self.seen_keys, previewed)
            return Compared(found, (), partial(write_fonds, uow, found))
        codes = frozenset(str(code) for (code,) in fonds)
        found = ground(rows, await known_series(uow, fonds), codes, self.seen_keys, previewed)
        return Compared(found, (), partial(write_series, uow, found, fonds))

    async def rules(self, uow: UnitOfWork) -> Rules:
        """Give what rows are held against beside the circular."""
        series = await uow.session.exec(
            select(Series.code).where(Series.fonds_id == self.asked.fonds_id, col(Series.archived_at).is_(None))
        )
        fonds_id, is_free = self.asked.fonds_id, self.context.secrets_allowed
        return Rules(
            shut=await shut_codes(uow.session, fonds_id, self.asked.level) if fonds_id and not is_free else {},
            criteria=frozenset(self.context.programme.criteria),
            series=frozenset(series),
            secrets_allowed=is_free,
            today=day_in_vietnam(now()),
        )


def versions_told(rows: Sequence[ReadRow], previewed: Previewed | None) -> dict[str, int]:
    """Give by code the versions that rows were exported from, or else were previewed beside: the oldest of each."""
    found: dict[str, int] = {}
    for row in rows:
        seen = previewed.get(row.row) if previewed else None
        version = row.values.get("version") or (seen.version if seen else None)
        if row.file_code and isinstance(version, int) and version > 0:
            found[row.file_code] = min(version, found.get(row.file_code, version))
    return found
