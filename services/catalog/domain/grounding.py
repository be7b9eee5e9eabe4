"""Rows that tell fonds or series, held against those that are there: what is wrong, new, changed or the same."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from uuid import UUID

from services.catalog.domain.file_code import folded_code
from services.catalog.domain.fonds_code import is_plain
from services.catalog.domain.holding import wrongs_of_fonds
from services.catalog.domain.row_change import Outcome, RowChange, cell_change
from services.catalog.domain.telling import cell_of
from services.catalog.domain.workbook_row import CellError, CellNotice, ReadRow

LONGEST_CODE = 100
Key = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Known:
    """A fonds or series that is there already in a version; what of it is frozen stays as it is, because of a list.

    An archived series stays as it is altogether.
    """

    id: UUID
    values: Mapping[str, object]
    version: int = 1
    frozen: frozenset[str] = frozenset()
    is_archived: bool = False


@dataclass(slots=True)
class Grounded:
    """What an import of fonds or series would do."""

    errors: list[CellError] = field(default_factory=list)
    notices: list[CellNotice] = field(default_factory=list)
    created: list[Mapping[str, object]] = field(default_factory=list)
    updated: list[tuple[UUID, Mapping[str, object]]] = field(default_factory=list)
    unchanged: int = 0
    changes: list[RowChange] = field(default_factory=list)

    @property
    def created_count(self) -> int:
        """Count what is new."""
        return len(self.created)

    @property
    def updated_count(self) -> int:
        """Count what changes."""
        return len(self.updated)

    @property
    def rejected(self) -> int:
        """Count the rows that are wrong."""
        return len({error.row for error in self.errors})


def ground(
    rows: Sequence[ReadRow],
    known: Mapping[Key, Known],
    fonds: frozenset[str] | None,
    seen: set[Key],
    previewed: Mapping[int, RowChange] | None = None,
) -> Grounded:
    """Hold rows against what is there; of series each belongs to one of `fonds`, which is None for rows of fonds.

    `seen` are the keys of the rows before these; theirs are added. A column that the file lacks leaves what is known.
    `previewed` are the rows of the preview, if one is applied.
    """
    made = Grounded()
    codes_of = {folded_key(key): key for key in (*known, *seen)}
    for row in rows:
        made.notices += row.notices
        key = key_of(row)
        there = known.get(key)
        checked = row.with_errors(wrongs_of(row, there, fonds))
        if key in seen:
            checked = checked.with_errors([row.wrong("series_code" if fonds is not None else "code", "repeated")])
        seen.add(key)
        other = codes_of.setdefault(folded_key(key), key)
        if there is None and other != key:
            wrong = row.wrong("series_code" if fonds is not None else "code", "collides")
            checked = checked.with_errors([replace(wrong, other=str(other[-1]))])
        change = change_of(checked, there)
        if previewed is not None and change.differs(previewed.get(row.row)):
            checked = checked.with_errors([row.wrong("code", "changed_since")])
            change = change_of(checked, there)
        made.changes.append(change)
        if checked.errors:
            made.errors += checked.errors
        elif there is None:
            made.created.append(row.values)
        elif is_same(row, there):
            made.unchanged += 1
        else:
            made.updated.append((there.id, row.values))
    return made


def change_of(row: ReadRow, known: Known | None) -> RowChange:
    """Say what becomes of a row."""
    code = "/".join(str(each) for each in key_of(row))
    if row.errors or known is None:
        return RowChange(row.row, Outcome.REJECTED if row.errors else Outcome.CREATED, code)
    cells = tuple(
        cell_change(row.columns.of_field[name], cell_of(name, known.values[name]), cell_of(name, value))
        for name, value in row.values.items()
        if name in known.values and known.values[name] != value
    )
    return RowChange(row.row, Outcome.UPDATED if cells else Outcome.UNCHANGED, code, cells=cells)


def key_of(row: ReadRow) -> Key:
    """Give what a row is known by: a fonds by its code, a series by that and its own."""
    return tuple(row.values[name] for name in ("code", "series_code") if name in row.values)


def folded_key(key: Key) -> Key:
    """Give what a row is known by with its own code folded: what people would take for one another is the same."""
    return (*key[:-1], folded_code(str(key[-1]))) if key else key


def is_same(row: ReadRow, known: Known) -> bool:
    """Say whether a row tells nothing new."""
    return all(known.values[name] == value for name, value in row.values.items() if name in known.values)


def wrongs_of(row: ReadRow, known: Known | None, fonds: frozenset[str] | None) -> Iterator[CellError]:
    """Give what is wrong with a row whatever the others say."""
    if len(str(row.values.get("series_code") or "")) > LONGEST_CODE:
        yield row.wrong("series_code", "too_long")
    there = known.values if known and fonds is None else {}
    for wrong in wrongs_of_fonds({**there, **row.values}):
        yield row.wrong(wrong.field, wrong.why)
    if fonds is None and known is None and not is_plain(str(row.values.get("code") or "-")):
        yield row.wrong("code", "not_plain")
    if fonds is not None and row.values.get("code") not in (None, *fonds):
        yield row.wrong("code", "no_fonds")
    if known and known.is_archived and not is_same(row, known):
        yield row.wrong("series_code", "archived")
    for name in known.frozen if known else ():
        if known and row.values.get(name, known.values[name]) != known.values[name]:
            yield row.wrong(name if fonds is None else "series_code", "frozen")
