"""The code lists that dossiers are described with."""

from collections.abc import Mapping

from fastapi import APIRouter

from services.catalog.domain import codes, physical
from services.catalog.domain.words import CodeList
from shared.auth.guard import guarded_router
from shared.wire import Listing, Out

router: APIRouter = guarded_router()


class CodeOut(Out):
    """A code of a field and what it means."""

    field: str
    code: str
    vi: str
    en: str


FIELDS: Mapping[str, CodeList] = {
    "retention": codes.LISTS["retention"],
    "document_retention": codes.LISTS["document_retention"],
    "access_level": codes.LISTS["access_level"],
    "languages": codes.LISTS["language"],
    "physical_condition": codes.LISTS["physical_condition"],
    "trust_level": codes.LISTS["trust_level"],
    "type_code": codes.LISTS["document_type"],
    "secrecy": codes.LISTS["secrecy"],
    "kind": physical.KIND,
    "carrier": physical.CARRIER,
    "conditions": physical.CONDITION,
    "sheet_sizes": physical.SIZE,
    "page_sizes": physical.SIZE,
}


@router.get("/codes")
async def list_codes() -> Listing[CodeOut]:
    """List the codes of every coded field with their words."""
    told = [
        CodeOut(field=field, code=code, vi=words.vi, en=words.en)
        for field, known in FIELDS.items()
        for code, words in known.items()
    ]
    return Listing(items=told)
