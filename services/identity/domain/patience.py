"""How long whoever fails to sign in must wait: longer after each failure, but nobody is shut out by others."""

from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address, ip_network

WINDOW = timedelta(minutes=10)
FREE = 10  # failures for one account from one address that cost nothing
LONGEST_PAUSE = timedelta(minutes=1)
SLOW_FROM = 50  # failures for one account from all addresses together, from which on every look at it is slow
SLOWNESS = timedelta(seconds=1)


def pause_after(failures: int) -> timedelta:
    """Give how long after so many failures of late the next attempt is looked at."""
    if failures < FREE:
        return timedelta(0)
    return min(timedelta(seconds=2.0 ** min(failures - FREE, 10)), LONGEST_PAUSE)


def may_try(failures: int, latest: datetime | None, moment: datetime) -> bool:
    """Say whether an attempt is looked at, after so many failures from the same address, the latest of them then."""
    return latest is None or moment - latest >= pause_after(failures)


def neighbourhood(address: str) -> str:
    """Give what counts as one address: of IPv6 the network, since a single machine has 2^64 addresses in it."""
    try:
        known = ip_address(address)
    except ValueError:
        return address[:100]
    if isinstance(known, IPv6Address):
        return str(known.ipv4_mapped or ip_network((known, 64), strict=False))
    return str(known)
