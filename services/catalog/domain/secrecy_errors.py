"""Everything that can go wrong about secrets in what is written, and about dossiers that turn out to be secret.

ArchiveError
├── SecrecyUnstated      422  the writer has to say that the text holds no state secret
├── SecretMarked         422  the text bears a mark of secrecy; `field` and `mark` tell which
├── SecretOnDecidedList  409  a submitted or approved list holds the dossier: `list_id` tells which
├── SecretOnYearlyList   409  the draft of a yearly list names the dossier: `list_id` tells which
├── SecretBeingImported  409  an import of its fonds is still at work; trying again helps
└── FindingStands        422  a description would lift a finding without its paper; `fields` tells which and why
"""

from shared.errors import Conflict, Unprocessable


class SecrecyUnstated(Unprocessable):
    """Nobody has said that the text holds no state secret."""

    code = "catalog.secrecy_unstated"


class SecretMarked(Unprocessable):
    """The text bears a mark of secrecy, and is not kept on a networked installation."""

    code = "catalog.secret_marked"


class SecretOnDecidedList(Conflict):
    """A dossier that is on a submitted or approved list has to leave that first."""

    code = "catalog.secret_on_decided_list"


class SecretOnYearlyList(Conflict):
    """The draft of a yearly list that names the dossier has to be discarded first."""

    code = "catalog.secret_on_yearly_list"


class SecretBeingImported(Conflict):
    """An import into the fonds of the dossier has to end first."""

    code = "catalog.secret_being_imported"
    retryable = True


class FindingStands(Unprocessable):
    """The dossier, or a document of it, was found secret, which only a paper ends."""

    code = "catalog.finding_stands"
