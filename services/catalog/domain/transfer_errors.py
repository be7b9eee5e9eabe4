"""Everything that can go wrong about transfers from source agencies.

ArchiveError
├── TransferUnknown         404  no transfer has this id, or the caller may not know that one has
├── TransferStateWrong      409  a transfer in this state cannot be changed so; `state` tells which
├── MinutesIncomplete       409  the scanned minutes are not attached yet
├── MinutesDocumentMissing  404  no minutes are attached
├── MinutesDocumentEmpty    422  an empty file is no document
└── TransferWrong           422  what is told cannot be; `field` and `reason` tell which and why
"""

from shared.errors import Conflict, NotFound, Unprocessable


class TransferUnknown(NotFound):
    """There is no such transfer."""

    code = "catalog.transfer_unknown"


class TransferStateWrong(Conflict):
    """A transfer in this state cannot be changed so."""

    code = "catalog.transfer_state_wrong"


class MinutesIncomplete(Conflict):
    """The scanned minutes are not attached yet."""

    code = "catalog.minutes_incomplete"


class MinutesDocumentMissing(NotFound):
    """No scanned minutes are attached."""

    code = "catalog.minutes_document_missing"


class MinutesDocumentEmpty(Unprocessable):
    """The document is empty."""

    code = "catalog.minutes_document_empty"


class TransferWrong(Unprocessable):
    """What is told of a transfer cannot be."""

    code = "catalog.transfer_wrong"
