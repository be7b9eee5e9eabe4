"""Keys of stored objects: relative paths of plain segments, so that no key ever leaves its store."""

import re

from shared.errors import Refused

_SEGMENT = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]{0,199}")
LONGEST = 800


class KeyMalformed(Refused):
    """The key is not a relative path of plain segments."""

    code = "storage.key_malformed"


def demand_key(key: str) -> str:
    """Give the key back if it is one. Raises KeyMalformed."""
    if len(key) > LONGEST or not all(_SEGMENT.fullmatch(segment) for segment in key.split("/")):
        raise KeyMalformed(repr(key[:100]))
    return key


def demand_prefix(prefix: str) -> str:
    """Give back what a key can begin with, which may end inside a segment. Raises KeyMalformed."""
    if prefix:
        demand_key(prefix.removesuffix("/"))
    return prefix
