"""Keep the manifest of a delivery and its signature in a folder, where those of another may lie already.

Folders are named by fonds and number only: another centre, or a system that numbers from 1 again, has the same names.
What lies there may be the only proof of what was received, so nothing of it is ever written over.
"""

import os
from filecmp import cmp
from pathlib import Path

from cli.language import say
from shared.delivery.manifest import FILE, SIGNATURE
from shared.delivery.manifest_file import ManifestFile, ManifestRefused
from shared.storage.tree import sync_folder


class DeliveryRefused(Exception):
    """The manifest of a delivery proves nothing, or cannot be kept here; the text says why."""


def keep_beside(folder: Path, fresh: Path, signature: bytes, manifest: ManifestFile) -> None:
    """Give a proven manifest and its signature their names, durably, unless they have them already; blocks.

    Raises DeliveryRefused, OSError; then all that lay there lies there still.
    """
    place, beside = folder / FILE, folder / SIGNATURE
    if os.path.lexists(place):
        demand_same_delivery(place, manifest)
        if not cmp(place, fresh, shallow=False):
            raise differs(place)
    known = beside.read_bytes() if os.path.lexists(beside) else b""
    if signature and known and known != signature:
        raise differs(beside)
    if signature and not known:
        written = beside.with_name(f"{SIGNATURE}.new")
        written.write_bytes(signature)
        settle(written, beside)
    if not place.exists():
        settle(fresh, place)


def demand_same_delivery(place: Path, manifest: ManifestFile) -> None:
    """Raise DeliveryRefused where the manifest that lies there is of another delivery; blocks."""
    try:
        known = ManifestFile(place).head.delivery_id
    except ManifestRefused as refused:
        raise differs(place) from refused
    if known != manifest.head.delivery_id:
        raise DeliveryRefused(
            "pull.other_delivery: "
            + say(
                f"{place} thuộc một đợt bàn giao khác ({known}); hãy dùng thư mục --to khác",
                f"{place} is of another delivery ({known}); use another --to folder",
            )
        )


def differs(place: Path) -> DeliveryRefused:
    """Say that what lies there is not what is offered now, and what to do."""
    return DeliveryRefused(
        "pull.manifest_differs: "
        + say(
            f"{place} khác với tệp đang được cung cấp; hãy đối chiếu, chuyển tệp cũ đi nơi khác rồi tải lại",
            f"{place} is not what is offered now; compare them, move the one that lies there away, and pull again",
        )
    )


def settle(written: Path, place: Path) -> None:
    """Give a file that was written and proved its name, durably; blocks."""
    with written.open("rb") as file:
        os.fsync(file.fileno())
    written.rename(place)
    sync_folder(place.parent)
