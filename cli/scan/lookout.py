"""Whether a scanner has finished with a file: two looks some time apart that found it the same."""

import time
from collections.abc import Callable
from hashlib import file_digest
from pathlib import Path

from cli.scan.folder import Seen

QUIET_SECONDS = 2.0


class Lookout:
    """Remembers how files looked, and what their digests were.

    A file's times are only compared with each other: the clock of a scanner or file server may be wrong.
    """

    def __init__(self, quiet: float = QUIET_SECONDS, clock: Callable[[], float] = time.monotonic) -> None:
        self._quiet = quiet
        self._clock = clock
        self._looks: dict[Path, tuple[tuple[int, int], float]] = {}
        self._digests: dict[Path, tuple[tuple[int, int], str]] = {}

    def is_complete(self, file: Seen) -> bool:
        """Note a look, and say whether the file has been the same for a while."""
        now, facts = self._clock(), (file.size, file.modified_ns)
        before = self._looks.get(file.path)
        if before is None or before[0] != facts:
            self._looks[file.path] = facts, now
            return self._quiet <= 0
        return now - before[1] >= self._quiet

    def digest(self, file: Seen) -> str:
        """Give the SHA-256 of a file, read anew only when it looks changed, or nothing when it cannot be read."""
        facts = (file.size, file.modified_ns)
        known = self._digests.get(file.path)
        if known is None or known[0] != facts:
            try:
                with file.path.open("rb") as opened:
                    known = facts, file_digest(opened, "sha256").hexdigest()
            except OSError:
                return ""
            self._digests[file.path] = known
        return known[1]
