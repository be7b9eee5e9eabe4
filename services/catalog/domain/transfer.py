"""Transfers from source agencies (giao nộp): their states, what is left to arrange, what differs when it comes in."""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import date
from enum import StrEnum

from services.catalog.domain.partial_date import in_order, is_future
from services.catalog.domain.transfer_errors import TransferStateWrong, TransferWrong

LARGEST_MINUTES = 10 << 20


class TransferState(StrEnum):
    """registered: still with the agency; received: here, with minutes; concluded: their scan is attached and fixed."""

    REGISTERED = "registered"
    RECEIVED = "received"
    CONCLUDED = "concluded"
    WITHDRAWN = "withdrawn"


NEXT: dict[TransferState, frozenset[TransferState]] = {
    TransferState.REGISTERED: frozenset({TransferState.RECEIVED, TransferState.WITHDRAWN}),
    TransferState.RECEIVED: frozenset({TransferState.CONCLUDED}),
    TransferState.CONCLUDED: frozenset(),
    TransferState.WITHDRAWN: frozenset(),
}
OPEN = frozenset({TransferState.REGISTERED, TransferState.RECEIVED})


def advance(present: str, wanted: TransferState) -> TransferState:
    """Give the wanted state if it may follow the present one. Raises TransferStateWrong."""
    if wanted not in NEXT[TransferState(present)]:
        raise TransferStateWrong(f"{present} → {wanted}", state=present)
    return wanted


def demand_state(present: str, *fit: TransferState) -> None:
    """Raise TransferStateWrong unless a transfer is in one of some states."""
    if present not in fit:
        raise TransferStateWrong(present, state=present)


@dataclass(frozen=True, slots=True)
class Quantity:
    """How much it is: dossiers, centimetres on the shelf, boxes."""

    dossier_count: int
    shelf_cm: int
    box_count: int


@dataclass(frozen=True, slots=True)
class QuantityDifference:
    """What was registered in one number and received in another."""

    field: str
    registered: int
    received: int


def differences(registered: Quantity, received: Quantity) -> Iterator[QuantityDifference]:
    """Give what was received otherwise than it was registered."""
    for field in fields(Quantity):
        before, after = getattr(registered, field.name), getattr(received, field.name)
        if before != after:
            yield QuantityDifference(field.name, before, after)


def demand_period(starts_on: str | None, ends_on: str | None, today: date) -> None:
    """Raise TransferWrong unless a period can be one, and is not of the future."""
    for field, told in (("starts_on", starts_on), ("ends_on", ends_on)):
        if is_future(told, today):
            raise TransferWrong(told or "", field=field, reason="in_future")
    if not in_order(starts_on, ends_on):
        raise TransferWrong(f"{starts_on} … {ends_on}", field="ends_on", reason="before_start")


def demand_happened(field: str, day: date, today: date) -> None:
    """Raise TransferWrong for a day of the future."""
    if day > today:
        raise TransferWrong(str(day), field=field, reason="in_future")


def demand_room(arranged_cm: int, shelf_cm: int) -> None:
    """Raise TransferWrong when more is arranged than there is."""
    if arranged_cm > shelf_cm:
        raise TransferWrong(
            f"{arranged_cm / 100} m > {shelf_cm / 100} m", field="arranged_metres", reason="more_than_shelf"
        )
