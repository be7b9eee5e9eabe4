"""The folder of a delivery, at a receiver's or on a medium: by what it is known, be its manifest there or not."""

from pathlib import Path

from shared.delivery.left_out import FILE as LEFT_OUT
from shared.delivery.manifest import FILE, SIGNATURE
from shared.delivery.receipt_file import FILE as RECEIPTS

MEDIUM, INVENTORY, PAPERS = "medium.json", "inventory.sha256", "papers"
PAPER_TITLES = ("statistical-list", "dossier-list", "minutes")
PACKED = (".zip", ".tar")


def is_plain(place: Path) -> bool:
    """Say whether a file is there, and no link."""
    return place.is_file() and not place.is_symlink()


def has_manifest(folder: Path) -> bool:
    """Say whether a folder holds a manifest that can be read as one."""
    return is_plain(folder / FILE)


def is_delivery(folder: Path) -> bool:
    """Say whether a folder is a delivery as `saoluu pull` or `saoluu deliver` leaves it, be its manifest gone.

    Receipts, an inventory and papers lie elsewhere too: they tell of a delivery only beside packages.
    """
    marks = {each.name for each in folder.iterdir()} if folder.is_dir() else set()
    if marks & {FILE, SIGNATURE, MEDIUM, LEFT_OUT}:
        return True
    is_beside = any(name.lower().endswith(PACKED) for name in marks)
    return is_beside and (bool(marks & {RECEIPTS, INVENTORY}) or holds_papers(folder / PAPERS))


def holds_papers(folder: Path) -> bool:
    """Say whether a folder holds papers of a delivery."""
    try:
        return folder.is_dir() and any(each.stem in PAPER_TITLES for each in folder.iterdir())
    except OSError:  # nobody can tell
        return False
