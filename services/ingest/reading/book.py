"""Bind the pages of a document into one PDF/A-2b, with the images as they are and the words over them.

Pages are written down portion by portion and joined at the end by qpdf, which copies the images from file to file, so
that a document of a thousand pages takes the memory of one portion; pikepdf alone would hold all that it joins.
"""

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from zlib import compress

import pikepdf
from pikepdf import Array, Dictionary, Name, String

from services.ingest.domain.proof import Proof
from services.ingest.reading.glyphless import Characters, glyphless_font
from services.ingest.reading.jpeg import Jpeg
from services.ingest.reading.page_text import PageText
from services.ingest.reading.proving import FLAVOUR, prove
from services.ingest.reading.text_layer import text_layer
from services.ingest.reading.xmp import About
from shared.imaging.resolution import Dpi

PORTION = 32
INCH = 72.0
SHORTEST, LONGEST = 3.0, 14400.0  # points: the sides a page may have (ISO 32000-1 Annex C)
A4 = (595.0, 842.0)


@dataclass(frozen=True, slots=True)
class Bits:
    """A picture in black and white: rows of bits as in PNM (1 is black), each row in whole bytes."""

    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Picture:
    """An image for a page: what it is, its data, and the resolution at which it is shown."""

    image: Jpeg | Bits
    body: bytes
    dpi: Dpi

    @property
    def size(self) -> tuple[float, float]:
        """Give the size of the page in points: that of the sheet, as far as a PDF can have it."""
        across, down = self.image.width * INCH / self.dpi[0], self.image.height * INCH / self.dpi[1]
        shrunk = min(1.0, LONGEST / max(across, down))
        return max(across * shrunk, SHORTEST), max(down * shrunk, SHORTEST)


class Book:
    """A document being made in a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._characters = Characters()
        self._portions: list[Path] = []
        self._open = pikepdf.new()

    def add(self, picture: Picture | None, text: PageText | None) -> None:
        """Add a page; one without a picture is crossed out, so that the pages after it keep their number."""
        pdf, size = self._open, picture.size if picture else A4
        content = shown(size) if picture else crossed_out(size)
        resources = Dictionary(XObject=Dictionary(Im0=image_of(pdf, picture))) if picture else Dictionary()
        layer = text_layer(text, size, self._characters) if text else b""
        page = Dictionary(
            Type=Name.Page,
            MediaBox=Array([0, 0, *(round(side, 3) for side in size)]),
            Contents=pdf.make_stream(b"\n".join(filter(None, (content, layer)))),
            Resources=resources,
        )
        pdf.pages.append(pikepdf.Page(pdf.make_indirect(page)))
        if len(pdf.pages) == PORTION:
            self._put_down()

    def bind(self, about: About, to: Path) -> Proof:
        """Bind what was added; gives the proof of it. Raises NotPdfA, OSError."""
        self._put_down()
        joined = self.folder / "joined.pdf"
        pikepdf.Job(
            ["qpdf", "--deterministic-id", "--empty", "--pages", *map(str, self._portions), "--", str(joined)]
        ).run()
        for portion in self._portions:
            portion.unlink()
        with opened(joined) as pdf:
            if self._characters.codes:
                font = glyphless_font(pdf, self._characters)
                for page in pdf.pages:
                    page.Resources.Font = Dictionary(F=font)
            proof = saved(pdf, about, to)
        joined.unlink()
        return proof

    def _put_down(self) -> None:
        if len(self._open.pages):
            path = self.folder / f"portion-{len(self._portions)}.pdf"
            self._open.save(path, compress_streams=True)
            self._portions.append(path)
        self._open.close()
        self._open = pikepdf.new()


def opened(joined: Path) -> pikepdf.Pdf:
    """Open what was joined. Raises OSError where it is not whole: qpdf says nothing when the room ran out."""
    try:
        return pikepdf.open(joined, access_mode=pikepdf.AccessMode.stream, attempt_recovery=False)
    except pikepdf.PdfError as cut:
        raise OSError(f"the joined pages are not whole: {cut}") from cut


def saved(pdf: pikepdf.Pdf, about: About, to: Path) -> Proof:
    """Write a document down with what it says of itself; gives the proof of it. Raises NotPdfA."""
    declare(pdf, about)
    pdf.save(to, **pikepdf.pdfa.resolve_save_kwargs(FLAVOUR, deterministic_id=True, min_version="1.7"))
    return prove(to)


def image_of(pdf: pikepdf.Pdf, picture: Picture) -> pikepdf.Object:
    """Make the image of a page; a JPEG's data go in as they are."""
    image = picture.image
    told = {"Type": Name.XObject, "Subtype": Name.Image, "Width": image.width, "Height": image.height}
    if isinstance(image, Bits):
        told |= {"BitsPerComponent": 1, "ColorSpace": Name.DeviceGray, "Decode": Array([1, 0])}
        made = pdf.make_stream(b"", **told)
        made.write(compress(picture.body), filter=Name.FlateDecode)
        return made
    space: pikepdf.Object = Name.DeviceRGB if image.components == 3 else Name.DeviceGray
    if image.profile:
        space = Array([Name.ICCBased, pdf.make_stream(image.profile, N=image.components, Alternate=space)])
    made = pdf.make_stream(b"", **told, BitsPerComponent=8, ColorSpace=space)
    made.write(picture.body, filter=Name.DCTDecode)
    return made


def shown(size: tuple[float, float]) -> bytes:
    """Draw the image over the whole page."""
    return b"q %.3f 0 0 %.3f 0 0 cm /Im0 Do Q" % size


def crossed_out(size: tuple[float, float]) -> bytes:
    """Draw a page whose image could not be decoded: empty, with a cross."""
    width, height = size
    return b"q 0.6 G 1 w 36 36 m %.2f %.2f l 36 %.2f m %.2f 36 l S Q" % (
        width - 36, height - 36, height - 36, width - 36,
    )  # fmt: skip


def declare(pdf: pikepdf.Pdf, about: About) -> None:
    """Say what the document is, in what colours it is meant, and what it is about."""
    profile = pdf.make_stream(srgb(), N=3)
    intent = Dictionary(
        Type=Name.OutputIntent, S=Name.GTS_PDFA1, DestOutputProfile=profile,
        OutputConditionIdentifier=String("sRGB"), Info=String("sRGB"),
    )  # fmt: skip
    packet = pdf.make_stream(about.packet(), Type=Name.Metadata, Subtype=Name.XML)
    pdf.Root.OutputIntents = Array([pdf.make_indirect(intent)])
    pdf.Root.Metadata = packet
    pdf.Root.Lang = String("vi")
    pdf.Root.ViewerPreferences = Dictionary(DisplayDocTitle=True)
    for name, value in about.information().items():
        pdf.docinfo[Name(name)] = String(value)


@cache
def srgb() -> bytes:
    """Give the colour profile of what has none of its own."""
    return files("pikepdf.pdfa").joinpath("data/sRGB.icc").read_bytes()
