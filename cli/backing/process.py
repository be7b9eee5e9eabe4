"""Processes of our own: launched apart from us, found again by what the kernel knows of them, ended by number."""

import os
import pwd
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

MARK = "SAOLUU_BACKING"

# Held so that the dead among them are reaped: a zombie looks alive to a server's own pid file.
_launched: dict[int, tuple[Path, subprocess.Popen[bytes]]] = {}


@dataclass(frozen=True, slots=True)
class Launch:
    """How to start a program: words, where it stands and writes, its whole environment, as whom, with which files."""

    words: Sequence[str | Path]
    folder: Path
    log: Path
    environment: Mapping[str, str] = field(default_factory=dict)
    user: str | None = None
    descriptors: Sequence[int] = ()


def launch(wanted: Launch, mark: Path) -> None:
    """Start a program in a session of its own, so that a Ctrl-C for us is none for it, marked with its folder."""
    account = pwd.getpwnam(wanted.user) if wanted.user else None
    log = os.open(wanted.log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        child = subprocess.Popen(
            wanted.words,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            cwd=wanted.folder,
            env={**bare_environment(), **wanted.environment, MARK: str(mark)},
            pass_fds=wanted.descriptors,
            start_new_session=True,
            umask=0o077,
            user=account.pw_uid if account else None,
            group=account.pw_gid if account else None,
            extra_groups=[] if account else None,
        )
    finally:
        os.close(log)
    _launched[child.pid] = mark, child


def bare_environment() -> dict[str, str]:
    """Give the little that any program needs; the caller's own variables could steer a server elsewhere."""
    return {"PATH": os.environ.get("PATH", "") + ":/usr/sbin:/usr/bin:/sbin:/bin", "LANG": "C.UTF-8"}


def children(mark: Path) -> set[int]:
    """Find those that this process itself launched with a mark and that live.

    They need no look into /proc, where a process shows neither title nor environment at the moment of an exec.
    """
    for pid, (_, child) in list(_launched.items()):
        if child.poll() is not None:
            _launched.pop(pid, None)
    return {pid for pid, (of, _) in list(_launched.items()) if of == mark}


def marked(mark: Path) -> set[int]:
    """Find the living processes launched with a mark, whoever launched them, and what they launched themselves."""
    return children(mark) | _found("environ", lambda words: f"{MARK}={mark}".encode() in words)


def titled(program: bytes, tag: bytes) -> set[int]:
    """Find the living processes whose title names a program first and holds a tag.

    Unlike the environment, a title may be read by anyone: root in a container cannot look into other users' processes.
    """
    return _found(
        "cmdline", lambda words: words[0].split(b":")[0].endswith(program) and any(tag in word for word in words)
    )


def roots(pids: set[int]) -> set[int]:
    """Leave out those whose parent is among them."""
    return {pid for pid in pids if parent_of(pid) not in pids}


def parent_of(pid: int) -> int:
    """Give the number of a process's parent, 0 when it is gone."""
    try:
        return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
    except OSError:
        return 0


def name_of(pid: int) -> str:
    """Give the short name of a process, or nothing when it is gone."""
    try:
        return Path(f"/proc/{pid}/comm").read_text().strip()
    except OSError:
        return ""


def tell(pids: set[int], number: signal.Signals) -> None:
    """Send a signal; those gone meanwhile need none."""
    for pid in pids:
        try:
            os.kill(pid, number)
        except ProcessLookupError:
            continue


def wait_until(done: Callable[[], bool], patience: float, *, every: float = 0.02) -> bool:
    """Ask again and again for `patience` seconds; say whether it came true."""
    deadline = time.monotonic() + patience
    while not done():
        if time.monotonic() > deadline:
            return False
        time.sleep(every)
    return True


def _found(file: str, belongs: Callable[[list[bytes]], bool]) -> set[int]:
    pids = set()
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and int(entry.name) != os.getpid():
            try:
                words = (entry / file).read_bytes().split(b"\0")
            except OSError:  # gone, or somebody else's
                continue
            if belongs(words):
                pids.add(int(entry.name))
    return pids
