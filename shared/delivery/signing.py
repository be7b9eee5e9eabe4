"""Sign the manifest of a delivery: CAdES, detached (RFC 5652, RFC 5035), with a timestamp where a service is set."""

from datetime import UTC, datetime
from pathlib import Path

import httpx
from asn1crypto import cms, tsp, x509
from pyhanko.sign.signers.pdf_cms import PdfCMSSignedAttributes, SimpleSigner
from pyhanko.sign.timestamps import TimeStamper

TSA_TIMEOUT = 30.0
LARGEST_ANSWER = 1 << 20


class CertificateRefused(Exception):
    """The certificate cannot be read, or is not valid now; the text says why."""


class NoTimestamp(Exception):
    """The timestamping service gave no timestamp; the text says why."""


class HttpTimeStamper(TimeStamper):
    """Asks an RFC 3161 service over HTTP."""

    def __init__(self, url: str) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._url = url

    async def async_request_tsa_response(self, req: tsp.TimeStampReq) -> tsp.TimeStampResp:
        """Ask once. Raises NoTimestamp."""
        headers = {"Content-Type": "application/timestamp-query", "Accept": "application/timestamp-reply"}
        try:
            async with httpx.AsyncClient(timeout=TSA_TIMEOUT) as client:
                answer = await client.post(self._url, content=req.dump(), headers=headers)
            answer.raise_for_status()
            if len(answer.content) > LARGEST_ANSWER:
                raise NoTimestamp("its answer is too long")
            told = tsp.TimeStampResp.load(answer.content, strict=True)
            if told["status"]["status"].native == "granted":
                sealed = told["time_stamp_token"]["content"]["encap_content_info"]["content"].parsed
                if sealed["message_imprint"].native != req["message_imprint"].native:
                    raise NoTimestamp("a timestamp of something else")
            return told
        except (httpx.HTTPError, ValueError) as failure:
            raise NoTimestamp(str(failure) or type(failure).__name__) from failure


class Signer:
    """A certificate with its key, out of a PKCS#12 file, and where its timestamps come from."""

    def __init__(self, certificate: Path, password: bytes | None, timestamper: TimeStamper | None = None) -> None:
        try:
            loaded = SimpleSigner.load_pkcs12(str(certificate), passphrase=password)  # type: ignore[no-untyped-call]
        except (OSError, ValueError) as unreadable:
            raise CertificateRefused(f"{certificate.name}: {unreadable}") from unreadable
        if loaded is None or loaded.signing_cert is None:
            raise CertificateRefused(f"{certificate.name}: no key and certificate in it, or another password")
        self._signer: SimpleSigner = loaded
        self._certificate: x509.Certificate = loaded.signing_cert
        self._signer.embed_roots = False  # whoever verifies has the root already, or has no reason to trust
        self._timestamper = timestamper

    @property
    def name(self) -> str:
        """Say whose certificate it is."""
        return str(self._certificate.subject.human_friendly)

    @property
    def has_timestamps(self) -> bool:
        """Say whether signatures carry a timestamp."""
        return self._timestamper is not None

    async def sign(self, digest: bytes) -> bytes:
        """Sign a content by its SHA-256; gives the CMS. Raises CertificateRefused, NoTimestamp."""
        certificate = self._certificate
        moment = datetime.now(UTC)
        if not certificate.not_valid_before <= moment <= certificate.not_valid_after:
            raise CertificateRefused(f"valid from {certificate.not_valid_before} to {certificate.not_valid_after}")
        attributes = await self._signer.signed_attrs(
            digest,
            "sha256",
            attr_settings=PdfCMSSignedAttributes(signing_time=moment),
            use_pades=True,  # CAdES, as PAdES is
            is_pdf_sig=False,
        )
        try:
            made: cms.ContentInfo = await self._signer.async_sign_prescribed_attributes(
                "sha256", attributes, cms_version="v1", timestamper=self._timestamper
            )
        except NoTimestamp:
            raise
        except Exception as failure:  # an answer that is none makes the parsers stumble in any way
            if self._timestamper is None:
                raise
            raise NoTimestamp(f"{type(failure).__name__}: {failure}") from failure
        return bytes(made.dump())
