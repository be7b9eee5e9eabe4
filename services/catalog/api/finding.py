"""Dossiers found and counted."""

from fastapi import APIRouter

from services.catalog.api.dossier_shapes import DossierOut
from services.catalog.api.filters import Searched
from services.catalog.api.shapes import Here, InLanguage
from services.catalog.api.shown import shown
from services.catalog.domain.facets import facets_asked
from services.catalog.operations import counting, finding
from shared.auth.guard import guarded_router
from shared.edge import Reading
from shared.paging import Asked
from shared.wire import Listing, Out, Term

router: APIRouter = guarded_router()


class DossierListing(Listing[DossierOut]):
    """One portion of a list of dossiers, and how many there are: `is_more` says that there are more than `count`."""

    count: int
    is_more: bool


class CodeCount(Out):
    """How many dossiers have a code: `is_more` says that there are more than `count`."""

    code: str
    count: int
    is_more: bool


class FacetsOut(Out):
    """Dossiers counted by field and code, and all of them; codes of none are left out."""

    facets: dict[str, list[CodeCount]]
    count: int
    is_more: bool


@router.get("/dossiers")
async def list_dossiers(session: Reading, portion: Asked, asked: Searched, language: InLanguage) -> DossierListing:
    """List dossiers, newest last, and count them.

    `q` finds whole words of code, title, keywords and note, and of what the documents say, with or without accents; "in
    quotes" they stand side by side, and `word*` finds its beginning.
    """
    found = await finding.found_dossiers(session, asked, portion)
    return DossierListing(
        items=await shown(session, found.dossiers, language),
        next=found.next,
        count=found.counted.count,
        is_more=found.counted.is_more,
    )


@router.get("/facets")
async def count_dossiers(
    session: Reading, asked: Searched, here: Here, by: Term = "criterion,decade,carrier"
) -> FacetsOut:
    """Count dossiers by the codes of some fields, separated by commas; with the filters of the list."""
    codes = facets_asked(by, here.programme.criteria, await counting.decades_present(session))
    counted = await counting.facets_of(session, asked, codes)
    whole = await finding.count_found(session, asked)
    return FacetsOut(
        facets={
            name: [CodeCount(code=code, count=each.count, is_more=each.is_more) for code, each in codes.items()]
            for name, codes in counted.items()
        },
        count=whole.count,
        is_more=whole.is_more,
    )
