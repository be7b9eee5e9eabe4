"""Everything that can go wrong about an agreement.

ArchiveError
├── AgreementUnknown      404
├── DocumentMissing       404  no document is attached to the agreement
├── AgreementIncomplete   409  it has no document yet, or nobody says how receipts are signed
├── AgreementNotAgreed    409  it is a draft, or has ended
├── AgreementNotInForce   409  today is none of its days
├── OwnAgreement          403  nobody approves an agreement of their own
├── ReceiptKeyUnusable    422  no public Ed25519 key
├── AgreementTermsWrong   422  days or sizes that cannot be
└── DocumentEmpty         422
"""

from shared.errors import Conflict, Forbidden, NotFound, Unprocessable


class AgreementUnknown(NotFound):
    """There is no such agreement."""

    code = "handover.agreement_unknown"


class DocumentMissing(NotFound):
    """No document is attached to this agreement."""

    code = "handover.document_missing"


class AgreementIncomplete(Conflict):
    """The document of this agreement is not attached yet."""

    code = "handover.agreement_incomplete"


class AgreementNotAgreed(Conflict):
    """Nothing is delivered under an agreement that is a draft or has ended."""

    code = "handover.agreement_not_agreed"


class AgreementNotInForce(Conflict):
    """Today is none of the days that were agreed."""

    code = "handover.agreement_not_in_force"


class OwnAgreement(Forbidden):
    """Nobody approves an agreement that they wrote or whose document they attached."""

    code = "handover.own_agreement"


class ReceiptKeyUnusable(Unprocessable):
    """This is no public Ed25519 key in PEM."""

    code = "handover.receipt_key_unusable"


class AgreementTermsWrong(Unprocessable):
    """The last day lies before the first."""

    code = "handover.agreement_terms_wrong"


class DocumentEmpty(Unprocessable):
    """The document of an agreement has no bytes."""

    code = "handover.document_empty"
