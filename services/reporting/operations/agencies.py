"""Write down what agencies are told of: their difficulties, and what they transfer. The newest version counts."""

from typing import Any

from services.reporting.models import ReportedDifficulty, ReportedTransfer
from shared.events.catalog import (
    AgencyDescription,
    DifficultyAnswered,
    DifficultyChanged,
    DifficultyClosed,
    DifficultyRaised,
    TransferChanged,
)
from shared.uow import UnitOfWork

AboutDifficulty = DifficultyRaised | DifficultyChanged | DifficultyAnswered | DifficultyClosed


async def note_difficulty(uow: UnitOfWork, event: AboutDifficulty) -> None:
    """Know a difficulty as it stands."""
    known = await uow.session.get(ReportedDifficulty, event.difficulty_id, with_for_update=True)
    if known is None or known.version < event.version:
        facts = event.difficulty.model_dump(include=set(ReportedDifficulty.model_fields))
        told = ReportedDifficulty(
            difficulty_id=event.difficulty_id, version=event.version, **facts, **agency(event.difficulty.agency)
        )
        await uow.session.merge(told)


async def note_transfer(uow: UnitOfWork, event: TransferChanged) -> None:
    """Know a transfer as it stands."""
    known = await uow.session.get(ReportedTransfer, event.transfer_id, with_for_update=True)
    if known is None or known.version < event.version:
        told = ReportedTransfer(
            **event.model_dump(include=set(ReportedTransfer.model_fields) - {"arrangements"}),
            **agency(event.agency),
            arrangements=[each.model_dump(mode="json") for each in event.arrangements],
            received_on=event.received.signed_on if event.received else None,
            received_dossier_count=event.received.dossier_count if event.received else 0,
            received_shelf_cm=event.received.shelf_cm if event.received else 0,
        )
        await uow.session.merge(told)


def agency(told: AgencyDescription | None) -> dict[str, Any]:
    """Give the columns that tell of an agency."""
    if told is None:
        return {}
    return {"agency_id": told.id, "agency_name": told.name, "agency_code": told.code}
