"""Verify the signature over a manifest: CAdES, detached, back to a certificate that the verifier holds.

A signature has one spelling here. CMS leaves parts of itself unsigned (its own lists of algorithms and certificates);
each of them is demanded to be what it must be, so that not a bit of a signature can be changed unnoticed.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import file_digest, new, sha256
from pathlib import Path

from asn1crypto import cms, core, pem, tsp, x509
from pyhanko.sign.validation import async_validate_detached_cms
from pyhanko.sign.validation.generic_cms import validate_tst_signed_data
from pyhanko.sign.validation.settings import KeyUsageConstraints
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.path import ValidationPath

LARGEST = 1 << 20
MECHANISMS = frozenset(
    {*(f"sha{bits}_{kind}" for bits in (256, 384, 512) for kind in ("rsa", "ecdsa")), "rsassa_pkcs1v15", "ed25519"}
)
NAMED = frozenset({"content_type", "message_digest", "signing_certificate_v2"})


logging.getLogger("pyhanko.sign.validation").setLevel(logging.CRITICAL)  # we tell ourselves why we refuse


class SignatureRefused(Exception):
    """The signature does not prove the content; the text says why."""


@dataclass(frozen=True, slots=True)
class Signed:
    """Whose signature it is, and when it was there already, if a timestamping service says so."""

    signer: str
    timestamp: datetime | None


def anchors_in(path: Path) -> list[x509.Certificate]:
    """Read the certificates (PEM) that are trusted. Raises SignatureRefused, OSError."""
    try:
        found = [x509.Certificate.load(der, strict=True) for _, _, der in pem.unarmor(path.read_bytes(), multiple=True)]
    except ValueError as wrong:
        raise SignatureRefused(f"{path.name}: {wrong}") from wrong
    return found


async def verify(content: Path, signature: bytes, anchors: Sequence[x509.Certificate]) -> Signed:
    """Verify the signature over a file. Raises SignatureRefused, OSError."""
    if len(signature) > LARGEST:
        raise SignatureRefused("too long for a signature")
    try:
        signed = strict(signature)
        (info,) = signed["signer_infos"]
        certificate = signer_of(signed, info)
        demand_digest(content, info)
        moment = await timestamp_of(info, anchors)
        await demand_trust(content, signed, anchors, moment or datetime.now(UTC))
        demand(cms.ContentInfo.load(signature).dump(force=True) == signature, "not spelt as DER")
    except SignatureRefused:
        raise
    except OSError:
        raise
    except Exception as wrong:  # whatever a hostile signature makes the parsers stumble over
        raise SignatureRefused(f"{type(wrong).__name__}: {wrong}") from wrong
    return Signed(str(certificate.subject.human_friendly), moment)


def strict(signature: bytes) -> cms.SignedData:
    """Read a CMS that is detached. Raises SignatureRefused, ValueError."""
    told = cms.ContentInfo.load(signature, strict=True)
    demand(told["content_type"].native == "signed_data", "no signed data")
    signed: cms.SignedData = told["content"]
    enclosed = signed["encap_content_info"]
    demand(enclosed["content_type"].native == "data" and enclosed["content"].native is None, "not detached")
    demand_plain(signed, "v1", {"sha256"})
    return signed


def demand_plain(signed: cms.SignedData, version: str, digests: set[str]) -> None:
    """Raise SignatureRefused unless what nobody signs is what it must be, for one signer."""
    demand(signed["version"].native == version, "another version of CMS")
    demand(isinstance(signed["crls"], core.Void), "revocation lists in it")
    demand(len(signed["signer_infos"]) == 1, "not one signer")
    (info,) = signed["signer_infos"]
    demand(info["version"].native == "v1", "another version of its signer")
    told = [each.dump() for each in signed["digest_algorithms"]]
    demand(told == [info["digest_algorithm"].dump()], "a digest that was not used")
    demand(info["digest_algorithm"]["algorithm"].native in digests, "another digest")
    mechanism = info["signature_algorithm"]
    for each in (mechanism, info["digest_algorithm"]):
        demand(isinstance(each["parameters"], core.Null | core.Void), "parameters of an algorithm")
    demand(mechanism["algorithm"].native in MECHANISMS, "another algorithm")


def signer_of(signed: cms.SignedData, info: cms.SignerInfo) -> x509.Certificate:
    """Give the signer's certificate, which its signed attributes name (RFC 5035). Raises SignatureRefused."""
    attributes = attributes_of(info["signed_attrs"])
    demand(attributes.keys() >= NAMED and attributes["content_type"].native == "data", "attributes are missing")
    named = attributes["signing_certificate_v2"]["certs"][0]
    demand(named["hash_algorithm"]["algorithm"].native == "sha256", "another digest of the certificate")
    certificates = [each.chosen for each in signed["certificates"]]
    demand(all(isinstance(each, x509.Certificate) for each in certificates), "no plain certificates")
    found = [each for each in certificates if each.sha256 == named["cert_hash"].native]
    demand(len(found) == 1, "the signer's certificate is not in it")
    demand_named(info, found[0])
    return found[0]


