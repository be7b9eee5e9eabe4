"""The code of a fonds: it names folders, packages and deliveries, so that every system must be able to spell it."""

import re

PLAIN = re.compile(r"[A-Za-z0-9_-]+\Z")  # codes as the samples of Circular 05/2025/TT-BNV have them (P_KHCN, P623)


def is_plain(code: str) -> bool:
    """Say whether a fonds may be given a code; fonds that have another one already keep it."""
    return PLAIN.match(code) is not None
