"""What a station says of its scanning: which scanner and program, and who stands at it."""

from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from urllib.parse import urlencode


@dataclass(frozen=True, slots=True)
class Setup:
    """With what and by whom is scanned; what is empty is not told."""

    make: str = ""
    model: str = ""
    serial: str = ""
    software: str = ""
    operator: str = ""

    def told_of(self, modified_ns: int) -> str:
        """Say it of one file, whose date is the moment it was scanned; written as a form is."""
        at = datetime.fromtimestamp(modified_ns // 1_000_000_000, UTC)
        told = {"scanned_at": at.isoformat(), **{name: value for name, value in asdict(self).items() if value}}
        return urlencode(told)
