"""What can be agreed with a receiver, and the states of an agreement; they only move forward."""

from datetime import date
from enum import StrEnum
from uuid import UUID

from joserfc.errors import JoseError
from joserfc.jwk import OKPKey

from services.handover.domain.agreement_errors import AgreementNotInForce, OwnAgreement, ReceiptKeyUnusable
from services.handover.errors import StateGoesBackwards

MIB = 1 << 20
SMALLEST_PART, LARGEST_PART = 100 * MIB, 1 << 44  # a CD's sixth; 16 TiB, more than one medium holds
LARGEST_DOCUMENT = 10 * MIB
CURVE = "Ed25519"


class Profile(StrEnum):
    """In which form packages are made."""

    TT05_2025 = "tt05-2025"
    CSIP_2_1 = "csip-2.1"
    CSIP_2_2 = "csip-2.2"


class Medium(StrEnum):
    """How packages travel: pulled over the network, or carried on media."""

    PULL = "pull"
    MEDIA = "media"


class AgreementState(StrEnum):
    """draft: written down by one person; agreed: approved by another; ended: nothing new is delivered under it."""

    DRAFT = "draft"
    AGREED = "agreed"
    ENDED = "ended"


NEXT: dict[AgreementState, frozenset[AgreementState]] = {
    AgreementState.DRAFT: frozenset({AgreementState.AGREED, AgreementState.ENDED}),
    AgreementState.AGREED: frozenset({AgreementState.ENDED}),
    AgreementState.ENDED: frozenset(),
}


def advance(present: AgreementState, wanted: AgreementState) -> AgreementState:
    """Give the wanted state if it may follow the present one. Raises StateGoesBackwards."""
    if wanted not in NEXT[present]:
        raise StateGoesBackwards(f"{present} → {wanted}")
    return wanted


def demand_other_person(decider: UUID, makers: frozenset[UUID]) -> None:
    """Raise OwnAgreement when the decider wrote the agreement or attached its document."""
    if decider in makers:
        raise OwnAgreement


def demand_in_force(starts_on: date | None, ends_on: date | None, today: date) -> None:
    """Raise AgreementNotInForce unless today is one of the days that were agreed, the first and the last included."""
    if (starts_on and today < starts_on) or (ends_on and today > ends_on):
        raise AgreementNotInForce(f"{starts_on} … {ends_on}", starts_on=str(starts_on), ends_on=str(ends_on))


def demand_receipt_key(told: str) -> None:
    """Raise ReceiptKeyUnusable unless a text is the public half of an Ed25519 key in PEM."""
    try:
        key = OKPKey.import_key(told)
        is_fit = not key.is_private and key.as_dict(private=False)["crv"] == CURVE
    except (JoseError, ValueError, TypeError, KeyError) as wrong:
        raise ReceiptKeyUnusable from wrong
    if not is_fit:
        raise ReceiptKeyUnusable
