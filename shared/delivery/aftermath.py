"""What became of packages after a delivery was handed over: rejected by a receipt, replaced by a later package."""

from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

from shared.delivery.folder import has_manifest
from shared.delivery.left_out import LeftOut
from shared.delivery.manifest import FILE, ManifestEntry
from shared.delivery.manifest_file import ManifestFile, ManifestRefused
from shared.delivery.receipt_file import FILE as RECEIPTS
from shared.delivery.receipt_file import ReceiptLine, receipts_in


@dataclass(frozen=True, slots=True)
class Successor:
    """A package that says it replaces another, and the folder that it lies in."""

    folder: Path
    entry: ManifestEntry


@dataclass(frozen=True, slots=True)
class Aftermath:
    """What the receiver's own receipts, the deliveries beside this one and the sender's word tell of its packages."""

    rejected: dict[UUID, ReceiptLine] = field(default_factory=dict)
    successors: dict[str, Successor] = field(default_factory=dict)
    left_out: dict[UUID, LeftOut] = field(default_factory=dict)

    def successor_of(self, objid: str) -> Successor | None:
        """Give the newest package that replaces one: what replaced it may have been replaced in its turn."""
        found, seen = self.successors.get(objid), {objid}
        while found is not None and found.entry.objid not in seen:
            seen.add(found.entry.objid)
            later = self.successors.get(found.entry.objid)
            if later is None:
                break
            found = later
        return found


def rejections_in(folder: Path) -> dict[UUID, ReceiptLine]:
    """Give the rejections that a delivery's folder keeps. Raises ReceiptsRefused, OSError."""
    place = folder / RECEIPTS
    if not place.is_file() or place.is_symlink():
        return {}
    return {each.package_id: each for each in receipts_in(place) if each.answer == "rejected"}


def successors_beside(folder: Path) -> dict[Path, list[Successor]]:
    """Give what the deliveries beside one bring in place of earlier packages, by the folder of each; blocks."""
    folder = folder.resolve()
    found: dict[Path, list[Successor]] = {}
    for other in sorted(folder.parent.iterdir()):
        if other.is_symlink() or other == folder or not has_manifest(other):
            continue
        try:
            replacing = [each for each in ManifestFile(other / FILE).entries() if each.predecessor]
        except (ManifestRefused, OSError):
            continue  # it is told when that one is looked at
        if replacing:
            found[other] = [Successor(other, each) for each in replacing]
    return found
