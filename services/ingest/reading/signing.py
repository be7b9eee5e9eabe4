"""The agency's signature on a reading form: PAdES, added after everything else, with a mark anybody can see."""

import shutil
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

import pikepdf
from pyhanko.pdf_utils.content import ImportedPdfPage
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.layout import AxisAlignment, Margins, SimpleBoxLayoutRule
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.writer import BasePdfFileWriter
from pyhanko.sign.fields import SigFieldSpec, SigSeedSubFilter
from pyhanko.sign.general import SigningError
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner
from pyhanko.sign.signers.pdf_signer import PdfSigningSession
from pyhanko.sign.timestamps import TimeStamper
from pyhanko.stamp.static import StaticStampStyle

from services.ingest.errors import CertificateUnusable, TimestampMissing
from services.ingest.reading.mark import set_mark
from shared.clock import VIETNAM
from shared.signing.certificate import CertificateRefused, KeyedCertificate
from shared.signing.timestamps import NoTimestamp

FIELD = "AgencySignature"
MARGIN = 28.0  # points from the edges, 1 cm
SHORTEST, LONGEST = 70.0, 220.0  # points: a line of the mark


@dataclass(frozen=True)
class Seal:
    """What the agency signs with: its certificate and key, its name, the folder of the mark's face, a time stamper."""

    certificate: KeyedCertificate
    agency: str
    fonts: str
    timestamper: TimeStamper | None = None

    @property
    def subject(self) -> str:
        """Give the subject of the certificate."""
        return self.certificate.subject

    async def sign(self, path: Path, to: Path, at: datetime) -> None:
        """Sign a document as of a time. Raises CertificateUnusable, TimestampMissing."""
        try:
            self.certificate.demand_in_force(at)
        except CertificateRefused as refused:
            raise CertificateUnusable(str(refused)) from refused
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
            self.certificate.signer,
            timestamper=self.timestamper,
            stamp_style=style,
            new_field_spec=SigFieldSpec(FIELD, on_page=0, box=box),
        )
        signer.at = at.astimezone(VIETNAM)
        try:
            await signer.async_sign_pdf(IncrementalPdfFileWriter(file), in_place=True)
        except NoTimestamp as missing:
            raise TimestampMissing(str(missing)) from missing
        except CertificateRefused as refused:
            raise CertificateUnusable(str(refused)) from refused
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
