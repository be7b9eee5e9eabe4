"""Transfers from source agencies as they travel; lengths on the shelf are metres, to the centimetre."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, Field
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.catalog.api.dossier_shapes import iso_date
from services.catalog.api.shapes import Day, Lines, Words
from services.catalog.domain.transfer import Quantity, TransferState, differences
from services.catalog.models.transfers import Arrangement, Transfer, TransferMinutes
from services.catalog.operations.taking_in import Minutes
from services.catalog.operations.transferring import Registration
from shared.wire import Count, Flag, In, Out


def to_the_centimetre(metres: float) -> float:
    """Refuse a length that is finer than a centimetre. Raises ValueError."""
    if abs(metres * 100 - round(metres * 100)) > 1e-6:
        raise ValueError("metres have two decimals at most")
    return metres


Metres = Annotated[float, Field(strict=True, ge=0, le=100_000), AfterValidator(to_the_centimetre)]
Year = Annotated[int, Field(strict=True, ge=2000, le=2100)]


def centimetres(metres: float) -> int:
    """Give a length as it is kept."""
    return round(metres * 100)


class RegistrationIn(In):
    """Dossiers that are still to be transferred: which, of which time, how much, when it is planned.

    The writer says that it holds no state secret: unless secrets may be kept here, it is not taken without.
    """

    fonds_id: UUID | None = None
    title: Words
    starts_on: Words | None = None
    ends_on: Words | None = None
    dossier_count: Count
    shelf_metres: Metres
    box_count: Count
    planned_year: Year
    note: Lines = ""
    holds_no_secret: Flag = False

    def registration(self) -> Registration:
        """Give what was told, dates in ISO form. Raises FieldWrong."""
        told = self.model_dump(include=set(Registration.__slots__))
        for field in ("starts_on", "ends_on"):
            told[field] = iso_date(field, told[field])
        return Registration(**told, shelf_cm=centimetres(self.shelf_metres))


class TransferIn(RegistrationIn):
    """Dossiers of an agency that are still to be transferred."""

    agency_id: UUID


class ArrangementIn(In):
    """How many metres are arranged by a day."""

    reported_on: Day
    arranged_metres: Metres
    note: Lines = ""


class MinutesIn(In):
    """The minutes of a transfer: number and day, who gave and who received, how much it really was."""

    number: Words
    signed_on: Day
    given_by: Words
    received_by: Words
    dossier_count: Count
    shelf_metres: Metres
    box_count: Count
    explanation: Lines = ""

    def minutes(self) -> Minutes:
        """Give what the minutes say."""
        return Minutes(**self.model_dump(exclude={"shelf_metres"}), shelf_cm=centimetres(self.shelf_metres))


class WithdrawalIn(In):
    """Why a registration is taken back."""

    reason: Words


class ArrangementOut(Out):
    """How many metres were arranged by a day, and how many were left."""

    reported_on: date
    arranged_metres: float
    backlog_metres: float
    note: str
    reported_by: str
    at: datetime


class DifferenceOut(Out):
    """What was registered in one number and received in another."""

    field: str
    registered: float
    received: float


class MinutesOut(Out):
    """The minutes of a transfer; `document_sha256` is empty until their scan is attached."""

    number: str
    signed_on: date
    given_by: str
    received_by: str
    dossier_count: int
    shelf_metres: float
    box_count: int
    explanation: str
    document_name: str
    document_size: int
    document_sha256: str
    written_by: str
    written_at: datetime
    differences: list[DifferenceOut]


class TransferOut(Out):
    """A transfer; `backlog_metres` are those not arranged by the last report."""

    id: UUID
    version: int
    agency_id: UUID
    fonds_id: UUID | None
    title: str
    starts_on: str | None
    ends_on: str | None
    dossier_count: int
    shelf_metres: float
    box_count: int
    planned_year: int
    note: str
    state: TransferState
    reason: str
    registered_by: str
    registered_at: datetime
    secrecy_by: str
    secrecy_at: datetime | None
    arranged_metres: float
    backlog_metres: float
    is_arranged: bool
    minutes: MinutesOut | None


async def shown(session: AsyncSession, rows: Sequence[Transfer]) -> list[TransferOut]:
    """Show transfers with their arrangement and minutes, two queries for all of them."""
    ids = [row.id for row in rows]
    arranged: dict[UUID, int] = {}
    asked = select(Arrangement).where(col(Arrangement.transfer_id).in_(ids)).order_by(col(Arrangement.reported_on))
    for each in await session.exec(asked):
        arranged[each.transfer_id] = each.arranged_cm
    held = await session.exec(select(TransferMinutes).where(col(TransferMinutes.transfer_id).in_(ids)))
    minutes = {each.transfer_id: each for each in held}
    return [transfer_out(row, arranged.get(row.id, 0), minutes.get(row.id)) for row in rows]


def transfer_out(row: Transfer, arranged: int, minutes: TransferMinutes | None) -> TransferOut:
    """Show a transfer."""
    return TransferOut(
        **row.model_dump(exclude={"shelf_cm", "state"}),
        state=TransferState(row.state),
        shelf_metres=row.shelf_cm / 100,
        arranged_metres=arranged / 100,
        backlog_metres=(row.shelf_cm - arranged) / 100,
        is_arranged=arranged == row.shelf_cm,
        minutes=minutes and minutes_out(row, minutes),
    )


def minutes_out(row: Transfer, minutes: TransferMinutes) -> MinutesOut:
    """Show minutes, and where they differ from what was registered."""
    registered, received = (Quantity(each.dossier_count, each.shelf_cm, each.box_count) for each in (row, minutes))
    return MinutesOut(
        **minutes.model_dump(exclude={"transfer_id", "shelf_cm"}),
        shelf_metres=minutes.shelf_cm / 100,
        differences=[
            DifferenceOut(field="shelf_metres", registered=each.registered / 100, received=each.received / 100)
            if each.field == "shelf_cm"
            else DifferenceOut(field=each.field, registered=each.registered, received=each.received)
            for each in differences(registered, received)
        ],
    )
