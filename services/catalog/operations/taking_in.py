"""Take a transfer in: its minutes written, their scan attached, both fixed."""

from dataclasses import asdict, dataclass
from datetime import date
from hashlib import sha256
from uuid import UUID

from services.catalog.domain.transfer import TransferState, advance, demand_happened, demand_state
from services.catalog.domain.transfer_errors import MinutesDocumentEmpty, MinutesIncomplete
from services.catalog.models.transfers import MinutesDocument, Transfer, TransferMinutes
from services.catalog.operations.keeping_past import demand_seen, keep_after, keep_past
from services.catalog.operations.telling_agencies import tell_transfer
from services.catalog.operations.transferring import held_transfer
from shared.clock import day_in_vietnam, now
from shared.uow import UnitOfWork


@dataclass(frozen=True, slots=True)
class Minutes:
    """What the minutes of a transfer say: number and day, the two who signed, what was received, what differs why."""

    number: str
    signed_on: date
    given_by: str
    received_by: str
    dossier_count: int
    shelf_cm: int
    box_count: int
    explanation: str


async def receive_transfer(uow: UnitOfWork, transfer_id: UUID, told: Minutes, expected: int) -> Transfer:
    """Take a transfer in by minutes; the same minutes again change nothing.

    Raises TransferUnknown, TransferStateWrong, TransferWrong, ChangedMeanwhile.
    """
    transfer = await held_transfer(uow, transfer_id)
    known = await uow.session.get(TransferMinutes, transfer_id)
    if known is not None and minutes_of(known) == told:
        return transfer
    state = advance(transfer.state, TransferState.RECEIVED)
    demand_happened("signed_on", told.signed_on, day_in_vietnam(now()))
    demand_seen(transfer, expected)
    kept = keep_past(uow, transfer, "transfer.received", transfer=transfer)
    minutes = TransferMinutes(transfer_id=transfer_id, written_by=uow.caller.name, **asdict(told))
    uow.session.add(minutes)
    transfer.state = state
    await uow.session.flush()
    keep_after(kept, transfer=transfer, minutes=minutes)
    uow.record("transfer.received", transfer_id, number=told.number, signed_on=str(told.signed_on))
    await tell_transfer(uow, transfer)
    return transfer


async def attach_minutes(uow: UnitOfWork, transfer_id: UUID, name: str, content: bytes, expected: int) -> Transfer:
    """Attach the scanned minutes, in place of a scan that was attached before; the same again changes nothing.

    Raises TransferUnknown, TransferStateWrong, MinutesDocumentEmpty, ChangedMeanwhile.
    """
    transfer = await held_transfer(uow, transfer_id)
    minutes = await uow.session.get(TransferMinutes, transfer_id)
    digest = sha256(content).hexdigest()
    if minutes is not None and (minutes.document_name, minutes.document_sha256) == (name, digest):
        return transfer
    demand_state(transfer.state, TransferState.RECEIVED)
    if not content:
        raise MinutesDocumentEmpty
    demand_seen(transfer, expected)
    minutes = await uow.session.get_one(TransferMinutes, transfer_id)
    kept = keep_past(uow, transfer, "transfer.minutes_attached", minutes=minutes)
    await uow.session.merge(MinutesDocument(transfer_id=transfer_id, content=content))
    minutes.document_name, minutes.document_size, minutes.document_sha256 = name, len(content), digest
    keep_after(kept, minutes=minutes)
    uow.record("transfer.minutes_attached", transfer_id, sha256=digest, bytes=len(content), name=name)
    return transfer


async def conclude_transfer(uow: UnitOfWork, transfer_id: UUID, expected: int) -> Transfer:
    """Fix a transfer with its scanned minutes: from now on nothing of it changes.

    Raises TransferUnknown, TransferStateWrong, MinutesIncomplete, ChangedMeanwhile.
    """
    transfer = await held_transfer(uow, transfer_id)
    if transfer.state == TransferState.CONCLUDED:
        return transfer
    state = advance(transfer.state, TransferState.CONCLUDED)
    minutes = await uow.session.get_one(TransferMinutes, transfer_id)
    if not minutes.document_sha256:
        raise MinutesIncomplete
    demand_seen(transfer, expected)
    kept = keep_past(uow, transfer, "transfer.concluded", transfer=transfer)
    transfer.state = state
    keep_after(kept, transfer=transfer)
    uow.record("transfer.concluded", transfer_id, minutes_sha256=minutes.document_sha256)
    await tell_transfer(uow, transfer)
    return transfer


def minutes_of(row: TransferMinutes) -> Minutes:
    """Give what minutes say."""
    return Minutes(**{name: getattr(row, name) for name in Minutes.__slots__})
