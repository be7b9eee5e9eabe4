"""Keep what the process has freed in one place, so that the next thread that asks can have it.

glibc gives each thread an arena of its own, and what was freed in one serves no other: with a dozen threads the process
kept tens of MB that nobody used. Ours hold the interpreter's lock nearly always, so they seldom meet in one arena.
"""

import ctypes

M_ARENA_MAX = -8  # malloc.h of glibc; mallopt(3)


def share_one_arena() -> None:
    """Ask the C library for one arena for all threads that start from here on; one that has no arenas is not asked."""
    if mallopt := getattr(ctypes.CDLL(None), "mallopt", None):
        mallopt(M_ARENA_MAX, 1)
