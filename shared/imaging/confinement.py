"""Shut a worker process in: memory, processor time, files, network, and its life tied to its parent's (Linux).

What the kernel does not offer is reported by name, so that an operator knows which walls stand.
"""

import ctypes
import os
import resource
import signal
from collections.abc import Callable
from pathlib import Path

PR_SET_PDEATHSIG = 1
PR_SET_NO_NEW_PRIVS = 38
CLONE_NEWUSER, CLONE_NEWNET = 0x10000000, 0x40000000
LANDLOCK_CREATE_RULESET, LANDLOCK_ADD_RULE, LANDLOCK_RESTRICT_SELF = 444, 445, 446
EVERY_FILE_ACCESS = (1 << 13) - 1  # Landlock ABI 1
LARGEST_OUTPUT = 64 << 20

_libc = ctypes.CDLL(None, use_errno=True)


class _RulesetAttributes(ctypes.Structure):
    _fields_ = (("handled_access_fs", ctypes.c_uint64),)


class _PathBeneath(ctypes.Structure):
    _pack_ = 1
    _fields_ = (("allowed_access", ctypes.c_uint64), ("parent_fd", ctypes.c_int32))


def die_with_parent() -> None:
    """Have the kernel kill this process when its parent dies, however it dies."""
    _libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)


def confine(spool: Path, memory: int) -> list[str]:
    """Shut this process into one folder without network; gives the names of the walls that stand.

    `memory` is in bytes of address space. Everything that will be imported must have been imported.
    """
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (LARGEST_OUTPUT, LARGEST_OUTPUT))
    resource.setrlimit(resource.RLIMIT_NOFILE, (32, 32))
    _libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    walls: dict[str, Callable[[], bool]] = {"network": without_network, "files": lambda: only_folder(spool)}
    return ["memory", *(name for name, raise_wall in walls.items() if raise_wall())]


def without_network() -> bool:
    """Move into an empty network of our own."""
    alone: int = _libc.unshare(CLONE_NEWNET)
    if alone != 0:
        alone = _libc.unshare(CLONE_NEWUSER | CLONE_NEWNET)
    return alone == 0


def only_folder(folder: Path) -> bool:
    """Forbid every file outside one folder (Landlock, Linux 5.13)."""
    attributes = _RulesetAttributes(EVERY_FILE_ACCESS)
    ruleset = _libc.syscall(LANDLOCK_CREATE_RULESET, ctypes.byref(attributes), ctypes.sizeof(attributes), 0)
    if ruleset < 0:
        return False
    descriptor = os.open(folder, os.O_PATH | os.O_DIRECTORY)
    try:
        rule = _PathBeneath(EVERY_FILE_ACCESS, descriptor)
        added = _libc.syscall(LANDLOCK_ADD_RULE, ruleset, 1, ctypes.byref(rule), 0)
        return bool(added == 0 and _libc.syscall(LANDLOCK_RESTRICT_SELF, ruleset, 0) == 0)
    finally:
        os.close(descriptor)
        os.close(ruleset)
