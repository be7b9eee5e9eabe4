"""The code lists that dossiers are described with."""

from collections.abc import Mapping

from fastapi import APIRouter

from services.catalog.domain import codes, physical
from services.catalog.domain.eligibility import SECRECY
from services.catalog.domain.programme import Words
from shared.auth.guard import guarded_router
from shared.wire import Listing, Out

router: APIRouter = guarded_router()


class CodeOut(Out):
    """A code of a field; the circular gives Vietnamese words only, our own lists English ones too."""

    field: str
    code: str
    vi: str
    en: str | None


OF_THE_CIRCULAR: Mapping[str, Mapping[str, str]] = {
    "retention": codes.RETENTION,
    "access_level": codes.ACCESS_LEVEL,
    "languages": codes.LANGUAGE,
    "physical_condition": codes.PHYSICAL_CONDITION,
    "trust_level": codes.TRUST_LEVEL,
    "type_code": codes.DOCUMENT_TYPE,
    "secrecy": SECRECY,
}
OUR_OWN: Mapping[str, Mapping[str, Words]] = {
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
        CodeOut(field=field, code=code, vi=vi, en=None)
        for field, known in OF_THE_CIRCULAR.items()
        for code, vi in known.items()
    ]
    own = [
        CodeOut(field=field, code=code, vi=words.vi, en=words.en)
        for field, known in OUR_OWN.items()
        for code, words in known.items()
    ]
    return Listing(items=[*told, *own])
