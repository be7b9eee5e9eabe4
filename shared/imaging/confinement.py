"""Shut a worker process in: memory, processor time, files, network, and its life tied to its parent's (Linux).

What the kernel does not offer is reported by name, so that an operator knows which walls stand.
"""

import ctypes
import math
import os
import resource
import signal
import sysconfig
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from shared.imaging.syscalls import refuse_calls

WALLS = ("memory", "processor", "network", "files", "privileges", "calls")
PR_SET_PDEATHSIG = 1
PR_SET_NO_NEW_PRIVS = 38
CLONE_NEWUSER, CLONE_NEWNET = 0x10000000, 0x40000000
CAPABILITIES_V3 = 0x20080522
LARGEST_OUTPUT = 64 << 20
MOST_FILES = 32

LANDLOCK_CREATE_RULESET, LANDLOCK_ADD_RULE, LANDLOCK_RESTRICT_SELF = 444, 445, 446
LANDLOCK_VERSION_ONLY = 1
EXECUTE = 1 << 0
WRITE_FILE, READ_FILE, READ_FOLDER, REMOVE_FILE, MAKE_FILE, TRUNCATE = 1 << 1, 1 << 2, 1 << 3, 1 << 5, 1 << 8, 1 << 14
FILE_RIGHTS = {1: 13, 2: 14, 3: 15, 4: 15, 5: 16}  # how many rights each version of Landlock knows
EVERY_PORT = 0b11
EVERY_SCOPE = 0b11  # abstract sockets, signals

_libc = ctypes.CDLL(None, use_errno=True)


class _RulesetAttributes(ctypes.Structure):
    _fields_ = (("files", ctypes.c_uint64), ("ports", ctypes.c_uint64), ("scopes", ctypes.c_uint64))


class _PathBeneath(ctypes.Structure):
    _pack_ = 1
    _fields_ = (("allowed_access", ctypes.c_uint64), ("parent_fd", ctypes.c_int32))


def die_with_parent(parent: int) -> None:
    """Have the kernel kill this process when the thread that started it ends, however it ends.

    `parent` is the process id it must have; one that died before we could ask is noticed here.
    """
    _libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:
        raise SystemExit("the parent is gone")


def confine(spool: Path, memory: int) -> list[str]:
    """Shut this process into one folder without network; gives the names of the walls that stand (of WALLS).

    `memory` is in bytes of address space. Beside the spool only the interpreter's own library can be read.
    """
    return raised(memory, lambda: only_folder(spool), refuse_calls)


def confine_program(spool: Path, memory: int, program: Sequence[Path], library: Sequence[Path]) -> list[str]:
    """Shut in a process that is about to become another program; gives the walls as `confine` does.

    `program` are the files that may be begun (with its loader), `library` what it may read beside the spool.
    """
    return raised(
        memory,
        lambda: only_folder(spool, library=library, programs=program),
        lambda: refuse_calls(may_begin_program=True),
    )


def raised(memory: int, files: Callable[[], bool], calls: Callable[[], bool]) -> list[str]:
    """Raise every wall, and name those that stand."""
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (LARGEST_OUTPUT, LARGEST_OUTPUT))
    resource.setrlimit(resource.RLIMIT_NOFILE, (MOST_FILES, MOST_FILES))
    _libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    raising: dict[str, Callable[[], bool]] = {
        "network": without_network,
        "files": files,
        "privileges": without_privileges,
        "calls": calls,
    }
    return ["memory", "processor", *(name for name, raise_wall in raising.items() if raise_wall())]


def allow_processor_time(seconds: float) -> None:
    """Let this process compute for so long from now, in whole seconds rounded up; then the kernel kills it."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    until = math.ceil(used.ru_utime + used.ru_stime + seconds)
    resource.setrlimit(resource.RLIMIT_CPU, (until, resource.RLIM_INFINITY))


def without_network() -> bool:
    """Move into an empty network of our own."""
    alone: int = _libc.unshare(CLONE_NEWNET)
    if alone != 0:
        alone = _libc.unshare(CLONE_NEWUSER | CLONE_NEWNET)
    return alone == 0


def without_privileges() -> bool:
    """Give up every capability: as root, this process could else raise its own limits."""
    header = (ctypes.c_uint32 * 2)(CAPABILITIES_V3, 0)
    none_left = (ctypes.c_uint32 * 6)()
    given_up: int = _libc.capset(ctypes.byref(header), ctypes.byref(none_left))
    return given_up == 0


def only_folder(folder: Path, *, library: Iterable[Path] | None = None, programs: Iterable[Path] = ()) -> bool:
    """Forbid every file outside one folder, but the library to read and programs to begin (Landlock, Linux 5.13)."""
    version: int = _libc.syscall(LANDLOCK_CREATE_RULESET, None, 0, LANDLOCK_VERSION_ONLY)
    if version < 1:
        return False
    rights = (1 << FILE_RIGHTS.get(version, FILE_RIGHTS[5])) - 1
    attributes = _RulesetAttributes(rights, EVERY_PORT if version >= 4 else 0, EVERY_SCOPE if version >= 6 else 0)
    known_size = 24 if version >= 6 else 16 if version >= 4 else 8
    ruleset: int = _libc.syscall(LANDLOCK_CREATE_RULESET, ctypes.byref(attributes), known_size, 0)
    if ruleset < 0:
        return False
    try:
        work = READ_FILE | WRITE_FILE | READ_FOLDER | REMOVE_FILE | MAKE_FILE | TRUNCATE
        parts = our_library() if library is None else library
        allowed = [opened(ruleset, folder, work & rights), *(opened(ruleset, part) for part in parts)]
        allowed += [opened(ruleset, program, EXECUTE | READ_FILE) for program in programs]
        return all(allowed) and _libc.syscall(LANDLOCK_RESTRICT_SELF, ruleset, 0) == 0
    finally:
        os.close(ruleset)


def opened(ruleset: int, folder: Path, rights: int = READ_FILE | READ_FOLDER) -> bool:
    """Allow something below a folder, reading if nothing else is said; of a file, what files know."""
    descriptor = os.open(folder, os.O_PATH)
    try:
        if not folder.is_dir():
            rights &= ~READ_FOLDER
        rule = _PathBeneath(rights, descriptor)
        added: int = _libc.syscall(LANDLOCK_ADD_RULE, ruleset, 1, ctypes.byref(rule), 0)
        return added == 0
    finally:
        os.close(descriptor)


def our_library() -> set[Path]:
    """Name the folders that late imports of the standard library, Pillow and numpy may still read."""
    named = (sysconfig.get_path(kind) for kind in ("stdlib", "platstdlib", "purelib", "platlib"))
    return {Path(folder) for folder in named if folder and os.access(folder, os.R_OK | os.X_OK)}
