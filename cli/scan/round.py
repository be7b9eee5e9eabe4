"""What one round over a station's folder did, and what it found that somebody should know."""

from dataclasses import dataclass, field
from pathlib import Path

from cli.scan.folder import LeftOut
from cli.scan.matching import ScanOrder
from cli.scan.plan import Act


@dataclass(frozen=True, slots=True)
class Wanted:
    """Why a page is to be scanned again, by which order, and which version of it was not good enough."""

    rescan_order_id: str
    page_version: int
    reason: str


@dataclass
class Round:
    """Counts of pages, and lists of what is not as it should be; `unreached` says that nobody answered any more."""

    sent: int = 0
    known: int = 0
    rescanned: int = 0
    waiting: list[Path] = field(default_factory=list)
    to_scan_again: list[Path] = field(default_factory=list)
    wanted: dict[Path, Wanted] = field(default_factory=dict)
    old_images: dict[Path, Path] = field(default_factory=dict)
    refused: list[tuple[Path, str]] = field(default_factory=list)
    for_a_person: list[tuple[Path, Act]] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)
    unknown_folders: list[Path] = field(default_factory=list)
    ambiguous_folders: list[tuple[Path, list[ScanOrder]]] = field(default_factory=list)
    preserved_twice: list[str] = field(default_factory=list)
    not_to_be_cleared: list[tuple[str, list[LeftOut]]] = field(default_factory=list)
    closed: list[str] = field(default_factory=list)
    left_open: list[tuple[str, int, int]] = field(default_factory=list)
    unreached: str = ""

    def count(self, *, is_rescan: bool) -> None:
        """Count one more page, as sent or as rescanned."""
        if is_rescan:
            self.rescanned += 1
        else:
            self.sent += 1

    @property
    def is_good(self) -> bool:
        """Say whether everything in the folder is with the archive as it lies there, or was never meant to be."""
        unsent = self.waiting or self.refused or self.unreached or self.ambiguous_folders
        return not (unsent or self.for_a_person or self.not_to_be_cleared)

    def is_news_after(self, before: "Round | None") -> bool:
        """Say whether a round is worth telling after another one: something was done, or looks different now."""
        if before is None or self.sent or self.rescanned or self.closed:
            return True
        lasting = ("waiting", "to_scan_again", "refused", "for_a_person", "left_out", "unreached", "preserved_twice")
        folders = ("not_to_be_cleared", "unknown_folders", "ambiguous_folders")
        return any(getattr(self, name) != getattr(before, name) for name in lasting + folders)
