"""What can go wrong with a server of our own.

ArchiveError
├── BackingMissing    its programs are not on this machine
├── NotReady          it died or did not answer in time
├── NotRunning        something was asked of it while it was stopped
└── UnusableName      a database cannot bear this name
"""

from shared.errors import ArchiveError, Refused, Unavailable


class BackingMissing(ArchiveError):
    """A program that the full mode needs is not installed."""

    code = "backing.missing"


class NotReady(Unavailable):
    """A server died or did not answer in time."""

    code = "backing.not_ready"


class NotRunning(Unavailable):
    """The server has to run for this."""

    code = "backing.not_running"


class UnusableName(Refused):
    """A database is named by a lower-case letter, then letters, digits or underscores, 63 at most."""

    code = "backing.unusable_name"
