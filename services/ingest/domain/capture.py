"""What a station says of the scanning of a page: when, with which scanner and program, and who stood at it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Self
from urllib.parse import parse_qs
from uuid import UUID, uuid5

from services.ingest.errors import CaptureMalformed

HEADER = "saoluu-capture"
LONGEST = 100
FIRST_YEAR, LAST_YEAR = 1970, 9000
SETUPS = UUID("5a5f1f0e-0b52-5d6a-9d3e-2f1c6a0f7b19")  # any fixed value: the same setup has the same id


@dataclass(frozen=True, slots=True)
class Setup:
    """With what and by whom a station scans; what it does not say is empty."""

    make: str = ""
    model: str = ""
    serial: str = ""
    software: str = ""
    operator: str = ""

    @classmethod
    def of(cls, told: Mapping[str, str]) -> Self:
        """Read a setup: one printable line each, no longer than a line is. Raises CaptureMalformed."""
        values = {name: told.get(name, "").strip() for name in ("make", "model", "serial", "software", "operator")}
        for name, value in values.items():
            if len(value) > LONGEST or not value.isprintable():
                raise CaptureMalformed(f"{name} is one printable line of at most {LONGEST} characters")
        return cls(**values)

    @property
    def is_told(self) -> bool:
        """Say whether anything is known of it."""
        return self != Setup()

    @property
    def id(self) -> UUID:
        """Give the id that the same setup always has."""
        return uuid5(SETUPS, "\n".join((self.make, self.model, self.serial, self.software, self.operator)))


@dataclass(frozen=True, slots=True)
class Capture:
    """When a page was scanned, by the station's word, and its setup."""

    scanned_at: datetime
    setup: Setup

    @classmethod
    def of(cls, told: str) -> "Capture | None":
        """Read `scanned_at=...&make=...`, written as a form is; None when nothing is told. Raises CaptureMalformed."""
        if not told:
            return None
        try:
            pairs = {name: values[-1] for name, values in parse_qs(told, errors="strict", max_num_fields=20).items()}
            at = datetime.fromisoformat(pairs.get("scanned_at", ""))
        except ValueError as malformed:
            raise CaptureMalformed("scanned_at is a moment as ISO 8601 writes it") from malformed
        if at.tzinfo is None or not FIRST_YEAR <= at.year <= LAST_YEAR:
            raise CaptureMalformed("scanned_at is a moment with its offset, in a year that scanners know")
        return cls(at.astimezone(UTC), Setup.of(pairs))
