"""Agree with a receiver: one person writes the agreement down and attaches its document, another approves it."""

from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from uuid import UUID

from sqlmodel import select

from services.handover.domain.agreement import (
    AgreementState,
    Medium,
    Profile,
    advance,
    demand_other_person,
    demand_receipt_key,
)
from services.handover.domain.agreement_errors import (
    AgreementIncomplete,
    AgreementTermsWrong,
    AgreementUnknown,
    DocumentEmpty,
)
from services.handover.errors import FondsUnknown, ReceiverDisabled, ReceiverUnknown, StateGoesBackwards
from services.handover.models import Agreement, AgreementDocument, PreservedDossier, Receiver
from shared.clock import now
from shared.uow import UnitOfWork


@dataclass(frozen=True, slots=True)
class Terms:
    """Everything that an agreement says but its document."""

    receiver_id: UUID
    receiver_name: str
    fonds_code: str
    agreed_on: date
    reference: str
    note: str
    profile: Profile
    with_masters: bool
    medium: Medium
    part_size: int
    starts_on: date
    ends_on: date | None
    receipt_key: str


async def draft(uow: UnitOfWork, terms: Terms) -> Agreement:
    """Write down what was agreed with a receiver.

    A fonds is known from its first preserved dossier on: before that there is nothing to deliver of it, and a
    mistyped code would wait for ever. Raises ReceiverUnknown, ReceiverDisabled, FondsUnknown, ReceiptKeyUnusable,
    AgreementTermsWrong.
    """
    await demand_receiver(uow, terms.receiver_id)
    if terms.ends_on and terms.ends_on < terms.starts_on:
        raise AgreementTermsWrong
    if terms.receipt_key:
        demand_receipt_key(terms.receipt_key)
    of_fonds = select(PreservedDossier.dossier_id).where(PreservedDossier.fonds_code == terms.fonds_code).limit(1)
    if (await uow.session.exec(of_fonds)).first() is None:
        raise FondsUnknown(terms.fonds_code)
    told = {name: getattr(terms, name) for name in Terms.__slots__}
    made = Agreement(**told, made_by=[str(author(uow))])
    uow.session.add(made)
    uow.record("agreement.drafted", made.id, **{name: str(value) for name, value in told.items()})
    return made


async def attach(uow: UnitOfWork, agreement_id: UUID, name: str, content: bytes) -> Agreement:
    """Attach the document of a draft, in place of one that was attached before.

    Raises AgreementUnknown, StateGoesBackwards, DocumentEmpty.
    """
    agreement = await held(uow, agreement_id)
    if agreement.state != AgreementState.DRAFT:
        raise StateGoesBackwards(f"{agreement.state} → {AgreementState.DRAFT}")
    if not content:
        raise DocumentEmpty
    await uow.session.merge(AgreementDocument(agreement_id=agreement_id, content=content))
    agreement.document_name, agreement.document_size = name, len(content)
    agreement.document_sha256 = sha256(content).hexdigest()
    agreement.made_by = sorted({*agreement.made_by, str(author(uow))})
    uow.record("agreement.document_attached", agreement_id, sha256=agreement.document_sha256, name=name)
    return agreement


async def approve(uow: UnitOfWork, agreement_id: UUID) -> Agreement:
    """Approve another person's agreement. Raises AgreementUnknown, OwnAgreement, AgreementIncomplete,
    StateGoesBackwards.
    """
    agreement = await held(uow, agreement_id)
    demand_other_person(author(uow), frozenset(UUID(each) for each in agreement.made_by))
    state = advance(AgreementState(agreement.state), AgreementState.AGREED)
    if not agreement.document_sha256:
        raise AgreementIncomplete
    agreement.state, agreement.approved_by, agreement.approved_at = state, uow.caller.name, now()
    uow.record("agreement.approved", agreement_id, document_sha256=agreement.document_sha256)
    return agreement


async def end(uow: UnitOfWork, agreement_id: UUID, reason: str) -> Agreement:
    """End an agreement: nothing new is delivered under it. Raises AgreementUnknown, StateGoesBackwards."""
    agreement = await held(uow, agreement_id)
    agreement.state = advance(AgreementState(agreement.state), AgreementState.ENDED)
    agreement.ended_at, agreement.reason = now(), reason
    uow.record("agreement.ended", agreement_id, reason=reason)
    return agreement


async def held(uow: UnitOfWork, agreement_id: UUID) -> Agreement:
    """Give an agreement as it is now, locked. Raises AgreementUnknown."""
    found = await uow.session.get(Agreement, agreement_id, with_for_update=True, populate_existing=True)
    if found is None:
        raise AgreementUnknown
    return found


async def demand_receiver(uow: UnitOfWork, account_id: UUID) -> None:
    """Refuse to deliver to somebody who could not pull. Raises ReceiverUnknown, ReceiverDisabled."""
    known = await uow.session.get(Receiver, account_id)
    if known is None or not known.may_receive:
        raise ReceiverUnknown(str(account_id))
    heard = await uow.session.get(uow.plumbing.disabled_account, account_id)
    if heard is not None and heard.is_disabled:
        raise ReceiverDisabled(known.name)


def author(uow: UnitOfWork) -> UUID:
    """Give the account that acts."""
    return uow.caller.account_id or UUID(int=0)
