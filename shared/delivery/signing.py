"""Sign the manifest of a delivery: CAdES, detached (RFC 5652, RFC 5035), with a timestamp where a service is set."""

from datetime import UTC, datetime

from asn1crypto import cms
from pyhanko.sign.signers.pdf_cms import PdfCMSSignedAttributes
from pyhanko.sign.timestamps import TimeStamper

from shared.signing.certificate import CertificateRefused, KeyedCertificate
from shared.signing.timestamps import NoTimestamp


class Signer:
    """A certificate with its key, and where its timestamps come from."""

    def __init__(self, certificate: KeyedCertificate, timestamper: TimeStamper | None = None) -> None:
        self._certificate = certificate
        certificate.signer.embed_roots = False  # whoever verifies has the root already, or has no reason to trust
        self._timestamper = timestamper

    @property
    def name(self) -> str:
        """Say whose certificate it is."""
        return self._certificate.subject

    @property
    def has_timestamps(self) -> bool:
        """Say whether signatures carry a timestamp."""
        return self._timestamper is not None

    async def sign(self, digest: bytes) -> bytes:
        """Sign a content by its SHA-256; gives the CMS. Raises CertificateRefused, NoTimestamp."""
        moment = datetime.now(UTC)
        self._certificate.demand_in_force(moment)
        attributes = await self._certificate.signer.signed_attrs(
            digest,
            "sha256",
            attr_settings=PdfCMSSignedAttributes(signing_time=moment),
            use_pades=True,  # CAdES, as PAdES is
            is_pdf_sig=False,
        )
        try:
            made: cms.ContentInfo = await self._certificate.signer.async_sign_prescribed_attributes(
                "sha256", attributes, cms_version="v1", timestamper=self._timestamper
            )
        except (NoTimestamp, CertificateRefused):
            raise
        except Exception as failure:  # an answer that is none makes the parsers stumble in any way
            if self._timestamper is None:
                raise
            raise NoTimestamp(f"{type(failure).__name__}: {failure}") from failure
        return bytes(made.dump())
