"""Forbid a process the system calls that no decoder needs (seccomp filter, Linux 3.17): sockets, programs, signals.

Known for x86-64 and arm64; on another machine there is no such wall, and the caller is told so.
"""

import ctypes
import errno
import platform

PR_SET_SECCOMP, SECCOMP_MODE_FILTER = 22, 2
LOAD_WORD, JUMP_IF_EQUAL, JUMP_IF_AT_LEAST, JUMP_IF_ANY_BIT, RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
ALLOW, KILL, REFUSE, UNKNOWN = 0x7FFF0000, 0x80000000, 0x00050000 | errno.EPERM, 0x00050000 | errno.ENOSYS
NUMBER_AT, MACHINE_AT, FIRST_ARGUMENT_AT = 0, 4, 16
CLONE_THREAD = 0x10000
X32 = 0x40000000  # the second door to the same calls on x86-64
CLONE3 = 435  # hides its flags from filters; told to be unknown, the C library takes clone

# In both: socket connect bind execve execveat ptrace kill tkill tgkill process_vm_readv process_vm_writev mount
# unshare setns bpf perf_event_open keyctl add_key request_key init_module finit_module open_by_handle_at
# userfaultfd; and, numbered alike everywhere: pidfd_send_signal io_uring_setup pidfd_open pidfd_getfd.
COMMON = (424, 425, 434, 438)
X86_64 = (41, 42, 49, 59, 322, 101, 62, 200, 234, 310, 311, 165, 272, 308, 321, 298, 250, 248, 249, 175, 313, 304, 323)
ARM64 = (
    198,
    203,
    200,
    221,
    281,
    117,
    129,
    130,
    131,
    270,
    271,
    40,
    97,
    268,
    280,
    241,
    219,
    217,
    218,
    105,
    273,
    265,
    282,
)
BEGIN = frozenset({59, 221})  # execve of both; neither number is a refused call of the other machine
FORKS = (57, 58)  # fork and vfork, which arm64 does not have
MACHINES = {
    "x86_64": (0xC000003E, 56, (*X86_64, *FORKS, *COMMON)),
    "aarch64": (0xC00000B7, 220, (*ARM64, *COMMON)),
}

_libc = ctypes.CDLL(None, use_errno=True)


class _Instruction(ctypes.Structure):
    _fields_ = (("code", ctypes.c_uint16), ("jt", ctypes.c_uint8), ("jf", ctypes.c_uint8), ("k", ctypes.c_uint32))


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("instructions", ctypes.POINTER(_Instruction)))


def program(audit_machine: int, clone: int, refused: tuple[int, ...]) -> list[tuple[int, int, int, int]]:
    """Write the filter as (code, jump if true, jump if false, operand); clone is allowed for threads only."""
    lines = [
        (LOAD_WORD, 0, 0, MACHINE_AT),
        (JUMP_IF_EQUAL, 1, 0, audit_machine),
        (RETURN, 0, 0, KILL),
        (LOAD_WORD, 0, 0, NUMBER_AT),
        (JUMP_IF_AT_LEAST, 0, 1, X32),
        (RETURN, 0, 0, REFUSE),
        (JUMP_IF_EQUAL, 0, 1, CLONE3),
        (RETURN, 0, 0, UNKNOWN),
    ]
    for number in refused:
        lines += [(JUMP_IF_EQUAL, 0, 1, number), (RETURN, 0, 0, REFUSE)]
    return [
        *lines,
        (JUMP_IF_EQUAL, 0, 3, clone),
        (LOAD_WORD, 0, 0, FIRST_ARGUMENT_AT),
        (JUMP_IF_ANY_BIT, 1, 0, CLONE_THREAD),
        (RETURN, 0, 0, REFUSE),
        (RETURN, 0, 0, ALLOW),
    ]


def refuse_calls(*, may_begin_program: bool = False) -> bool:
    """Put the filter up for good; PR_SET_NO_NEW_PRIVS must have been set. Says whether it stands.

    Who is about to become another program may do so, and so may that one: which programs is for other walls to say.
    """
    known = MACHINES.get(platform.machine())
    if known is None:
        return False
    machine, clone, refused = known
    lines = program(machine, clone, tuple(each for each in refused if not (may_begin_program and each in BEGIN)))
    instructions = (_Instruction * len(lines))(*(_Instruction(*line) for line in lines))
    filtering = _Program(len(lines), instructions)
    done: int = _libc.prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, ctypes.byref(filtering), 0, 0)
    return done == 0
