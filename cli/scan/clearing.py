"""Whether a dossier's folder may be cleared from the station: only if every file in it is what the archive holds."""

from collections.abc import Iterator, Mapping, Sequence

from cli.scan.folder import EMPTY, NOT_AN_IMAGE, LeftOut, Seen
from cli.scan.journal import Remembered
from cli.scan.plan import Found

DROPPINGS = frozenset({"thumbs.db", "desktop.ini", ".ds_store"})  # file managers make them anew, unasked
NOT_SENT, CHANGED, REPLACED = "not_sent", "changed", "replaced"
Held = Mapping[int, tuple[int, str]]  # page number to the newest version there and its SHA-256


def obstacles(files: Sequence[Found], known: Remembered, held: Held) -> Iterator[LeftOut]:
    """Give every file that stands against clearing a preserved dossier, with the reason.

    The files' bytes must have been read: a file may go when the journal has the same bytes for it, and the version
    that they were sent as is the newest one the archive holds. What was never sent stays, whatever it looks like: a
    page with a damaged head, or in a format that is not known here, is no image to us.
    """
    for file in files:
        sent = known.sent_as(file.name)
        if sent is None:
            if not is_dropping(file.seen):
                yield LeftOut(file.seen.path, file.seen.left_out or NOT_SENT)
        elif (file.seen.size, file.sha256) != (sent.size, sent.sha256):
            yield LeftOut(file.seen.path, CHANGED)
        elif held.get(sent.number) != (sent.version, sent.sha256):
            yield LeftOut(file.seen.path, REPLACED)


def is_dropping(seen: Seen) -> bool:
    """Say whether a file is one that file managers leave behind, by its name, and no image."""
    return seen.path.name.lower() in DROPPINGS and seen.left_out in (EMPTY, NOT_AN_IMAGE)
