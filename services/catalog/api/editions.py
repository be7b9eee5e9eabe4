"""What a list holds, for readers: its entries, what they add up to, and how it differs from the edition before."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter

from services.catalog.api.lists import given_list
from services.catalog.api.shapes import Here
from services.catalog.domain.difference import Facts, Kind
from services.catalog.domain.totals import Assumptions, Totals, by_series
from services.catalog.operations import comparing, reading_lists
from shared.auth.guard import guarded_router
from shared.cursors import cursor_of
from shared.edge import Reading
from shared.paging import Asked
from shared.wire import Listing, Out

router: APIRouter = guarded_router()


class EntryOut(Out):
    """A dossier under its number on a list; of an approved list everything is as it was approved."""

    number: int
    dossier_id: UUID
    version: int
    series_code: str | None
    description: dict[str, Any]
    evidence: dict[str, str]
    document_count: int


class AssumptionsOut(Out):
    """What estimates rest on; nobody measured it. A page whose paper size nobody told counts as A4."""

    bytes_per_page: int
    pages_per_day: int


class SumsOut(Out):
    """Dossiers added up; `estimated_bytes` is for one copy. Those without a count of sheets are not in `sheets`."""

    dossiers: int
    sheets: int
    dossiers_without_sheets: int
    pages: int
    a4_pages: int
    estimated_bytes: int
    estimated_days: int


class SeriesSumsOut(SumsOut):
    """The dossiers of one series added up; without a code they are in none."""

    code: str | None
    title: str


class TotalsOut(SumsOut):
    """A list added up, series by series in its order, and what the estimates assume."""

    assumptions: AssumptionsOut
    series: list[SeriesSumsOut]


class FieldChangeOut(Out):
    """A field that says something else than before."""

    field: str
    before: Any
    after: Any


class DifferenceOut(Out):
    """How a dossier differs from the edition that a list replaces; `fields` tell in what where it was changed."""

    dossier_id: UUID
    file_code: str
    kind: Kind
    fields: list[FieldChangeOut]


@router.get("/lists/{list_id}/entries")
async def list_entries(list_id: UUID, session: Reading, portion: Asked) -> Listing[EntryOut]:
    """List the dossiers of a list by number; before its approval in the order that they would have now."""
    selection = await given_list(session, list_id)
    rows = await reading_lists.numbered(session, selection, portion.place(int, 0), portion.limit + 1)
    items = [entry_out(*row) for row in rows[: portion.limit]]
    return Listing(items=items, next=cursor_of(items[-1].number) if len(rows) > portion.limit else None)


@router.get("/lists/{list_id}/totals")
async def read_totals(list_id: UUID, session: Reading, here: Here) -> TotalsOut:
    """Add a list up: sheets, pages, A4 equivalents, and an estimate of bytes and days of scanning."""
    selection = await given_list(session, list_id)
    measures = await reading_lists.measures_of(session, selection)
    titles = await reading_lists.series_titles(session, selection)
    assumed = here.assumptions
    return TotalsOut(
        **sums(Totals.of(measures), assumed),
        assumptions=AssumptionsOut(bytes_per_page=assumed.bytes_per_page, pages_per_day=assumed.pages_per_day),
        series=[
            SeriesSumsOut(code=code, title=titles.get(code, ""), **sums(totals, assumed))
            for code, totals in by_series(measures)
        ],
    )


@router.get("/lists/{list_id}/differences")
async def list_differences(list_id: UUID, session: Reading, portion: Asked) -> Listing[DifferenceOut]:
    """List what differs among the next dossiers from the edition before; go on until there is no cursor."""
    selection = await given_list(session, list_id)
    after = portion.place(UUID, UUID(int=0))
    found, last = await comparing.next_differences(session, selection, after, portion.limit)
    return Listing(items=[DifferenceOut.model_validate(each) for each in found], next=last and cursor_of(last))


def sums(totals: Totals, assumed: Assumptions) -> dict[str, int]:
    """Show totals with their estimates."""
    return {
        "dossiers": totals.dossiers,
        "sheets": totals.sheets,
        "dossiers_without_sheets": totals.dossiers_without_sheets,
        "pages": totals.pages,
        "a4_pages": totals.a4_pages,
        "estimated_bytes": totals.estimated_bytes(assumed),
        "estimated_days": totals.estimated_days(assumed),
    }


def entry_out(number: int, dossier_id: UUID, version: int, facts: Facts) -> EntryOut:
    """Show a dossier on its list."""
    return EntryOut(
        number=number,
        dossier_id=dossier_id,
        version=version,
        series_code=facts["columns"]["series_code"],
        description=facts["dossier"]["description"],
        evidence=facts["evidence"],
        document_count=len(facts["documents"]),
    )
