"""The agency's signature on a reading form: PAdES, added after everything else, with a mark anybody can see.

The certificate and its key come from a PKCS#12 file; its password from another file, never from a default.
"""

import shutil
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO, Self

import pikepdf
from asn1crypto.x509 import Certificate
from pyhanko.pdf_utils.content import ImportedPdfPage
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.layout import AxisAlignment, Margins, SimpleBoxLayoutRule
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.writer import BasePdfFileWriter
from pyhanko.sign.fields import SigFieldSpec, SigSeedSubFilter
from pyhanko.sign.general import SigningError
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner, SimpleSigner
from pyhanko.sign.signers.pdf_signer import PdfSigningSession
from pyhanko.sign.timestamps import TimeStamper
from pyhanko.sign.timestamps.aiohttp_client import HTTPTimeStamper
from pyhanko.sign.timestamps.common_utils import TimestampRequestError
from pyhanko.stamp.static import StaticStampStyle

from services.ingest.errors import CertificateUnusable, TimestampMissing
from services.ingest.reading.mark import set_mark
from shared.clock import VIETNAM

FIELD = "AgencySignature"
MARGIN = 28.0  # points from the edges, 1 cm
SHORTEST, LONGEST = 70.0, 220.0  # points: a line of the mark
PATIENCE = 20  # seconds for the time-stamping service


@dataclass(frozen=True)
class Seal:
    """What the agency signs with: its certificate and key, its name, the folder of the mark's face, a time stamper."""

    signer: SimpleSigner
    agency: str
    fonts: str
    timestamper: TimeStamper | None = None

    @classmethod
    def of(cls, certificate: Path, password: Path | None, *, agency: str, fonts: str, timestamps: str = "") -> Self:
        """Open a PKCS#12 file. Raises ValueError: whoever started the program must mend its settings."""
        secret = password.read_bytes().strip() if password else None
        signer = SimpleSigner.load_pkcs12_data(certificate.read_bytes(), [], passphrase=secret)
        if signer is None:
            raise ValueError(f"{certificate} cannot be opened: is it PKCS#12, and its password right?")
        url = HTTPTimeStamper(timestamps, timeout=PATIENCE) if timestamps else None
        made = cls(signer, agency, fonts, url)
        return made if agency else cls(signer, made.common_name, fonts, url)

    @property
    def certificate(self) -> Certificate:
        """Give the certificate. Raises CertificateUnusable for a key without one."""
        found = self.signer.signing_cert
        if found is None:
            raise CertificateUnusable("a key without a certificate")
        return found

    @property
    def subject(self) -> str:
        """Give the subject of the certificate."""
        return str(self.certificate.subject.human_friendly)

    @property
    def common_name(self) -> str:
        """Give the name in the certificate."""
        return str(self.certificate.subject.native.get("common_name", self.subject))

    async def sign(self, path: Path, to: Path, at: datetime) -> None:
        """Sign a document as of a time. Raises CertificateUnusable, TimestampMissing."""
        validity = self.certificate
        if not validity.not_valid_before <= at <= validity.not_valid_after:
            raise CertificateUnusable(f"{self.subject}: {validity.not_valid_before} to {validity.not_valid_after}")
        width, height = first_page(path)
        mark = to.with_suffix(".mark.pdf")
        set_mark(mark, self.agency, at, self.fonts, max(SHORTEST, min(LONGEST, width - 2 * MARGIN)))
        shutil.copyfile(path, to)
        with to.open("r+b") as file:
            await self._write(file, mark, (width, height), at)
        mark.unlink()

    async def _write(self, file: BinaryIO, mark: Path, page: tuple[float, float], at: datetime) -> None:
        box = place_of(mark, page)
        told = PdfSignatureMetadata(
            field_name=FIELD, md_algorithm="sha256", subfilter=SigSeedSubFilter.PADES, name=self.agency
        )
        style = StaticStampStyle(
            background=ImportedPdfPage(str(mark)),  # type: ignore[no-untyped-call]
            border_width=0,
            background_layout=SimpleBoxLayoutRule(AxisAlignment.ALIGN_MAX, AxisAlignment.ALIGN_MAX, Margins()),
        )
        signer = DatedSigner(
            told,
            self.signer,
            timestamper=self.timestamper,
            stamp_style=style,
            new_field_spec=SigFieldSpec(FIELD, on_page=0, box=box),
        )
        signer.at = at.astimezone(VIETNAM)
        try:
            await signer.async_sign_pdf(IncrementalPdfFileWriter(file), in_place=True)
        except TimestampRequestError as missing:
            raise TimestampMissing(str(missing)) from missing
        except (SigningError, PdfError, ValueError) as failed:
            if self.timestamper is not None:  # an answer that is no time stamp, most likely
                raise TimestampMissing(str(failed)) from failed
            raise CertificateUnusable(str(failed)) from failed


class DatedSigner(PdfSigner):
    """Signs as of the time that the mark shows."""

    at: datetime

    def init_signing_session(self, pdf_out: BasePdfFileWriter, existing_fields_only: bool = False) -> PdfSigningSession:
        """Begin a signature."""
        session = super().init_signing_session(pdf_out, existing_fields_only)
        session.system_time = self.at
        return session


def first_page(path: Path) -> tuple[float, float]:
    """Give the size of the first page in points."""
    with pikepdf.open(path) as pdf:
        _, _, width, height = (float(side) for side in pdf.pages[0].mediabox)
    return width, height


def place_of(mark: Path, page: tuple[float, float]) -> tuple[int, int, int, int]:
    """Put a mark into the upper right corner, a margin away from the edges where the page is large enough."""
    with pikepdf.open(mark) as pdf:
        _, _, width, height = (float(side) for side in pdf.pages[0].mediabox)
    right, top = max(page[0] - MARGIN, min(page[0], width)), max(page[1] - MARGIN, min(page[1], height))
    return round(right - width), round(top - height), round(right), round(top)
