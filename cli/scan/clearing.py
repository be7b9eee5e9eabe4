"""Whether a dossier's images may be cleared from the station: only if each of them is what the archive holds."""

from collections.abc import Iterator, Mapping, Sequence

from cli.scan.folder import LINK, NOT_A_FILE, UNREADABLE, LeftOut
from cli.scan.journal import Remembered
from cli.scan.plan import Found

UNKNOWN_INSIDE = frozenset({LINK, NOT_A_FILE, UNREADABLE})  # nobody has seen what they hold
NOT_SENT, CHANGED, REPLACED = "not_sent", "changed", "replaced"
Held = Mapping[int, tuple[int, str]]  # page number to the newest version there and its SHA-256


def obstacles(files: Sequence[Found], known: Remembered, held: Held) -> Iterator[LeftOut]:
    """Give every file that stands against clearing a preserved dossier, with the reason.

    The files' bytes must have been read: an image may go when the journal has the same bytes for it, and the version
    that they were sent as is the newest one the archive holds.
    """
    for file in files:
        sent = known.sent_as(file.name)
        if sent is None:
            if file.seen.left_out in UNKNOWN_INSIDE or not file.seen.left_out:
                yield LeftOut(file.seen.path, file.seen.left_out or NOT_SENT)
        elif (file.seen.size, file.sha256) != (sent.size, sent.sha256):
            yield LeftOut(file.seen.path, CHANGED)
        elif held.get(sent.number) != (sent.version, sent.sha256):
            yield LeftOut(file.seen.path, REPLACED)
