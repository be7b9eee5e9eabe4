"""The reasons that a verdict may name."""

from fastapi import APIRouter

from services.qc.api.findings import Reader
from services.qc.domain.reasons import ReasonClass, reasons
from shared.auth.guard import guarded_router
from shared.wire import Listing, Out

router: APIRouter = guarded_router()


class ReasonOut(Out):
    """A reason: stable code, how much it weighs, its words, and whether it needs a note."""

    code: str
    reason_class: ReasonClass
    text: str
    needs_note: bool


@router.get("/reasons")
async def list_reasons(reader: Reader) -> Listing[ReasonOut]:
    """List the reasons, with their words in the language that is asked for."""
    return Listing(
        items=[
            ReasonOut(
                code=reason.code,
                reason_class=reason.reason_class,
                text=reason.words[reader],
                needs_note=reason.needs_note,
            )
            for reason in reasons().values()
        ]
    )
