"""A certificate authority, an agency and a time-stamping service of their own, for tests."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

AGENCY = "Trung tâm Lưu trữ lịch sử tỉnh Sao Lưu"
PASSWORD = "mật khẩu của tệp chứng thư"  # noqa: S105 - of a file that a test makes


@dataclass(frozen=True)
class Issued:
    """A certificate and its key."""

    certificate: x509.Certificate
    key: RSAPrivateKey


def issued(name: str, *, days: tuple[int, int] = (-1, 30), stamps_time: bool = False) -> Issued:
    """Issue a certificate to oneself, in force between two days from now."""
    key = generate_private_key(65537, 2048)
    subject = x509.Name([x509.NameAttribute(NameOID.COUNTRY_NAME, "VN"), x509.NameAttribute(NameOID.COMMON_NAME, name)])
    begins, ends = (datetime.now(UTC) + timedelta(days=day) for day in days)
    usage = x509.KeyUsage(
        digital_signature=True, content_commitment=True, key_encipherment=False, data_encipherment=False,
        key_agreement=False, key_cert_sign=False, crl_sign=False, encipher_only=False, decipher_only=False,
    )  # fmt: skip
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(begins)
        .not_valid_after(ends)
        .add_extension(usage, critical=True)
    )
    if stamps_time:
        made = made.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), critical=True)
    return Issued(made.sign(key, hashes.SHA256()), key)


def pkcs12_in(folder: Path, whose: Issued) -> dict[str, str]:
    """Write a PKCS#12 file and its password file; gives the settings that name them."""
    file, password = folder / "agency.p12", folder / "agency.password"
    encryption = serialization.BestAvailableEncryption(PASSWORD.encode())
    file.write_bytes(pkcs12.serialize_key_and_certificates(b"agency", whose.key, whose.certificate, None, encryption))
    password.write_text(PASSWORD + "\n")
    return {"ingest_certificate": str(file), "ingest_certificate_password_file": str(password)}
