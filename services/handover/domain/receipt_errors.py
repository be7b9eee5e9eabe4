"""What can go wrong with receipts that come in a file instead of from the receiver's account.

ArchiveError
├── PackageOfAnotherDelivery  409  the receipt is for a package of another delivery
└── ReceiptMisaddressed       422  the receipt names another package than it is given for
"""

from shared.errors import Conflict, Unprocessable


class PackageOfAnotherDelivery(Conflict):
    """The package of a receipt belongs to another delivery."""

    code = "handover.package_of_another_delivery"


class ReceiptMisaddressed(Unprocessable):
    """A receipt names another package, by OBJID, than it is given for."""

    code = "handover.receipt_misaddressed"
