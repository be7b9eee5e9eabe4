"""A file for a thread that nobody can stop: it stays open for the thread, whatever its first owner does meanwhile."""

import os
from io import FileIO


def owned(descriptor: int) -> FileIO:
    """Give an open file of one's own at the same place; whoever is given it closes it.

    A cancelled caller closes its descriptor, the number goes to the next file that is opened, and a thread that still
    wrote to the number would write there.
    """
    return FileIO(os.dup(descriptor), "wb")
