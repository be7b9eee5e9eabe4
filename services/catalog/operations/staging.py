"""Make the rows of an import ready to be written, a portion at a time, where nobody else sees them."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import delete, insert

from services.catalog.domain.file_code import folded_code
from services.catalog.domain.inventory import Comparison
from services.catalog.domain.known_dossier import KnownDossier, Told
from services.catalog.domain.workbook_row import ReadRow
from services.catalog.models.staging import STAGED, basis, staged_dossier, staged_mark
from services.catalog.operations.describing import columns_of
from services.catalog.operations.indexing import Documents, Lists, entries_of, lists_entered, told_by_documents
from services.catalog.operations.remembering import Content, described, marked
from shared.ids import new_id
from shared.uow import UnitOfWork

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Held:
    """What the rows of a portion were held against: the dossiers of their codes, and codes like theirs."""

    rows: Sequence[ReadRow]
    known: Mapping[str, KnownDossier]
    alike: Mapping[str, str]

    def bases(self) -> list[Row]:
        """Give what has to be as it was then, row by row, when they are written."""
        return [self.base(row.row, row.file_code) for row in self.rows if row.file_code]

    def base(self, number: int, file_code: str) -> Row:
        """Give what one row was held against."""
        key, known = folded_code(file_code), self.known.get(file_code)
        return {
            "row": number,
            "file_code": file_code,
            "code_key": key,
            "dossier_id": known.id if known else None,
            "version": known.version if known else 0,
            "list_id": known.list_id if known else None,
            "is_frozen": bool(known and known.is_frozen),
            "is_archived": bool(known and known.is_archived),
            "is_alike": key in self.alike,
        }


@dataclass(frozen=True, slots=True)
class Ready:
    """A portion as it will be written."""

    bases: Sequence[Row]
    dossiers: Sequence[Row]
    marks: Sequence[Row]


async def made_ready(uow: UnitOfWork, fonds_id: UUID, held: Held, found: Comparison) -> Ready:
    """Make ready what a comparison found to be new or changed; what changes is found by documents and lists, too."""
    ids = [known.id for known, _told in found.updated]
    documents, lists = await told_by_documents(uow.session, ids), await lists_entered(uow.session, ids)
    return await asyncio.to_thread(ready_rows, fonds_id, held, found, documents, lists)


def ready_rows(fonds_id: UUID, held: Held, found: Comparison, documents: Documents, lists: Lists) -> Ready:
    """Make the rows of a portion."""
    told = {known.id: each for known, each in found.updated}
    updated = [changed_row(fonds_id, known, each) for known, each in found.updated]
    fresh = sorted(new_id() for _ in found.created)  # the order of the inventory stays
    created = [fresh_row(fonds_id, each, row) for each, row in zip(fresh, found.created, strict=True)]
    rows = [*created, *updated]
    told |= dict(zip(fresh, found.created, strict=True))
    marks = {known.id: known.marks for known, _told in found.updated}
    marks |= {each: told[each].marks or {} for each in told if told[each].marks is not None}
    for row, entry in zip(rows, entries_of(rows, marks, documents, lists), strict=True):
        row |= {name: entry[name] for name in ("words", "codes", "first_year", "last_year")}
    return Ready(held.bases(), rows, [mark for each in told for mark in mark_rows(each, told[each])])


def fresh_row(fonds_id: UUID, dossier_id: UUID, told: Told) -> Row:
    """Make the row of a new dossier."""
    return {
        **{"id": dossier_id, "fonds_id": fonds_id, "version": 1, "list_id": None, "archived_at": None},
        **{"is_new": True, "is_marked": False, "past": {}, "has_code_alike": False},
        **columns_of(told.description),
    }


def changed_row(fonds_id: UUID, known: KnownDossier, told: Told) -> Row:
    """Make the row of a dossier that changes."""
    return {
        **{"id": known.id, "fonds_id": fonds_id, "version": known.version + 1, "list_id": known.list_id},
        **{"is_new": False, "is_marked": told.marks is not None, "past": past_of(known, told)},
        **{"has_code_alike": False, "archived_at": None},  # both stay as they are
        **columns_of(told.description),
    }


def past_of(known: KnownDossier, told: Told) -> Content:
    """Give what of a dossier a row changes, as it is until then."""
    changed = described(known.description) if told.description != known.description else {}
    return changed | (marked(known.marks) if told.marks not in (None, dict(known.marks)) else {})


def mark_rows(dossier_id: UUID, told: Told) -> list[Row]:
    """Make the rows of the criteria that a dossier will meet."""
    return [
        {"dossier_id": dossier_id, "criterion": criterion, "evidence": evidence}
        for criterion, evidence in (told.marks or {}).items()
    ]


async def stage(uow: UnitOfWork, import_id: UUID, portion: int, ready: Ready) -> None:
    """Keep a portion as it will be written, in place of what was kept of it before."""
    at = {"import_id": import_id, "portion": portion}
    await unstage(uow, import_id, portion)
    for table, rows in ((basis, ready.bases), (staged_dossier, ready.dossiers), (staged_mark, ready.marks)):
        if rows:
            await uow.session.exec(insert(table), params=[{**at, **row} for row in rows])


async def unstage(uow: UnitOfWork, import_id: UUID, portion: int) -> None:
    """Let go of what is ready of a portion."""
    for table in STAGED:
        await uow.session.exec(delete(table).where(table.c.import_id == import_id, table.c.portion == portion))