def demand_named(info: cms.SignerInfo, certificate: x509.Certificate) -> None:
    """Raise SignatureRefused unless a signer is named by this certificate's issuer and number."""
    sid = info["sid"].chosen
    demand(isinstance(sid, cms.IssuerAndSerialNumber), "a signer named otherwise")
    same = sid["issuer"].dump(), sid["serial_number"].native
    demand(same == (certificate.issuer.dump(), certificate.serial_number), "another signer is named")


def demand_used(signed: cms.SignedData, path: ValidationPath | None) -> None:
    """Raise SignatureRefused when a certificate lies in it that its signer's trust does not go through."""
    used = {each.sha256 for each in path.iter_certs(include_root=True)} if path else set()
    demand({each.chosen.sha256 for each in signed["certificates"]} <= used, "certificates in it that prove nothing")


def attributes_of(told: cms.CMSAttributes) -> dict[str, core.Asn1Value]:
    """Give attributes by name, each of which is there once and has one value. Raises SignatureRefused."""
    found = {each["type"].native: each["values"] for each in told}
    demand(len(found) == len(told) and all(len(values) == 1 for values in found.values()), "an attribute twice")
    return {name: values[0] for name, values in found.items()}


def demand_digest(content: Path, info: cms.SignerInfo) -> None:
    """Raise SignatureRefused unless the file is what was signed."""
    with content.open("rb") as file:
        digest = file_digest(file, "sha256").digest()
    demand(attributes_of(info["signed_attrs"])["message_digest"].native == digest, "signed was another manifest")


async def timestamp_of(info: cms.SignerInfo, anchors: Sequence[x509.Certificate]) -> datetime | None:
    """Give the moment that a trusted service certifies; None where no service was asked. Raises SignatureRefused."""
    if not info["unsigned_attrs"]:
        demand(isinstance(info["unsigned_attrs"], core.Void), "empty attributes")
        return None
    attributes = attributes_of(info["unsigned_attrs"])
    demand(attributes.keys() == {"signature_time_stamp_token"}, "attributes that nobody signed")
    token: cms.SignedData = attributes["signature_time_stamp_token"]["content"]
    told: tsp.TSTInfo = token["encap_content_info"]["content"].parsed
    imprint = told["message_imprint"]
    demand(imprint["hash_algorithm"]["algorithm"].native == "sha256", "another digest in the timestamp")
    demand(imprint["hashed_message"].native == sha256(info["signature"].native).digest(), "a timestamp of another")
    moment: datetime = told["gen_time"].native
    demand_plain(token, "v3", {"sha256", "sha384", "sha512"})
    signature = info["signature"].native
    facts = await validate_tst_signed_data(token, context(anchors, moment), lambda name: new(name, signature).digest())
    demand(facts["intact"] and facts["valid"] and facts["trust_problem_indic"] is None, "an untrusted timestamp")
    (tsa,) = token["signer_infos"]
    demand(isinstance(tsa["unsigned_attrs"], core.Void), "attributes of the timestamp that nobody signed")
    demand_named(tsa, facts["signing_cert"])
    demand_used(token, facts["validation_path"])
    return moment


async def demand_trust(
    content: Path, signed: cms.SignedData, anchors: Sequence[x509.Certificate], moment: datetime
) -> None:
    """Raise SignatureRefused unless the signature is right, and a trusted certificate stands behind it."""
    with content.open("rb") as file:
        status = await async_validate_detached_cms(
            file,
            signed,
            signer_validation_context=context(anchors, moment),
            key_usage_settings=KeyUsageConstraints(key_usage=None, match_all_key_usages=False),
        )
    demand(status.intact and status.valid, "the signature is wrong")
    demand(status.trusted, "no trusted certificate stands behind it")
    demand_used(signed, status.validation_path)


def context(anchors: Sequence[x509.Certificate], moment: datetime) -> ValidationContext:
    """Trust some certificates at a moment; nothing is fetched, so nobody is asked about revocation."""
    return ValidationContext(
        trust_roots=list(anchors), allow_fetching=False, revocation_mode="soft-fail", moment=moment
    )


def demand(is_so: object, otherwise: str) -> None:
    """Raise SignatureRefused unless something is so."""
    if not is_so:
        raise SignatureRefused(otherwise)
