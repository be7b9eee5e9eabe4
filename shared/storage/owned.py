"""A file for a thread that nobody can stop: it stays open for the thread, whatever its first owner does meanwhile."""

import os
import weakref
from io import FileIO


def owned(descriptor: int) -> FileIO:
    """Give an open file of one's own at the same place, closed when nobody holds it any more.

    A cancelled caller closes its descriptor, the number goes to the next file that is opened, and a thread that still
    wrote to the number would write there. A thread that never began holds nothing, and the file goes with its call.
    """
    own = os.dup(descriptor)
    file = FileIO(own, "wb", closefd=False)
    weakref.finalize(file, os.close, own)
    return file
