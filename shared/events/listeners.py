"""Who hears what: the one table from event to listening services.

A publisher declares its listeners' queues before it publishes, so that no event is lost because a listener was
started later. A test holds this table against the subscriptions that the services really have.
"""

from shared.events.base import Event
from shared.events.catalog import (
    DifficultyAnswered,
    DifficultyChanged,
    DifficultyClosed,
    DifficultyRaised,
    DossierApproved,
    DossierWithdrawn,
    TransferChanged,
)
from shared.events.handover import PackageDamaged, PackageExplained, PackageOffered, PackageReceived
from shared.events.identity import AccountDisabled, AccountEnabled, AccountGranted
from shared.events.ingest import (
    DossierPreserved,
    DossierRevised,
    DossierScanned,
    MasterStored,
    PackageQuarantined,
    PackageRestored,
    RescanClosed,
)
from shared.events.qc import (
    DossierAccepted,
    DossierRejected,
    PageChecked,
    RescanOrdered,
    RescanWithdrawn,
    VerdictGiven,
    VerdictUndone,
)

EVERY_SERVICE = ("catalog", "handover", "identity", "ingest", "qc", "reporting")

LISTENERS: dict[type[Event], tuple[str, ...]] = {
    DossierApproved: ("handover", "ingest", "qc", "reporting"),
    DifficultyRaised: ("reporting",),
    DifficultyChanged: ("reporting",),
    DifficultyAnswered: ("reporting",),
    DifficultyClosed: ("reporting",),
    TransferChanged: ("reporting",),
    DossierWithdrawn: ("handover", "ingest", "qc", "reporting"),
    MasterStored: ("qc", "reporting"),
    DossierScanned: ("qc", "reporting"),
    PageChecked: ("ingest", "reporting"),
    VerdictGiven: ("ingest",),
    VerdictUndone: ("ingest",),
    RescanOrdered: ("ingest", "reporting"),
    RescanWithdrawn: ("ingest", "reporting"),
    RescanClosed: ("qc", "reporting"),
    DossierAccepted: ("ingest", "reporting"),
    DossierRejected: ("ingest", "reporting"),
    DossierPreserved: ("catalog", "handover", "reporting"),
    DossierRevised: ("handover", "reporting"),
    PackageQuarantined: ("handover",),
    PackageRestored: ("handover",),
    PackageDamaged: ("ingest",),
    PackageOffered: ("reporting",),
    PackageReceived: ("reporting",),
    PackageExplained: ("reporting",),
    AccountGranted: ("catalog", "handover"),
    AccountDisabled: EVERY_SERVICE,
    AccountEnabled: EVERY_SERVICE,
}
