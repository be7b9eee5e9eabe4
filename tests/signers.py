"""Certificates for tests: a root of our own, a signer under it, a timestamping service."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from asn1crypto import keys
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    pkcs12,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from pyhanko.sign.timestamps import DummyTimeStamper
from pyhanko_certvalidator.registry import SimpleCertificateStore

PASSWORD = b"mat khau"
Key = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey


@dataclass(frozen=True)
class Authority:
    """A root certificate and what it gives out."""

    folder: Path
    key: Key
    certificate: x509.Certificate

    @property
    def pem(self) -> Path:
        """Give the file with the root certificate."""
        return self.folder / "ca.pem"

    def signer(self, name: str = "Trung tam Luu tru", *, days: float = 365, kind: str = "rsa") -> Path:
        """Give out a signer's certificate; gives its PKCS#12 file."""
        key = new_key(kind)
        made = issued(self, name, key, days=days)
        path = self.folder / f"{name.replace(' ', '-')}.p12"
        lock = BestAvailableEncryption(PASSWORD)
        path.write_bytes(pkcs12.serialize_key_and_certificates(b"signer", key, made, [self.certificate], lock))
        return path

    def timestamper(self, *, at: datetime | None = None, days: float = 365) -> DummyTimeStamper:
        """Give a timestamping service under this root, whose clock may stand still."""
        key = new_key("rsa")
        made = issued(self, "TSA", key, days=days, usage=ExtendedKeyUsageOID.TIME_STAMPING)
        plain = key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
        certificate = asn1_x509.Certificate.load(made.public_bytes(Encoding.DER))
        store = SimpleCertificateStore.from_certs([certificate])  # type: ignore[no-untyped-call]
        return DummyTimeStamper(certificate, keys.PrivateKeyInfo.load(plain), certs_to_embed=store, fixed_dt=at)


def new_key(kind: str) -> Key:
    """Make a key."""
    return rsa.generate_private_key(65537, 2048) if kind == "rsa" else ec.generate_private_key(ec.SECP256R1())


def authority(folder: Path, name: str = "CA") -> Authority:
    """Found a root."""
    key = new_key("rsa")
    subject = named(name)
    base = builder(subject, subject, key, 3650).add_extension(x509.BasicConstraints(ca=True, path_length=None), True)
    usage = x509.KeyUsage(False, False, False, False, False, True, True, False, False)
    certificate = base.add_extension(usage, critical=True).sign(key, hashes.SHA256())
    made = Authority(folder, key, certificate)
    made.pem.write_bytes(certificate.public_bytes(Encoding.PEM))
    return made


def issued(
    root: Authority, name: str, key: Key, *, days: float = 365, usage: x509.ObjectIdentifier | None = None
) -> x509.Certificate:
    """Give out a certificate."""
    base = builder(named(name), root.certificate.subject, key, days)
    base = base.add_extension(x509.BasicConstraints(ca=False, path_length=None), True)
    base = base.add_extension(x509.KeyUsage(True, True, False, False, False, False, False, False, False), True)
    if usage is not None:
        base = base.add_extension(x509.ExtendedKeyUsage([usage]), critical=True)
    return base.sign(root.key, hashes.SHA256())


def builder(subject: x509.Name, issuer: x509.Name, key: Key, days: float) -> x509.CertificateBuilder:
    """Begin a certificate that is valid from yesterday, or was until then."""
    start = datetime.now(UTC) - timedelta(days=1 if days > 0 else 400)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(datetime.now(UTC) + timedelta(days=days))
    )


def named(name: str) -> x509.Name:
    """Name somebody."""
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
