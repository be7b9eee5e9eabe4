"""What a refresh of the offline set did and found."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class Did(StrEnum):
    """What became of one object of the set."""

    NEW = "new"
    KNOWN = "known"
    REREAD = "reread"
    ADOPTED = "adopted"
    RENEWED = "renewed"
    LOST = "lost"
    DIFFERS = "differs"
    IN_THE_WAY = "in_the_way"


WRONG = (Did.LOST, Did.DIFFERS, Did.IN_THE_WAY)


@dataclass(slots=True)
class Report:
    """Counts by what was done, and the keys of everything that is not as it should be.

    `bad_in_store` are objects that one store had wrong and another right; `renewed` were wrong in the set itself.
    `foreign` is what lies in the set and is not of it, looked for when everything is re-read. `checks_ordered` are the
    dossiers whose copies the scrubber was told to read because of what was met. `registers` says as of when the newest
    register of each service is, `unwritten` why one was not brought up to date beforehand.
    """

    counts: Counter[Did] = field(default_factory=Counter)
    written_bytes: int = 0
    total_objects: int = 0
    total_bytes: int = 0
    seconds: float = 0.0
    wrong: dict[Did, list[str]] = field(default_factory=dict)
    bad_in_store: list[tuple[str, str]] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)
    unnamed: list[str] = field(default_factory=list)
    foreign: list[str] = field(default_factory=list)
    checks_ordered: list[str] = field(default_factory=list)
    registers: dict[str, datetime] = field(default_factory=dict)
    unwritten: dict[str, str] = field(default_factory=dict)

    def note(self, did: Did, key: str) -> None:
        """Count an object, and name it where it is wrong."""
        self.counts[did] += 1
        if did in (*WRONG, Did.RENEWED):
            self.wrong.setdefault(did, []).append(key)

    @property
    def is_good(self) -> bool:
        """Say whether the set holds everything that the stores hold, right and unchanged."""
        return not self.gone and not any(self.counts[did] for did in WRONG)

    @property
    def damaged(self) -> set[str]:
        """Give the objects that were met damaged or missing in the stores, wherever another was right."""
        return {*(key for _, key in self.bad_in_store), *self.wrong.get(Did.LOST, ()), *self.gone}

    def json(self) -> dict[str, object]:
        """Give the report as plain data."""
        return {
            "good": self.is_good,
            **{did.value: self.counts[did] for did in Did},
            "written_bytes": self.written_bytes,
            "objects": self.total_objects,
            "bytes": self.total_bytes,
            "seconds": round(self.seconds, 2),
            "named": {did.value: keys for did, keys in self.wrong.items()},
            "bad_in_store": [f"{store}: {key}" for store, key in self.bad_in_store],
            "gone": self.gone,
            "unnamed": self.unnamed,
            "foreign": self.foreign,
            "checks_ordered": self.checks_ordered,
            "registers_unwritten": self.unwritten,
            "registers": {service: moment.isoformat() for service, moment in self.registers.items()},
        }
