"""The check of a delivery with nothing but its files and the certificates that are trusted."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import file_digest
from pathlib import Path
from typing import TYPE_CHECKING

from shared.delivery.manifest import FILE, SIGNATURE, ManifestEntry
from shared.delivery.manifest_file import ManifestFile, ManifestRefused

if TYPE_CHECKING:
    from asn1crypto.x509 import Certificate


@dataclass(frozen=True, slots=True)
class DeliveryFault:
    """Something wrong with a delivery: a stable code, the file it is about, particulars."""

    code: str
    file: str
    detail: str = ""


def is_delivery(folder: Path) -> bool:
    """Say whether a folder is a delivery as `saoluu pull` leaves it."""
    return (folder / FILE).is_file()


async def faults_of(folder: Path, anchors: "Sequence[Certificate]") -> list[DeliveryFault]:
    """Give what is wrong with a delivery but inside its packages. The signature counts where anybody is trusted."""
    try:
        manifest = ManifestFile(folder / FILE)
    except ManifestRefused as refused:
        return [DeliveryFault("manifest_refused", FILE, str(refused))]
    return [*await signature_faults(folder, anchors), *package_faults(folder, manifest)]


async def signature_faults(folder: Path, anchors: "Sequence[Certificate]") -> list[DeliveryFault]:
    """Give what is wrong with the signature on the manifest; nothing where nobody is trusted."""
    if not anchors:
        return []
    from shared.delivery.signature import SignatureRefused, verify  # only who verifies needs its library

    if not (folder / SIGNATURE).is_file():
        return [DeliveryFault("signature_missing", SIGNATURE)]
    try:
        await verify(folder / FILE, (folder / SIGNATURE).read_bytes(), anchors)
    except SignatureRefused as refused:
        return [DeliveryFault("signature_refused", SIGNATURE, str(refused))]
    return []


def package_faults(folder: Path, manifest: ManifestFile) -> Iterator[DeliveryFault]:
    """Hold the ZIPs that are there against those that are listed, whatever the order; blocks."""
    there = 0
    for entry in manifest.entries():
        place = folder / entry.file
        if not place.is_file() or place.is_symlink():
            yield DeliveryFault("package_missing", entry.file)
            continue
        there += 1
        if detail := difference(place, entry):
            yield DeliveryFault("package_differs", entry.file, detail)
    found = sum(1 for each in folder.iterdir() if each.suffix.lower() == ".zip")
    if found != there:
        yield DeliveryFault("package_unlisted", "", f"{found} > {there}")


def difference(place: Path, entry: ManifestEntry) -> str:
    """Say in what a ZIP differs from what is listed; empty when it does not."""
    if (size := place.stat().st_size) != entry.size:
        return f"{size} != {entry.size}"
    with place.open("rb") as file:
        digest = file_digest(file, "sha256").hexdigest()
    return "" if digest == entry.sha256 else f"{digest} != {entry.sha256}"
