"""A signature on a manifest long after: both verifiers ask whether its signer's certificate was good when it signed."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

import pytest
from asn1crypto import cms

from shared.delivery.manifest import FILE, SIGNATURE, lines
from shared.delivery.signature import SignatureRefused, anchors_in, verify
from shared.delivery.signing import Signer
from shared.signing.certificate import KeyedCertificate
from tests.domain.test_delivery_manifest import head
from tests.signers import PASSWORD, Authority, authority
from tests.verifying import verified

HOUR = 1 / 24  # of a day
WITHIN, BEYOND = timedelta(hours=12), timedelta(minutes=10)  # how long ago; the certificate ended an hour ago
MANIFEST = b"".join(lines(head([]), []))


@pytest.fixture(autouse=True)
def unasked(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a certificate sign whose time is over: what these tests ask is what a verifier says to it."""
    monkeypatch.setattr(KeyedCertificate, "demand_in_force", lambda *_: None)


@pytest.fixture
def root(tmp_path: Path) -> Authority:
    (tmp_path / "ca").mkdir()
    return authority(tmp_path / "ca")


@pytest.fixture
def stranger(tmp_path: Path) -> Authority:
    (tmp_path / "stranger").mkdir()
    return authority(tmp_path / "stranger", "Stranger")


def ago(span: timedelta) -> datetime:
    return datetime.now(UTC) - span


def signed(root: Authority, service: Authority | None, *, days: float = -HOUR, **clock: object) -> bytes:
    stamper = service.timestamper(**clock) if service else None  # type: ignore[arg-type]
    keyed = KeyedCertificate.open(root.signer(days=days), PASSWORD)
    return asyncio.run(Signer(keyed, stamper).sign(sha256(MANIFEST).digest()))


def both(folder: Path, signature: bytes, ca: Path) -> tuple[bool, str]:
    """Demand that both verifiers come to the same; gives what that is, and what the one that stands alone says."""
    folder.mkdir(exist_ok=True)
    (folder / FILE).write_bytes(MANIFEST)
    (folder / SIGNATURE).write_bytes(signature)
    code, said = verified(folder, "--ca", ca)
    try:
        asyncio.run(verify(folder / FILE, signature, anchors_in(ca)))
        is_good = True
    except SignatureRefused:
        is_good = False
    assert (code == 0) == is_good, said
    return is_good, said


def test_a_certificate_that_has_expired_since_is_good_where_a_trusted_timestamp_says_so(
    root: Authority, tmp_path: Path
) -> None:
    at = ago(WITHIN)
    for clock in ({"at": at}, {"at": at, "days": -HOUR}):
        is_good, said = both(tmp_path / "d", signed(root, root, **clock), root.pem)
        told = f"checked: openssl, at the time of its timestamp, {at:%Y-%m-%dT%H:%M:%SZ}" in said
        assert (is_good, told) == (True, True), said


def test_the_timestamping_service_may_stand_under_another_root_of_those_that_are_given(
    root: Authority, stranger: Authority, tmp_path: Path
) -> None:
    made, together = signed(root, stranger, at=ago(WITHIN)), tmp_path / "both.pem"
    together.write_bytes(root.pem.read_bytes() + stranger.pem.read_bytes())
    assert both(tmp_path / "d", made, together)[0]
    is_good, said = both(tmp_path / "d", made, root.pem)
    assert (is_good, "expired" in said, "its timestamp is not trusted" in said) == (False, True, True)


def moved(into: bytes, out_of: bytes) -> bytes:
    """Put the timestamp of one signature onto another."""
    told, other = cms.ContentInfo.load(into), cms.ContentInfo.load(out_of)
    told["content"]["signer_infos"][0]["unsigned_attrs"] = other["content"]["signer_infos"][0]["unsigned_attrs"]
    return bytes(told.dump(force=True))


UNPROVED: dict[str, tuple[Callable[[Authority], bytes], str]] = {
    "no timestamp": (lambda root: signed(root, None), "it has no timestamp"),
    "a timestamp of later": (lambda root: signed(root, root, at=ago(BEYOND)), "certificate has expired"),
    "the timestamp of another signature": (
        lambda root: moved(signed(root, None), signed(root, root, at=ago(WITHIN))),
        "its timestamp is not trusted",
    ),
    "a timestamp of before the service was": (
        lambda root: signed(root, root, at=ago(timedelta(days=3))),
        "its timestamp is not trusted",
    ),
    "no signature": (lambda _: b"0\x80", "its timestamp cannot be read"),
}


@pytest.mark.parametrize("how", UNPROVED)
def test_without_proof_of_when_it_signed_a_certificate_that_has_expired_proves_nothing(
    root: Authority, tmp_path: Path, how: str
) -> None:
    made, why = UNPROVED[how]
    is_good, said = both(tmp_path / "d", made(root), root.pem)
    assert (is_good, "signature of the manifest wrong" in said, why in said) == (False, True, True), said


def test_a_certificate_in_force_needs_no_timestamp(root: Authority, tmp_path: Path) -> None:
    for service, why in ((None, "openssl, it has no timestamp"), (root, "openssl, at the time of its timestamp")):
        is_good, said = both(tmp_path / "d", signed(root, service, days=365), root.pem)
        assert (is_good, why in said) == (True, True), said
