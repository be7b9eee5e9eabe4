"""What a receiver proves a delivery with, and what it answers with."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cli.client import ApiClient, ApiProblem
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


class DeliveryRefused(Exception):
    """The manifest of a delivery proves nothing; the text says why."""


async def proven_manifest(client: ApiClient, delivery: dict[str, Any], folder: Path, proof: Proof) -> ManifestFile:
    """Have the manifest of a delivery on this disk, whole, signed as is asked for, and of this delivery.

    Raises DeliveryRefused, ApiProblem, httpx.HTTPError, OSError.
    """
    place, base = folder / FILE, f"/handover/deliveries/{delivery['id']}"
    fresh = place.with_suffix(".new")
    async with client.streamed(f"{base}/{FILE}") as answer:
        with await asyncio.to_thread(fresh.open, "wb") as file:
            async for chunk in answer.aiter_bytes():
                await asyncio.to_thread(file.write, chunk)
    signature = await signature_of(client, base)
    if proof.anchors:
        await demand_signature(fresh, signature, proof)
    try:
        manifest = await asyncio.to_thread(ManifestFile, fresh)
    except ManifestRefused as refused:
        raise DeliveryRefused(f"{FILE}: {refused}") from refused
    if str(manifest.head.delivery_id) != delivery["id"]:
        raise DeliveryRefused(f"{FILE} is of another delivery: {manifest.head.delivery_id}")
    if signature:
        (folder / SIGNATURE).write_bytes(signature)
    fresh.replace(place)
    return manifest.moved(place)


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
