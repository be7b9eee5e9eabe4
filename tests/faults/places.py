"""Where a system keeps what it knows, whichever way it runs: what a checker must be told, and no more."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Places:
    """The database of each service by its URL, and the store of incoming pages by its URL."""

    databases: Mapping[str, str]
    incoming: str
