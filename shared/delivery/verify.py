"""The check of a delivery with nothing but its files and the certificates that are trusted."""

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import file_digest
from pathlib import Path
from typing import TYPE_CHECKING

from shared.delivery.aftermath import Aftermath, Successor, rejections_in, successors_beside
from shared.delivery.folder import has_manifest, is_plain
from shared.delivery.left_out import left_out_in
from shared.delivery.manifest import FILE, SIGNATURE, ManifestEntry
from shared.delivery.manifest_file import ManifestFile, ManifestRefused
from shared.delivery.receipt_file import FILE as RECEIPTS
from shared.delivery.receipt_file import ReceiptsRefused
from shared.eark.same_zip import zip_digest_of

if TYPE_CHECKING:
    from asn1crypto.x509 import Certificate


@dataclass(frozen=True, slots=True)
class DeliveryFault:
    """Something wrong with a delivery: a stable code, the file it is about, particulars.

    `is_note` says that nothing is wrong with what is here: only what became of a package is told.
    """

    code: str
    file: str
    detail: str = ""
    is_note: bool = False


async def faults_of(folder: Path, anchors: "Sequence[Certificate]") -> list[DeliveryFault]:
    """Give what is wrong with a delivery but inside its packages. The signature counts where anybody is trusted."""
    if not has_manifest(folder):
        return [DeliveryFault("manifest_missing", FILE)]
    try:
        manifest = ManifestFile(folder / FILE)
    except ManifestRefused as refused:
        return [DeliveryFault("manifest_refused", FILE, str(refused))]
    try:
        rejected = rejections_in(folder)
    except ReceiptsRefused as refused:
        return [DeliveryFault("receipts_refused", RECEIPTS, str(refused))]
    aftermath = Aftermath(rejected, await successors_to(folder, anchors), left_out_in(folder))
    return [*await signature_faults(folder, anchors), *package_faults(folder, manifest, aftermath)]


async def successors_to(folder: Path, anchors: "Sequence[Certificate]") -> dict[str, Successor]:
    """Give what replaces packages of a delivery, by their OBJID; where anybody is trusted, as far as they signed it."""
    found: dict[str, Successor] = {}
    for other, replacing in (await asyncio.to_thread(successors_beside, folder)).items():
        if not await signature_faults(other, anchors):
            found |= {str(each.entry.predecessor): each for each in replacing}
    return found


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


def package_faults(folder: Path, manifest: ManifestFile, aftermath: Aftermath) -> Iterator[DeliveryFault]:
    """Hold the ZIPs that are there against those that are listed, whatever the order; blocks."""
    there = 0
    for entry in manifest.entries():
        place = place_in(folder, entry)
        is_there = is_plain(place)
        there += is_there and place.name == entry.file
        yield from told_of(entry, aftermath, is_there=is_there)
        if is_there and (detail := difference(place, entry)):
            yield DeliveryFault("package_differs", entry.file, detail)
    found = sum(1 for each in folder.iterdir() if each.suffix.lower() == ".zip")
    if found != there:
        yield DeliveryFault("package_unlisted", "", f"{found} > {there}")


def told_of(entry: ManifestEntry, aftermath: Aftermath, *, is_there: bool) -> Iterator[DeliveryFault]:
    """Say what became of a package; one that is not there is missed unless what replaces it is here, and right."""
    rejection, successor = aftermath.rejected.get(entry.package_id), aftermath.successor_of(entry.objid)
    is_replaced = False
    if successor is not None:
        place = place_in(successor.folder, successor.entry)
        is_replaced = is_plain(place) and not difference(place, successor.entry)
        where = f"{successor.folder.name}/{successor.entry.file}" + ("" if is_replaced else ", not here or not right")
        yield DeliveryFault("package_replaced", entry.file, where, is_note=is_there or is_replaced)
    if rejection is not None:
        reasons = "; ".join(f"{each.code} {each.note}".strip() for each in rejection.reasons)
        yield DeliveryFault("package_rejected", entry.file, reasons, is_note=is_there or is_replaced)
    if not is_there and rejection is None and successor is None:
        left_out = aftermath.left_out.get(entry.package_id)
        yield DeliveryFault(
            "package_missing", entry.file, f"left out by the sender: {left_out.code}" if left_out else ""
        )


def place_in(folder: Path, entry: ManifestEntry) -> Path:
    """Say where a package lies: its ZIP, or where there is none, a TAR of the same name."""
    place = folder / entry.file
    tar = place.with_suffix(".tar")
    return tar if not is_plain(place) and is_plain(tar) else place


def difference(place: Path, entry: ManifestEntry) -> str:
    """Say in what a ZIP differs from what is listed; empty when it does not."""
    if place.suffix == ".tar":
        digest = zip_digest_of(place)
        return "" if digest == entry.sha256 else f"TAR: {digest or 'another one'} != {entry.sha256}"
    if (size := place.stat().st_size) != entry.size:
        return f"{size} != {entry.size}"
    with place.open("rb") as file:
        digest = file_digest(file, "sha256").hexdigest()
    return "" if digest == entry.sha256 else f"{digest} != {entry.sha256}"
