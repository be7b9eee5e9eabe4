"""What a receiver proves a delivery with, and what it answers with."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import file_digest
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cli.client import ApiClient, ApiProblem
from cli.language import say
from cli.pull.beside import DeliveryRefused, keep_beside
from shared.delivery.manifest import FILE, SIGNATURE
from shared.delivery.manifest_file import ManifestFile, ManifestRefused
from shared.delivery.receipt import sign

if TYPE_CHECKING:
    from asn1crypto.x509 import Certificate

UNSIGNED = "handover.manifest_unsigned"


@dataclass(frozen=True, slots=True)
class Proof:
    """Whose signature on a manifest is trusted (nobody's is asked for where this is empty), and the receiver's own key.

    `receipt_key` is its private Ed25519 key (PEM); without one receipts are not signed.
    """

    anchors: "Sequence[Certificate]" = ()
    receipt_key: str = ""

    def signed(self, said: bytes) -> str:
        """Sign an answer; empty without a key. Raises ReceiptRefused."""
        return sign(said, self.receipt_key) if self.receipt_key else ""


async def proven_manifest(client: ApiClient, delivery: dict[str, Any], folder: Path, proof: Proof) -> ManifestFile:
    """Have the manifest of a delivery on this disk, whole, signed as is asked for, and of this delivery.

    Another one that lies there already stays, and is told of.

    Raises DeliveryRefused, ApiProblem, httpx.HTTPError, OSError.
    """
    fresh, base = (folder / FILE).with_suffix(".new"), f"/handover/deliveries/{delivery['id']}"
    try:
        await download(client, f"{base}/{FILE}", fresh)
        signature = await signature_of(client, base)
        if proof.anchors:
            await demand_signature(fresh, signature, proof)
        manifest = await asyncio.to_thread(read_own, fresh, delivery)
        await asyncio.to_thread(keep_beside, folder, fresh, signature, manifest)
    finally:
        fresh.unlink(missing_ok=True)
    return manifest.moved(folder / FILE)


async def download(client: ApiClient, url: str, place: Path) -> None:
    """Write what is served into a file. Raises ApiProblem, httpx.HTTPError, OSError."""
    async with client.streamed(url) as answer:
        with await asyncio.to_thread(place.open, "wb") as file:
            async for chunk in answer.aiter_bytes():
                await asyncio.to_thread(file.write, chunk)


def read_own(fresh: Path, delivery: dict[str, Any]) -> ManifestFile:
    """Read a manifest that must be of this delivery, and the one that was frozen; blocks. Raises DeliveryRefused."""
    try:
        manifest = ManifestFile(fresh)
    except ManifestRefused as refused:
        raise DeliveryRefused(f"{FILE}: {refused}") from refused
    if str(manifest.head.delivery_id) != delivery["id"]:
        raise DeliveryRefused(f"{FILE} is of another delivery: {manifest.head.delivery_id}")
    with fresh.open("rb") as file:
        digest = file_digest(file, "sha256").hexdigest()
    if digest != delivery.get("manifest_sha256"):
        froze = say(
            f"{FILE} không phải bản kê mà hệ thống đã chốt", f"{FILE} is not the one that the system has frozen"
        )
        raise DeliveryRefused(froze)
    return manifest


async def signature_of(client: ApiClient, base: str) -> bytes:
    """Fetch the signature; empty where the delivery has none."""
    try:
        return (await client.send("GET", f"{base}/{SIGNATURE}")).content
    except ApiProblem as problem:
        if problem.code == UNSIGNED:
            return b""
        raise


async def demand_signature(manifest: Path, signature: bytes, proof: Proof) -> None:
    """Raise DeliveryRefused unless a trusted signature is over the manifest."""
    from shared.delivery.signature import SignatureRefused, verify  # only who verifies needs its library

    if not signature:
        raise DeliveryRefused(f"{FILE} is not signed")
    try:
        await verify(manifest, signature, proof.anchors)
    except SignatureRefused as refused:
        raise DeliveryRefused(f"{SIGNATURE}: {refused}") from refused
