"""Suggestions: criteria that descriptions let expect, to be confirmed by marking."""

from uuid import UUID

from fastapi import APIRouter

from services.catalog.api.filters import Searched
from services.catalog.api.shapes import Here
from services.catalog.domain.suggesting import both, rule_of, suggested
from services.catalog.domain.terms import TOLD, entry_of
from services.catalog.models import Dossier
from services.catalog.operations.finding import count_found
from services.catalog.operations.indexing import told_by_documents
from services.catalog.operations.marking import criteria_of
from shared.auth.guard import guarded_router
from shared.edge import Reading
from shared.errors import NotFound
from shared.wire import Listing, Out

router: APIRouter = guarded_router()


class RuleOut(Out):
    """A rule of the programme, and how many dossiers it suggests its criterion for; `filters` lists and marks them."""

    criterion: str
    evidence: str
    filters: dict[str, str]
    count: int
    is_more: bool


class SuggestionOut(Out):
    """A criterion that a dossier seems to meet, and the evidence for it."""

    criterion: str
    evidence: str


@router.get("/suggestions")
async def list_suggestions(session: Reading, asked: Searched, here: Here) -> Listing[RuleOut]:
    """List the rules that suggest a criterion for some dossier, those that have it left out; with filters."""
    told = []
    for rule in here.programme.suggestions:
        found = await count_found(session, both(asked, rule_of(rule, here.programme.criteria)))
        if found.count:
            filters = {**rule.filters, "without_criterion": rule.criterion}
            told.append(
                RuleOut(
                    criterion=rule.criterion,
                    evidence=rule.evidence,
                    filters=filters,
                    count=found.count,
                    is_more=found.is_more,
                )
            )
    return Listing(items=told)


@router.get("/dossiers/{dossier_id}/suggestions")
async def suggest_criteria(dossier_id: UUID, session: Reading, here: Here) -> Listing[SuggestionOut]:
    """Suggest criteria for one dossier that it is not marked with."""
    row = await session.get(Dossier, dossier_id)
    if row is None:
        raise NotFound("no dossier has this id")
    told = {name: getattr(row, name) for name in TOLD}
    documents = await told_by_documents(session, [dossier_id])
    entry = entry_of(told, await criteria_of(session, dossier_id), documents.get(dossier_id, ()))
    programme = here.programme
    found = suggested(told, entry, programme.suggestions, programme.criteria)
    return Listing(items=[SuggestionOut.model_validate(each) for each in found])
