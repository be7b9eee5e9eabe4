"""Port numbers that nobody else takes, neither before our server listens nor while it lies killed.

Numbers handed out by the kernel for port 0 are not used: the kernel hands the same range to outgoing connections, so
that a client which keeps calling a killed server could end up holding the very port the server needs to come back.
"""

import errno
import secrets
import socket
from pathlib import Path

FIRST, LAST = 10240, 65535
EPHEMERAL = Path("/proc/sys/net/ipv4/ip_local_port_range")

_kept: set[int] = set()  # open descriptors, closed by the end of this process


def choose(count: int, *, beside: int = 0) -> list[int]:
    """Choose free ports of 127.0.0.1; with `beside`, port + `beside` is free as well (and stays free like it).

    They are kept from other runs on this machine until this process ends.
    """
    usable = _outside_ephemeral()
    candidates = [port for port in usable if port + beside in usable]
    chosen: list[int] = []
    while len(chosen) < count:
        port = candidates.pop(secrets.randbelow(len(candidates)))
        pair = [port, port + beside] if beside else [port]
        if all(keep(number) and is_free(number) for number in pair):
            chosen.append(port)
    return chosen


def is_free(port: int) -> bool:
    """Say whether a server could listen there now."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                raise
            return False
        return True


def keep(port: int) -> bool:
    """Keep a port from other runs as long as this process lives; False when somebody keeps it already.

    An abstract socket serves as the mark: there is one of a name in the network namespace, whoever the user is, and
    the kernel removes it with the process.
    """
    mark = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    try:
        mark.bind(f"\0saoluu-port-{port}")
    except OSError as error:
        mark.close()
        if error.errno != errno.EADDRINUSE:
            raise
        return False
    _kept.add(mark.detach())
    return True


def _outside_ephemeral() -> range:
    low = int(EPHEMERAL.read_text().split()[0])
    return range(FIRST, low) if low - FIRST > 20_000 else range(FIRST, LAST + 1)
