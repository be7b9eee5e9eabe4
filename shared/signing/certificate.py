"""A certificate with its key, in a PKCS#12 file or in a token; the password is in another file, never a default."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Self

from asn1crypto.x509 import Certificate
from pyhanko.sign.signers.pdf_cms import Signer, SimpleSigner

IN_HARDWARE = "pkcs11:"  # how the address of a key in a token or an HSM begins (RFC 7512)


class CertificateRefused(ValueError):
    """The certificate cannot be read, or is not in force; the text says why."""


@dataclass(frozen=True)
class KeyedCertificate:
    """A certificate and the key that belongs to it."""

    signer: Signer
    certificate: Certificate

    @classmethod
    def open(cls, place: Path, password: bytes | None) -> Self:
        """Open a PKCS#12 file. Raises CertificateRefused."""
        try:
            loaded = SimpleSigner.load_pkcs12_data(place.read_bytes(), [], passphrase=password)
        except (OSError, ValueError) as unreadable:
            raise CertificateRefused(f"{place.name}: {unreadable}") from unreadable
        if loaded is None or loaded.signing_cert is None:
            raise CertificateRefused(f"{place.name}: no key and certificate in it (PKCS#12), or another password")
        return cls(loaded, loaded.signing_cert)

    @classmethod
    def set_by(cls, place: str, password_file: str) -> Self:
        """Open what settings name: a PKCS#12 file or a key in a token, and the file that holds its password or PIN.

        Raises CertificateRefused.
        """
        try:
            password = Path(password_file).read_bytes().strip() if password_file else None
        except OSError as unreadable:
            raise CertificateRefused(f"{password_file}: {unreadable.strerror}") from unreadable
        return cls.in_token(place, password) if place.startswith(IN_HARDWARE) else cls.open(Path(place), password)

    @classmethod
    def in_token(cls, uri: str, pin: bytes | None) -> Self:
        """Open the key that a URI names in a token (PKCS#11). Raises CertificateRefused."""
        from shared.signing.token import TokenSigner  # only who has a token needs its library

        try:
            return cls(*TokenSigner.open(uri, pin.decode() if pin else None))
        except UnicodeDecodeError as refused:
            raise CertificateRefused("the PIN is no text") from refused

    @property
    def subject(self) -> str:
        """Say whose certificate it is."""
        return str(self.certificate.subject.human_friendly)

    @property
    def common_name(self) -> str:
        """Give the name in the certificate."""
        return str(self.certificate.subject.native.get("common_name", self.subject))

    def demand_in_force(self, at: datetime) -> None:
        """Raise CertificateRefused for a moment at which it is not valid."""
        begins, ends = self.certificate.not_valid_before, self.certificate.not_valid_after
        if not begins <= at <= ends:
            raise CertificateRefused(f"{self.subject}: valid from {begins} to {ends}")
