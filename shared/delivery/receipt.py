"""A receipt: the receiver's answer for a package, signed as a JWS with its Ed25519 key (RFC 7515, 8037, 9864)."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import OKPKey

from shared.delivery.canonical import canonical

ALGORITHMS = ["Ed25519", "EdDSA"]  # the second is what older programs call the first
LONGEST = 1 << 20


class ReceiptRefused(Exception):
    """The signature is not by this key, or over something else."""


def statement(package_id: UUID, objid: str, answer: str, sha256: str, reasons: Sequence[Mapping[str, str]]) -> bytes:
    """Give what is signed, in its one spelling."""
    return canonical(
        {
            "format": "saoluu.receipt.v1",
            "package_id": str(package_id),
            "objid": objid,
            "answer": answer,
            "sha256": sha256,
            "reasons": [{"code": each["code"], "note": each["note"]} for each in reasons],
        }
    )


def sign(said: bytes, private_key: str) -> str:
    """Sign a statement with a private key (PEM); gives a compact JWS. Raises ReceiptRefused."""
    try:
        key = OKPKey.import_key(private_key)
        return jws.serialize_compact({"alg": "Ed25519", "typ": "delivery-receipt+jws"}, said, key, ALGORITHMS)
    except (JoseError, ValueError, TypeError) as wrong:
        raise ReceiptRefused("no private Ed25519 key in PEM") from wrong


def demand_signed(said: bytes, signature: str, public_key: str) -> None:
    """Raise ReceiptRefused unless a compact JWS is over exactly this statement, by this key (PEM)."""
    try:
        token = jws.deserialize_compact(signature, OKPKey.import_key(public_key), ALGORITHMS)
    except (JoseError, ValueError, TypeError, KeyError) as wrong:
        raise ReceiptRefused(str(wrong)) from wrong
    if token.payload != said:
        raise ReceiptRefused("another statement was signed")
