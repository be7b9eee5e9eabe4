"""Typed identifiers, so that a page id is never passed where a dossier id is meant."""

import os
import time
from typing import NewType
from uuid import UUID

AccountId = NewType("AccountId", UUID)
FondsId = NewType("FondsId", UUID)
DossierId = NewType("DossierId", UUID)
DocumentId = NewType("DocumentId", UUID)
SelectionListId = NewType("SelectionListId", UUID)
AgencyId = NewType("AgencyId", UUID)
TransferId = NewType("TransferId", UUID)
DifficultyId = NewType("DifficultyId", UUID)
PageId = NewType("PageId", UUID)
RescanOrderId = NewType("RescanOrderId", UUID)
VerdictId = NewType("VerdictId", UUID)
DeliveryId = NewType("DeliveryId", UUID)
PackageId = NewType("PackageId", UUID)


def new_id() -> UUID:
    """Make a version 7 UUID (RFC 9562 §5.7): new rows land side by side in the index, also at 8 million pages."""
    stamp = time.time_ns() // 1_000_000
    value = (stamp & (1 << 48) - 1) << 80 | int.from_bytes(os.urandom(10))
    value = value & ~(0xF << 76) | 0x7 << 76
    return UUID(int=value & ~(0x3 << 62) | 0x2 << 62)
