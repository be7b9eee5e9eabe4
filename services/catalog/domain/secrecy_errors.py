"""Everything that can go wrong about secrets in what agencies and the centre write to each other.

ArchiveError
├── SecrecyUnstated  422  the writer has to say that the text holds no state secret
└── SecretMarked     422  the text bears a mark of secrecy; `field` and `mark` tell which
"""

from shared.errors import Unprocessable


class SecrecyUnstated(Unprocessable):
    """Nobody has said that the text holds no state secret."""

    code = "catalog.secrecy_unstated"


class SecretMarked(Unprocessable):
    """The text bears a mark of secrecy, and is not kept on a networked installation."""

    code = "catalog.secret_marked"
